import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import { putLatest } from '../lifecycle/put-latest.ts';
import { createTrust, forwardedClient } from './forwarded.ts';

/** Where a client's address comes from. A count of hops is not offered: whoever adds a hop would choose the answer. */
export type ClientIpSource =
  | { readonly kind: 'socket' }
  /** `Forwarded` or `X-Forwarded-For`, believed only from proxies inside this network (`address/prefix`). */
  | { readonly kind: 'forwarded'; readonly trusted: string }
  /** A header that the gateway always overwrites. */
  | { readonly kind: 'header'; readonly name: string };

/** What clients' addresses are hashed with: a key, or where to ask for it each time. */
export type VisitorKey = string | Buffer | (() => string | Buffer);

/** What is needed of a request to know who asks. */
export interface Asking {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** A household or office gets a /64 at least, so a shorter part of an IPv6 address is one client's to vary. */
const IPV6_PREFIX = 64;

/** The least recently known one beyond this many is forgotten. */
const MOST_KNOWN = 10_000;

/** For a socket that is already gone; such a request gets no answer anyway. */
const UNKNOWN_ADDRESS = '0.0.0.0';

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;

const addressReader = (source: ClientIpSource): ((asking: Asking) => string | null) => {
  if (source.kind === 'socket') return () => null;
  if (source.kind === 'header') {
    const name = source.name.toLowerCase();
    return ({ headers }) => single(headers[name])?.trim() ?? null;
  }
  const isTrusted = createTrust(source.trusted);
  return ({ headers, socket }) => {
    // A mapped address (`::ffff:192.0.2.1`) must be compared with IPv4 networks as what it is.
    if (!isTrusted(normalizeIP(socket.remoteAddress ?? UNKNOWN_ADDRESS, 128))) return null;
    const said = { forwarded: single(headers.forwarded), xForwardedFor: single(headers['x-forwarded-for']) };
    return forwardedClient(said, isTrusted);
  };
};

/**
 * Makes the function that names a client: a keyed hash of its address, so that the address itself goes no further.
 * IPv6 counts by /64 and a mapped IPv4 address as IPv4. What is not an address falls back to the socket's.
 *
 * @throws RangeError for a trusted network that is none
 */
export const createVisitorOf = (source: ClientIpSource, key: VisitorKey): ((asking: Asking) => string) => {
  const read = addressReader(source);
  const currentKey = typeof key === 'function' ? key : () => key;
  let usedKey: string | Buffer | null = null;
  // Of bytes Node would make a key each time, which takes four times as long as to hash an address.
  let hmacKey: KeyObject | null = null;
  const known = new Map<string, string>();
  const nameOf = (address: string): string => {
    const remembered = known.get(address);
    if (remembered !== undefined) return remembered;
    const name = createHmac('sha256', hmacKey ?? '')
      .update(normalizeIP(address, IPV6_PREFIX))
      .digest('hex');
    putLatest(known, address, name, MOST_KNOWN);
    return name;
  };
  // What is known was an address when it was named.
  const isAddress = (said: string | null): said is string => said !== null && (known.has(said) || isIP(said) !== 0);
  return (asking) => {
    const now = currentKey();
    if (now !== usedKey) {
      // Names by another key are nobody's any more.
      known.clear();
      usedKey = now;
      hmacKey = typeof now === 'string' ? createSecretKey(now, 'utf8') : createSecretKey(now);
    }
    const said = read(asking);
    return nameOf(isAddress(said) ? said : (asking.socket.remoteAddress ?? UNKNOWN_ADDRESS));
  };
};

/** Enough of the hash to follow one visitor through a log, too little to be an identity. */
export const shortVisitor = (visitorHash: string): string => visitorHash.slice(0, 12);
