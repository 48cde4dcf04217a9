import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { Target, Views } from '../lifecycle/requests.ts';
import type { PublicView } from '../lifecycle/view.ts';
import type { Metrics } from '../metrics.ts';
import { etagOf, namesTag } from './etag.ts';
import type { Pressure } from './load-shedding.ts';
import { corsHeaders } from './origins.ts';
import type { ReadAllowance, ReadLimit } from './read-limit.ts';
import { JSON_TYPE, VIEW_ROUTE, type ViewBodies } from './view-deployment.ts';
import type { Asking } from './visitor.ts';

export interface HotReadsDeps {
  readonly views: Pick<Views, 'glance'>;
  readonly viewBodies: ViewBodies;
  readonly readLimit: ReadLimit;
  readonly pressure: Pressure;
  readonly metrics: Pick<Metrics, 'countRequest'>;
  /** The headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isAllowedOrigin: (origin: string) => boolean;
  readonly visitorOf: (asking: Asking) => string;
  /** Whether reads are written to the log. */
  readonly isLogged: () => boolean;
}

export interface HotReads {
  /** Answers a request if it is a plain read of a view that was just sent to somebody else; says whether it did. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** From now on answers nothing: the server closes, which its other answers tell. */
  end(): void;
}

const PREFIX = '/v1/deployments/';
const MS_PER_SECOND = 1000;

/** What a path means if it is one of ours, letter by letter. */
const targetAt = (url: string): Target | null => {
  if (!url.startsWith(PREFIX)) return null;
  const name = url.slice(PREFIX.length);
  if (name === 'current') return { kind: 'current' };
  return isDeploymentId(name) ? { kind: 'id', id: name } : null;
};

/** A read that prefers to wait is held, and a body has to be taken off the connection. */
const isPlain = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers.prefer === undefined &&
  headers['content-length'] === undefined &&
  headers['transfer-encoding'] === undefined;

/** The flat list that Node writes without looking each name up. */
const flat = (headers: Readonly<Record<string, string>>): readonly string[] => Object.entries(headers).flat();

const limitHeaders = ({ limit, remaining, resetSeconds }: ReadAllowance): readonly string[] => [
  'ratelimit-limit',
  String(limit),
  'ratelimit-remaining',
  String(remaining),
  'ratelimit-reset',
  String(resetSeconds),
];

/** The headers that depend on nothing but who asks, made once for each origin that may read and once for all others. */
const createFixedHeaders = ({ headers, isAllowedOrigin }: Pick<HotReadsDeps, 'headers' | 'isAllowedOrigin'>) => {
  const fixed = { ...headers, 'Cache-Control': 'no-cache' };
  const ofOthers = flat(fixed);
  // As many as are allowed.
  const ofAllowed = new Map<string, readonly string[]>();
  return (origin: string | undefined): readonly string[] => {
    if (origin === undefined || !isAllowedOrigin(origin)) return ofOthers;
    const made = ofAllowed.get(origin) ?? flat({ ...fixed, ...corsHeaders(origin) });
    ofAllowed.set(origin, made);
    return made;
  };
};

/**
 * Makes the short way for the one read that everybody makes again and again: the view, when it was made and sent within
 * this second. It says exactly what the routes say, with every protection they have, and leaves to them whatever is not
 * plain: another path, a body, a preference, a client that has had enough, a server that is closing or has too much to
 * do. A test asks both ways and compares.
 */
export const createHotReads = (deps: HotReadsDeps): HotReads => {
  const { views, viewBodies, readLimit, pressure, metrics, visitorOf } = deps;
  const fixedHeaders = createFixedHeaders(deps);
  let isEnded = false;

  /** What is to be sent if it is at hand: nothing to whoever has it, else its text. Null where the routes have to make it. */
  const atHand = ({ headers }: IncomingMessage, view: PublicView): { readonly body: string | null } | null => {
    const seen = headers['if-none-match'];
    if (seen !== undefined && namesTag(seen, etagOf(view))) return { body: null };
    const body = viewBodies.get(view);
    return body === undefined ? null : { body };
  };

  const send = (request: IncomingMessage, response: ServerResponse, view: PublicView, body: string | null): boolean => {
    const begin = performance.now();
    const allowance = readLimit.take(visitorOf(request));
    if (!allowance.allowed) return false;
    const head = [...fixedHeaders(request.headers.origin), ...limitHeaders(allowance)];
    head.push('x-request-id', randomUUID(), 'etag', etagOf(view));
    if (body === null) response.writeHead(304, head).end();
    else {
      head.push('content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body)));
      response.writeHead(200, head).end(body);
    }
    const durationSeconds = (performance.now() - begin) / MS_PER_SECOND;
    metrics.countRequest({ method: 'GET', route: VIEW_ROUTE, status: response.statusCode, durationSeconds });
    return true;
  };

  return {
    answer: (request, response) => {
      const target = targetAt(request.url ?? '');
      if (target === null || isEnded || !isPlain(request) || pressure.isHigh() || deps.isLogged()) return false;
      const view = views.glance(target);
      const found = view === null ? null : atHand(request, view);
      return view !== null && found !== null && send(request, response, view, found.body);
    },
    end: () => {
      isEnded = true;
    },
  };
};
