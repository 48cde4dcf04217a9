import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../lifecycle/ports.ts';
import type { Target, Views } from '../lifecycle/requests.ts';
import type { PublicView } from '../lifecycle/view.ts';
import { waitSecondsFor } from './conditional-reads.ts';
import type { HeldReads } from './held-reads.ts';
import { createHotAnswers, type HotAnswersDeps } from './hot-answers.ts';
import type { Pressure } from './load-shedding.ts';
import type { ReadLimit } from './read-limit.ts';
import { announcesBody } from './request-body.ts';
import { findTarget } from './targets.ts';
import type { Asking } from './visitor.ts';

export interface HotReadsDeps extends HotAnswersDeps {
  readonly views: Pick<Views, 'glance'>;
  readonly heldReads: Pick<HeldReads, 'hold'>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly readLimit: ReadLimit;
  readonly pressure: Pressure;
  readonly visitorOf: (asking: Asking) => string;
  /** Whether reads are written to the log. */
  readonly isLogged: () => boolean;
}

export interface HotReads {
  /**
   * Answers a request, now or when the view changes, if it is a plain read of a view that is at hand; says whether it
   * does. What it cannot answer after all, when a wait is over, it leaves to `others`.
   */
  answer(request: IncomingMessage, response: ServerResponse, others: RequestListener): boolean;
  /** From now on takes nothing: the server closes, which its other answers tell. */
  end(): void;
}

interface HotRead {
  readonly target: Target;
  readonly view: PublicView;
  /** For how long it may be held. */
  readonly seconds: number;
}

const PREFIX = '/v1/deployments/';
const MS_PER_SECOND = 1000;

const targetAt = (url: string): Target | null => (url.startsWith(PREFIX) ? findTarget(url.slice(PREFIX.length)) : null);

/** A body would have to be taken off the connection. */
const isPlain = (request: IncomingMessage): boolean => request.method === 'GET' && !announcesBody(request);

/**
 * Makes the short way for the one read that everybody makes again and again: the view that was made within this second,
 * at once or when it changes. It says exactly what the route says, with every protection it has, and leaves to it
 * whatever is not plain: another path, a body, a client that has had enough, a server that is closing or has too much to
 * do. A test asks both ways and compares.
 */
export const createHotReads = (deps: HotReadsDeps): HotReads => {
  const { views, heldReads, clock, readLimit, pressure, visitorOf } = deps;
  const send = createHotAnswers(deps);
  let isEnded = false;

  const take = (
    request: IncomingMessage,
    response: ServerResponse,
    read: HotRead,
    others: RequestListener,
  ): boolean => {
    const { target, view, seconds } = read;
    const client = visitorOf(request);
    const allowance = readLimit.take(client);
    if (!allowance.allowed) return false;
    const untilMs = clock.monotonicMs() + seconds * MS_PER_SECOND;
    const held = seconds === 0 ? null : heldReads.hold({ target, view, client, untilMs });
    if (held === null) return send(request, response, { view, allowance, heldSeconds: 0, isLast: false });
    request.once('close', held.drop);
    void held.ended.then((ending) => {
      request.off('close', held.drop);
      if (ending.kind === 'closed') return;
      const latest = ending.kind === 'changed' ? ending.view : views.glance(target);
      const answer = { allowance, heldSeconds: seconds, isLast: isEnded };
      if (latest !== null && send(request, response, { view: latest, ...answer })) return;
      // It has waited already.
      delete request.headers.prefer;
      others(request, response);
    });
    return true;
  };

  return {
    answer: (request, response, others) => {
      const target = targetAt(request.url ?? '');
      if (target === null || isEnded || !isPlain(request) || pressure.isHigh() || deps.isLogged()) return false;
      const view = views.glance(target);
      if (view === null) return false;
      return take(request, response, { target, view, seconds: waitSecondsFor(request, view) }, others);
    },
    end: () => {
      isEnded = true;
    },
  };
};
