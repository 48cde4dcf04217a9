import { Agent, type Dispatcher } from 'undici';
import { errorCode } from './error-code.ts';
import { GitlabFailure } from './gitlab-failure.ts';

/** How long one request may take: to the first byte, between two pieces of the body, and in all with redirects. */
export interface GitlabTimeouts {
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly totalMs: number;
}

/** Longer than GitLab's slow answers, short enough that three of them fit between two looks of a stuck pipeline. */
export const GITLAB_TIMEOUTS: GitlabTimeouts = Object.freeze({ headersMs: 10_000, bodyMs: 10_000, totalMs: 15_000 });

const CONNECT_TIMEOUT_MS = 3_000;
/** More than the limiter ever lets out, so that nothing that was sent waits for a connection. */
const MAX_CONNECTIONS = 16;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** Goes to the origin of `url` and nowhere else. */
  readonly token: string;
  readonly body: string | null;
  /** What is longer is cut off. */
  readonly maxBytes: number;
}

export interface GitlabAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated header the values joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** True when the body was longer than asked for. */
  readonly isCut: boolean;
  /** True when a redirect led to another origin, whose answer this is. */
  readonly isForeign: boolean;
}

/**
 * The connections to GitLab. HTTP/1.1 only: over HTTP/2 a request that a closing connection refused may be sent
 * again without our knowing, and a pipeline must be asked for once.
 */
export const createGitlabDispatcher = (): Dispatcher =>
  new Agent({
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    headersTimeout: GITLAB_TIMEOUTS.headersMs,
    bodyTimeout: GITLAB_TIMEOUTS.bodyMs,
  });

const headersOf = (raw: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

const readBody = async (body: Dispatcher.ResponseData['body'], maxBytes: number) => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    const chunk: Uint8Array = Buffer.from(piece);
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop ends the stream, and with it the transfer.
    if (size > maxBytes) return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true };
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
};

/** Where a redirect leads; null when this is none that may be followed. */
const redirectTarget = (method: WireRequest['method'], from: URL, status: number, location: string | undefined) => {
  if (method !== 'GET' || !REDIRECTS.has(status) || location === undefined) return null;
  const target = URL.parse(location, from.href);
  const isDowngrade = from.protocol === 'https:' && target?.protocol !== 'https:';
  return target === null || !/^https?:$/.test(target.protocol) || isDowngrade ? null : target;
};

const headersFor = (request: WireRequest, isForeign: boolean): Record<string, string> => ({
  accept: '*/*',
  'accept-encoding': 'identity',
  'user-agent': 'demo-on-demand',
  ...(request.body === null ? {} : { 'content-type': 'application/json' }),
  ...(isForeign ? {} : { 'private-token': request.token }),
});

/** One request and its answer, whatever the status. Rejects with a `GitlabFailure` `no_answer`. */
export type Exchange = (request: WireRequest) => Promise<GitlabAnswer>;

/**
 * Makes the exchange. Redirects of a GET are followed by hand, at most three: artifacts lead to an object storage
 * that must not see the token (https://docs.gitlab.com/api/job_artifacts/), and once another origin was involved the
 * token is not sent again. A location is never put into an error, as it may be signed.
 */
export const createExchange = (dispatcher: Dispatcher, timeouts: GitlabTimeouts): Exchange => {
  const hop = async (request: WireRequest, url: URL, isForeign: boolean, signal: AbortSignal) => {
    const { statusCode, headers, body } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: headersFor(request, isForeign),
      body: request.body,
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyMs,
      signal,
    });
    return { status: statusCode, headers: headersOf(headers), ...(await readBody(body, request.maxBytes)), isForeign };
  };

  return async (request) => {
    const signal = AbortSignal.timeout(timeouts.totalMs);
    try {
      let url = request.url;
      let answer = await hop(request, url, false, signal);
      for (let redirects = 0; redirects < MAX_REDIRECTS; redirects += 1) {
        const target = redirectTarget(request.method, url, answer.status, answer.headers.location);
        if (target === null) return answer;
        url = target;
        answer = await hop(request, url, answer.isForeign || url.origin !== request.url.origin, signal);
      }
      return answer;
    } catch (error) {
      throw new GitlabFailure('no_answer', `${request.method} ${request.url.pathname}: ${errorCode(error)}`);
    }
  };
};
