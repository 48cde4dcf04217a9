import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { errorCode } from './error-code.ts';
import { isPublicAddress } from './http-address-guard.ts';
import { untilAborted } from './until-aborted.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface GuardOptions {
  /** True only in local mode, where everything is on this machine. */
  readonly allowPrivate: boolean;
  /** For resolving, connecting, sending and reading together; default 5 s. */
  readonly timeoutMs?: number;
  readonly resolve?: ResolveHost;
}

export interface GuardedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** False for whoever needs the status alone: then a body that never ends does not matter. */
  readonly wantsText: boolean;
  /** Gives it up before its time. */
  readonly signal?: AbortSignal;
}

export type GuardedOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** As it was sent; null without one. */
      readonly retryAfter: string | null;
      /** At most the first 64 KB; empty when it was not wanted. */
      readonly text: string;
    }
  /** Nothing was sent: no web address, or one that leads to where nothing may be asked. */
  | { readonly kind: 'refused' }
  /** No answer, or none in time; it may have arrived all the same. The code is one word and shows nothing. */
  | { readonly kind: 'failed'; readonly code: string };

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

const NO_ADDRESS: GuardedOutcome = Object.freeze({ kind: 'failed', code: 'NO_ADDRESS' });
const REFUSED: GuardedOutcome = Object.freeze({ kind: 'refused' });

const isWebAddress = ({ protocol, username, password }: URL): boolean =>
  /^https?:$/.test(protocol) && username === '' && password === '';

/** One request; never throws. */
export type SendGuarded = (request: GuardedRequest) => Promise<GuardedOutcome>;

/**
 * Makes requests to addresses that came from outside: the name is resolved once, every address it has must be public
 * (unless private ones are allowed), and the connection goes to just these. No redirect is followed, nothing is sent
 * twice, at most 64 KB are read, everything within the timeout.
 */
export const createGuardedRequest = (options: GuardOptions): SendGuarded => {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, resolve = resolveAll } = options;

  const send = async (request: GuardedRequest, signal: AbortSignal): Promise<GuardedOutcome> => {
    const { method, url, headers, body } = request;
    const addresses = await addressesOf(url, resolve);
    if (addresses.length === 0 || signal.aborted) return NO_ADDRESS;
    if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) return REFUSED;
    const client = new Client(url.origin, {
      allowH2: false,
      connect: { lookup: pinned(addresses), timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    try {
      const path = `${url.pathname}${url.search}`;
      const sent = { path, method, headers: { 'user-agent': 'demo-on-demand', ...headers }, signal };
      const answer = await client.request(body === undefined ? sent : { ...sent, body });
      // Closing the connection ends a body that nobody reads with an error, which nobody wants either.
      if (!request.wantsText) answer.body.on('error', () => undefined);
      const retryAfter = answer.headers['retry-after'];
      return {
        kind: 'answered',
        status: answer.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
        text: request.wantsText ? await readStart(answer.body) : '',
      };
    } finally {
      await client.destroy();
    }
  };

  return async (request) => {
    if (!isWebAddress(request.url)) return REFUSED;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      return await untilAborted(send(request, signal), signal);
    } catch (error) {
      return { kind: 'failed', code: signal.aborted ? 'TIMEOUT' : errorCode(error) };
    }
  };
};
