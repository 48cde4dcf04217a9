import { BlockList, isIP, isIPv6 } from 'node:net';

/** A proxy chain longer than this is not one of ours. */
const MOST_HOPS = 32;
const LONGEST_HEADER = 4096;

/** Takes the port, the brackets and the quotes off a node name: `"[2001:db8::1]:4711"`, `192.0.2.1:80`. */
const addressOf = (node: string): string | null => {
  const bare = node.replace(/^"(.*)"$/, '$1');
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare)?.[1];
  const withPort = /^([0-9.]+):\d{1,5}$/.exec(bare)?.[1];
  const address = bracketed ?? withPort ?? bare;
  return isIP(address) === 0 ? null : address;
};

/** The addresses of an `X-Forwarded-For`, left to right; null for what is no address. */
const xForwardedFor = (header: string): readonly (string | null)[] =>
  header.split(',').map((part) => addressOf(part.trim()));

/** The `for` nodes of a `Forwarded` header (RFC 7239), left to right; null for `unknown`, hidden or missing ones. */
const forwarded = (header: string): readonly (string | null)[] =>
  header.split(',').map((element) => {
    const pair = element.split(';').find((part) => /^\s*for=/i.test(part));
    return pair === undefined ? null : addressOf(pair.slice(pair.indexOf('=') + 1).trim());
  });

/** Makes a test for membership in a network. @throws RangeError for anything that is not `address/prefix` */
export const createTrust = (cidr: string): ((address: string) => boolean) => {
  const [network = '', prefix = ''] = cidr.split('/');
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(prefix)) throw new RangeError('a trusted network is address/prefix');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

/** The right-most hop that is not ours: everything left of it was written by strangers. Null when there is none. */
const firstStranger = (hops: readonly (string | null)[], isTrusted: (address: string) => boolean): string | null => {
  for (const hop of hops.toReversed().slice(0, MOST_HOPS)) {
    if (hop === null) return null;
    if (!isTrusted(hop)) return hop;
  }
  return null;
};

/**
 * Who asked, by what a trusted proxy says. A proxy writes one of the two headers and may pass the other one on as the
 * client sent it, so when both are there and disagree neither can be believed. Null: nothing usable was said.
 */
export const forwardedClient = (
  headers: { readonly forwarded?: string | undefined; readonly xForwardedFor?: string | undefined },
  isTrusted: (address: string) => boolean,
): string | null => {
  const answers = [
    headers.forwarded === undefined ? undefined : { header: headers.forwarded, parse: forwarded },
    headers.xForwardedFor === undefined ? undefined : { header: headers.xForwardedFor, parse: xForwardedFor },
  ]
    .filter((said) => said !== undefined)
    .map(({ header, parse }) => (header.length > LONGEST_HEADER ? null : firstStranger(parse(header), isTrusted)));
  return new Set(answers).size === 1 ? (answers[0] ?? null) : null;
};
