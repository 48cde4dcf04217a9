import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PublicView } from '../lifecycle/view.ts';
import type { Metrics } from '../metrics.ts';
import { isUnchanged } from './conditional-reads.ts';
import { etagOf } from './etag.ts';
import { corsHeaders } from './origins.ts';
import type { ReadAllowance } from './read-limit.ts';
import { JSON_TYPE, type ViewBodies } from './view-bodies.ts';
import { VIEW_ROUTE } from './view-deployment.ts';

export interface HotAnswersDeps {
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
const createFixedHeaders = ({ headers, isAllowedOrigin }: Pick<HotAnswersDeps, 'headers' | 'isAllowedOrigin'>) => {
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
 * Makes the function that answers with a view as its route does: nothing to whoever has it, else its text. Says whether
 * it could: as long as no route has sent a view, there is no text.
 */
export const createHotAnswers = (deps: HotAnswersDeps) => {
  const fixedHeaders = createFixedHeaders(deps);
  const { viewBodies, metrics } = deps;

  const headOf = (origin: string | undefined, { view, allowance, heldSeconds, isLast }: HotAnswer): string[] => {
    const head = [...fixedHeaders(origin), ...limitHeaders(allowance)];
    head.push('x-request-id', randomUUID(), 'etag', etagOf(view));
    if (heldSeconds > 0) head.push('preference-applied', `wait=${heldSeconds}`);
    if (isLast) head.push('connection', 'close');
    return head;
  };

  return (request: IncomingMessage, response: ServerResponse, answer: HotAnswer): boolean => {
    const body = isUnchanged(request, answer.view) ? '' : viewBodies.of(answer.view);
    if (body === null) return false;
    const head = headOf(request.headers.origin, answer);
    if (body === '') response.writeHead(304, head).end();
    else {
      head.push('content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body)));
      response.writeHead(200, head).end(body);
    }
    const { statusCode: status } = response;
    metrics.countRequest({ method: 'GET', route: VIEW_ROUTE, status, durationSeconds: null });
    return true;
  };
};
