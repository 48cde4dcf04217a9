import type { Instant } from './lifecycle/deployment.ts';
import type { Clock } from './lifecycle/ports.ts';
import { maskSecrets } from './masking/mask.ts';

export type WatchState = 'ok' | 'failing' | 'unknown';

export interface WatchOptions {
  readonly clock: Clock;
  /** One that has not answered for so long counts as failing. */
  readonly answerTimeoutMs: number;
}

/** The latest round of one background question. Monotonic times, but for what is shown. */
export interface Watch<T> {
  refresh(): Promise<void>;
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

  const settle = (startedAt: number, value: T | null, error: string | null): void => {
    last.latencyMs = Math.round(clock.monotonicMs() - startedAt);
    last.error = error;
    askedAt = null;
    if (error !== null) return;
    last.value = value;
    last.successAt = clock.now();
    succeededAt = clock.monotonicMs();
  };

  // Waiting longer than that is no answer, though the question stays open and is not asked again meanwhile.
  const isOverdue = (): boolean => askedAt !== null && clock.monotonicMs() - askedAt >= answerTimeoutMs;

  const state = (): WatchState => {
    if (last.error !== null || isOverdue()) return 'failing';
    return succeededAt === null ? 'unknown' : 'ok';
  };

  return {
    last,
    state,
    failingMs: () => (state() === 'ok' ? 0 : clock.monotonicMs() - (succeededAt ?? bornAt)),
    refresh: () => {
      if (askedAt !== null) return answering;
      const startedAt = clock.monotonicMs();
      askedAt = startedAt;
      // A function that throws at once must count as one that rejects.
      answering = Promise.resolve()
        .then(ask)
        .then(
          (value) => settle(startedAt, value, null),
          (error: unknown) =>
            settle(startedAt, null, maskSecrets(error instanceof Error ? error.message : String(error))),
        );
      return answering;
    },
  };
};
