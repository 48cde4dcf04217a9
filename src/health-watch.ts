import type { Instant } from './lifecycle/deployment.ts';
import type { Clock } from './lifecycle/ports.ts';
import { maskSecrets } from './masking/mask.ts';

export type WatchState = 'ok' | 'failing' | 'unknown';

export interface WatchOptions {
  readonly clock: Clock;
  /** One that has not answered for so long counts as failing. */
  readonly answerTimeoutMs: number;
}

/** After so many times the longest wait a question is given up and asked again: it may never be answered. */
const GIVE_UP_AFTER = 6;

/** The latest round of one background question. Monotonic times, but for what is shown. */
export interface Watch<T> {
  /** Asks, and resolves when it is answered. One that is under way is waited for; `anew`: and then asked again. */
  refresh(anew?: boolean): Promise<void>;
  state(): WatchState;
  /** For how long it has not worked, counted from the last success or from the first try. */
  failingMs(): number;
  readonly last: {
    value: T | null;
    latencyMs: number | null;
    successAt: Instant | null;
    error: string | null;
  };
}

/** Watches one question. Nothing is asked before the first `refresh`; what went wrong is kept masked. */
export const createWatch = <T>(ask: () => Promise<T>, { clock, answerTimeoutMs }: WatchOptions): Watch<T> => {
  const last: Watch<T>['last'] = { value: null, latencyMs: null, successAt: null, error: null };
  const bornAt = clock.monotonicMs();
  let succeededAt: number | null = null;
  let askedAt: number | null = null;
  let answering: Promise<void> = Promise.resolve();
  let round = 0;

  const settle = (settled: number, startedAt: number, value: T | null, error: string | null): void => {
    // A question that was given up has nothing to say any more.
    if (settled !== round) return;
    last.latencyMs = Math.round(clock.monotonicMs() - startedAt);
    last.error = error;
    askedAt = null;
    if (error !== null) return;
    last.value = value;
    last.successAt = clock.now();
    succeededAt = clock.monotonicMs();
  };

  // Waiting longer than that is no answer, though the question stays open and is not asked again for a while.
  const isOverdue = (): boolean => askedAt !== null && clock.monotonicMs() - askedAt >= answerTimeoutMs;

  const state = (): WatchState => {
    if (last.error !== null || isOverdue()) return 'failing';
    return succeededAt === null ? 'unknown' : 'ok';
  };

  const isGivenUp = (): boolean => askedAt !== null && clock.monotonicMs() - askedAt >= GIVE_UP_AFTER * answerTimeoutMs;

  const refresh = (anew: boolean): Promise<void> => {
    if (askedAt !== null && !isGivenUp()) return anew ? answering.then(() => refresh(false)) : answering;
    const startedAt = clock.monotonicMs();
    askedAt = startedAt;
    round += 1;
    const mine = round;
    // A function that throws at once must count as one that rejects.
    answering = Promise.resolve()
      .then(ask)
      .then(
        (value) => settle(mine, startedAt, value, null),
        (error: unknown) =>
          settle(mine, startedAt, null, maskSecrets(error instanceof Error ? error.message : String(error))),
      );
    return answering;
  };

  return {
    last,
    state,
    failingMs: () => (state() === 'ok' ? 0 : clock.monotonicMs() - (succeededAt ?? bornAt)),
    refresh: (anew = false) => refresh(anew),
  };
};
