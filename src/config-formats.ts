import { isIP } from 'node:net';
import { validate } from 'node-cron';

/** The visitor's address: the connection's, the nearest untrusted one of X-Forwarded-For, or a gateway's header. */
export type ClientAddressSource =
  | { readonly kind: 'socket' }
  | { readonly kind: 'forwarded'; readonly trusted: string }
  | { readonly kind: 'header'; readonly name: string };

/**
 * True for an origin exactly as a browser sends it in `Origin`: scheme, lower-case host and a port only if it is not
 * the default one. `null`, `*`, paths, a trailing slash and credentials are refused.
 */
export const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  // A host may hold a `*` for the URL parser, which would look like a pattern and match nothing.
  return url.origin === text && !text.includes('*');
};

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST_PATTERN = new RegExp(`^https://\\*(?:\\.${LABEL}){2,}$`);

/**
 * True for an origin or `https://*.<suffix>`, whose suffix has at least two labels so that it is nobody's whole TLD.
 * Without https only on this machine, where a link leads to a simulated demo.
 */
export const isLiveOrigin = (text: string): boolean => {
  if (HOST_PATTERN.test(text)) return true;
  const url = isOrigin(text) ? new URL(text) : null;
  return url !== null && (url.protocol === 'https:' || isLoopback(url.hostname));
};

/** True for an address block such as `10.0.0.0/16`. A prefix of 0 is refused: it would trust whoever calls. */
export const isCidr = (text: string): boolean => {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^[1-9]\d{0,2}$/.test(prefix)) return false;
  return Number(prefix) <= (version === 4 ? 32 : 128);
};

// Whoever calls can put anything into these two, so they are never taken as they are.
const SPOOFABLE_HEADERS = ['x-forwarded-for', 'forwarded'];

/** True for a header that a gateway sets itself and that a caller therefore cannot choose. */
export const isGatewayHeader = (name: string): boolean =>
  /^[a-z][a-z0-9-]{0,63}$/.test(name) && !SPOOFABLE_HEADERS.includes(name);

/** Reads `socket`, `forwarded:<CIDR>` or `header:<name>`; undefined for anything else. */
export const readClientAddressSource = (text: string): ClientAddressSource | undefined => {
  if (text === 'socket') return { kind: 'socket' };
  const separator = text.indexOf(':');
  const kind = text.slice(0, separator);
  const rest = text.slice(separator + 1);
  if (kind === 'forwarded' && isCidr(rest)) return { kind, trusted: rest };
  const name = rest.toLowerCase();
  if (kind === 'header' && isGatewayHeader(name)) return { kind, name };
  return undefined;
};

/** True for what a server can listen on: an address of this machine, or `localhost`. */
export const isHost = (text: string): boolean => text === 'localhost' || isIP(text) !== 0;

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const LONGEST_URL = 2_048;

/** True for an https address without credentials; on this machine plain http will do, to try it out. */
export const isWebhookUrl = (text: string): boolean => {
  const url = text.length <= LONGEST_URL && /^[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')));
};

/** True for a cron expression that node-cron takes: five fields, or six of which the first are seconds. */
export const isCronExpression = (text: string): boolean => [5, 6].includes(text.split(' ').length) && validate(text);

/** True for a zone that this Node knows, such as `UTC` or `Europe/Berlin`. */
export const isTimeZone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
