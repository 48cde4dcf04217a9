import type { Instant } from '../lifecycle/deployment.ts';
import type { GitlabAnswer } from './gitlab-exchange.ts';
import { GitlabFailure } from './gitlab-failure.ts';
import { waitAskedForMs } from './retry-after.ts';

const MAX_TRIES = 3;
const FIRST_DELAY_MS = 500;
/** GitLab's limits without a `Retry-After` renew themselves in steps of this size. */
const LIMITED_DELAY_MS = 5_000;
/** Nobody waits longer than this inside one call: the next look comes anyway. */
const MAX_DELAY_MS = 10_000;
/** No further try begins later than this after the first one. */
const BUDGET_MS = 20_000;

/** What `Retry-After` asks for, in milliseconds from now; null without a usable one. */
export const retryAfterMs = (answer: GitlabAnswer, now: Instant): number | null =>
  waitAskedForMs(answer.headers['retry-after'], now);

/** True for an answer that says nothing about the question: overload, a broken gateway, a timeout on the way. */
export const isTransient = (answer: GitlabAnswer): boolean =>
  answer.status === 408 || answer.status === 429 || answer.status >= 500;

export interface Tried {
  readonly tries: number;
  readonly elapsedMs: number;
  readonly outcome: GitlabAnswer | GitlabFailure;
}

/**
 * How long to wait before a request that may be repeated is sent again; null when it is not. Half of every delay is
 * random, so that several processes do not come back at once; a `Retry-After` is only ever lengthened.
 */
export const retryDelayMs = (tried: Tried, now: Instant, random: () => number): number | null => {
  const { outcome, tries, elapsedMs } = tried;
  if (tries >= MAX_TRIES) return null;
  if (outcome instanceof GitlabFailure ? outcome.kind !== 'no_answer' : !isTransient(outcome)) return null;
  const asked = outcome instanceof GitlabFailure ? null : retryAfterMs(outcome, now);
  const isLimited = !(outcome instanceof GitlabFailure) && outcome.status === 429;
  const usualMs = isLimited ? LIMITED_DELAY_MS : FIRST_DELAY_MS * 2 ** (tries - 1);
  const delayMs = asked === null ? usualMs * (0.5 + random() / 2) : asked + random() * FIRST_DELAY_MS;
  return delayMs > MAX_DELAY_MS || elapsedMs + delayMs > BUDGET_MS ? null : delayMs;
};
