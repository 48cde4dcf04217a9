import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PublicView } from '../lifecycle/view.ts';
import type { Metrics } from '../metrics.ts';
import { isUnchanged } from './conditional-reads.ts';
import { etagOf } from './etag.ts';
import { corsHeaders } from './origins.ts';
import type { ReadAllowance } from './read-limit.ts';
import { canTakeReadyHead, createReadyHead, type HeaderList, linesOf, type ReadyHeadDeps } from './ready-head.ts';
import { JSON_TYPE, type ViewBodies } from './view-bodies.ts';
import { VIEW_ROUTE } from './view-deployment.ts';

export interface HotAnswersDeps extends ReadyHeadDeps {
  readonly viewBodies: ViewBodies;
  readonly metrics: Pick<Metrics, 'countRequest'>;
  /** The headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isAllowedOrigin: (origin: string) => boolean;
}

/** An answer to be sent. */
export interface HotAnswer {
  readonly view: PublicView;
  readonly allowance: ReadAllowance;
  /** For how long it was held, in seconds; 0 for not at all. */
  readonly heldSeconds: number;
  /** It is the last one on its connection. */
  readonly isLast: boolean;
}

/** The headers that depend on nothing but who asks. */
interface FixedHeaders {
  readonly list: HeaderList;
  readonly lines: string;
}

const fixedOf = (headers: Readonly<Record<string, string>>): FixedHeaders => {
  const list = Object.entries(headers).flat();
  return { list, lines: linesOf(list) };
};

/** Makes the function that gives them, made once for each origin that may read and once for all others. */
const createFixedHeaders = ({ headers, isAllowedOrigin }: Pick<HotAnswersDeps, 'headers' | 'isAllowedOrigin'>) => {
  const fixed = { ...headers, 'Cache-Control': 'no-cache' };
  const ofOthers = fixedOf(fixed);
  // As many as are allowed.
  const ofAllowed = new Map<string, FixedHeaders>();
  return (origin: string | undefined): FixedHeaders => {
    if (origin === undefined || !isAllowedOrigin(origin)) return ofOthers;
    const made = ofAllowed.get(origin) ?? fixedOf({ ...fixed, ...corsHeaders(origin) });
    ofAllowed.set(origin, made);
    return made;
  };
};

/** The headers of one answer alone. */
const ownOf = ({ view, allowance, heldSeconds, isLast }: HotAnswer, body: string): HeaderList => {
  const { limit, remaining, resetSeconds } = allowance;
  const own = [
    ...['ratelimit-limit', String(limit), 'ratelimit-remaining', String(remaining)],
    ...['ratelimit-reset', String(resetSeconds), 'x-request-id', randomUUID(), 'etag', etagOf(view)],
  ];
  if (heldSeconds > 0) own.push('preference-applied', `wait=${heldSeconds}`);
  if (isLast) own.push('connection', 'close');
  if (body !== '') own.push('content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body)));
  return own;
};

/**
 * Makes the function that answers with a view as its route does: nothing to whoever has it, else its text. Says whether
 * it could: as long as no route has sent a view, there is no text.
 */
export const createHotAnswers = (deps: HotAnswersDeps) => {
  const fixedHeaders = createFixedHeaders(deps);
  const giveReadyHead = createReadyHead(deps);
  const { viewBodies, metrics } = deps;

  return (request: IncomingMessage, response: ServerResponse, answer: HotAnswer): boolean => {
    const body = isUnchanged(request, answer.view) ? '' : viewBodies.of(answer.view);
    if (body === null) return false;
    const status = body === '' ? 304 : 200;
    const fixed = fixedHeaders(request.headers.origin);
    const own = ownOf(answer, body);
    if (answer.isLast || !canTakeReadyHead(request, response)) response.writeHead(status, [...fixed.list, ...own]);
    else giveReadyHead(response, status, fixed.lines + linesOf(own));
    response.end(body);
    metrics.countRequest({ method: 'GET', route: VIEW_ROUTE, status, durationSeconds: null });
    return true;
  };
};
