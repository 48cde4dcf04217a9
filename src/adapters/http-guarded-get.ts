import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { isPublicAddress } from './http-address-guard.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface GuardedGetOptions {
  /** True only in local mode, where the demo is on this machine. */
  readonly allowPrivate: boolean;
  /** For resolving, connecting and reading together; default 5 s. */
  readonly timeoutMs?: number;
  readonly resolve?: ResolveHost;
}

export interface GuardedAnswer {
  readonly status: number;
  /** At most the first 64 KB. */
  readonly text: string;
}

const resolveAll: ResolveHost = (hostname) => lookup(hostname, { all: true });

const addressesOf = async (url: URL, resolve: ResolveHost): Promise<readonly ResolvedAddress[]> => {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(hostname);
  return family === 0 ? resolve(hostname) : [{ address: hostname, family }];
};

/** Answers the connection's own look-up with what was checked, so that a name cannot change in between. */
const pinned =
  (addresses: readonly ResolvedAddress[]): LookupFunction =>
  (_hostname, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else if (first === undefined) done(new Error('no address'), '', 0);
    else done(null, first.address, first.family);
  };

const readStart = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    const chunk: Uint8Array = Buffer.from(piece);
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= MAX_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES).toString('utf8');
};

const withDeadline = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const expire = (): void => reject(signal.reason);
  signal.addEventListener('abort', expire, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', expire);
  }
};

/** One GET; null when there is no answer, or none may be asked for. Never throws. */
export type GuardedGet = (url: URL) => Promise<GuardedAnswer | null>;

/**
 * Makes a GET for addresses that came from outside: the name is resolved once, every address it has must be public
 * (unless private ones are allowed), and the connection goes to just these. No redirect is followed, no credentials
 * are sent, at most 64 KB are read, everything within the timeout.
 */
export const createGuardedGet = (options: GuardedGetOptions): GuardedGet => {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, resolve = resolveAll } = options;

  const get = async (url: URL, signal: AbortSignal): Promise<GuardedAnswer | null> => {
    const addresses = await addressesOf(url, resolve);
    const isAllowed =
      addresses.length > 0 && (allowPrivate || addresses.every(({ address }) => isPublicAddress(address)));
    if (!isAllowed || signal.aborted) return null;
    const client = new Client(url.origin, {
      allowH2: false,
      connect: { lookup: pinned(addresses), timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    try {
      const path = `${url.pathname}${url.search}`;
      const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'demo-on-demand' };
      const { statusCode, body } = await client.request({ path, method: 'GET', headers, signal });
      return { status: statusCode, text: await readStart(body) };
    } finally {
      await client.destroy();
    }
  };

  return async (url) => {
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await withDeadline(get(url, signal), signal);
    } catch {
      return null;
    }
  };
};
