import type { Clock } from '../lifecycle/ports.ts';
import { GitlabFailure } from './gitlab-failure.ts';

/**
 * gitlab.com allows a user 2,000 requests a minute (https://docs.gitlab.com/user/gitlab_com/). Ours stay at a third
 * of that, so that a person with the same token is not locked out by us.
 */
const REQUESTS_PER_SECOND = 10;
const BURST = 20;
const MAX_CONCURRENT = 8;
const MAX_QUEUED = 200;

/** Below this part of the quota, what is left is spread over the time until it is renewed. */
const SLOW_BELOW = 0.2;
const QUOTA_WINDOW_MS = 60_000;
const MAX_SPACING_MS = 5_000;
/** A server that asks for a longer pause is asked again after this one. */
const MAX_PAUSE_MS = 60_000;

export interface GitlabLimiterOptions {
  readonly clock: Clock;
  readonly wait: (delayMs: number) => Promise<void>;
}

/** One for the whole token: whatever uses it takes its turn here. */
export interface GitlabLimiter {
  /**
   * Resolves when it is this request's turn, with the function that ends the turn. Rejects with a `GitlabFailure`
   * `not_sent` when the turn would come later than `maxWaitMs` or too many wait already.
   */
  enter(maxWaitMs: number): Promise<() => void>;
  /** Nothing starts before that much time has passed, at most a minute. */
  pause(delayMs: number): void;
  /** Reads the `RateLimit-*` headers GitLab puts on every answer. */
  learn(headers: Readonly<Record<string, string>>): void;
}

/** At most so many at once; who comes later waits in line, and the line has an end. */
const createSlots = () => {
  let taken = 0;
  const line: (() => void)[] = [];
  return {
    async take(): Promise<void> {
      if (taken < MAX_CONCURRENT) {
        taken += 1;
        return;
      }
      if (line.length >= MAX_QUEUED) throw new GitlabFailure('not_sent', 'too many requests wait already');
      await new Promise<void>((resolve) => line.push(resolve));
    },
    give(): void {
      const next = line.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
};

const quotaOf = (headers: Readonly<Record<string, string>>) => {
  const [limit, remaining, resetSeconds] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) =>
    Number(headers[name] ?? Number.NaN),
  );
  if (limit === undefined || remaining === undefined || resetSeconds === undefined) return null;
  return limit > 0 && remaining >= 0 && resetSeconds > 0 ? { limit, remaining, resetAt: resetSeconds * 1_000 } : null;
};

/** Makes the limiter. Time is monotonic but for the instant at which GitLab renews the quota. */
export const createGitlabLimiter = ({ clock, wait }: GitlabLimiterOptions): GitlabLimiter => {
  const usualSpacingMs = 1_000 / REQUESTS_PER_SECOND;
  const slots = createSlots();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let nextMs = Number.NEGATIVE_INFINITY;
  let slow: { readonly spacingMs: number; readonly untilMs: number } | null = null;

  const startsAtMs = (): number => {
    const isSlow = slow !== null && clock.monotonicMs() < slow.untilMs;
    return Math.max(pausedUntilMs, isSlow ? nextMs : nextMs - (BURST - 1) * usualSpacingMs);
  };

  const takeTurn = async (untilMs: number): Promise<void> => {
    while (startsAtMs() > clock.monotonicMs()) {
      if (startsAtMs() > untilMs) break;
      await wait(startsAtMs() - clock.monotonicMs());
    }
    const nowMs = clock.monotonicMs();
    if (startsAtMs() > nowMs || nowMs > untilMs) throw new GitlabFailure('not_sent', 'its turn would come too late');
    const spacingMs = slow !== null && nowMs < slow.untilMs ? slow.spacingMs : usualSpacingMs;
    nextMs = Math.max(nextMs, nowMs) + spacingMs;
  };

  return {
    async enter(maxWaitMs) {
      const untilMs = clock.monotonicMs() + maxWaitMs;
      await slots.take();
      try {
        await takeTurn(untilMs);
      } catch (error) {
        slots.give();
        throw error;
      }
      return slots.give;
    },
    pause(delayMs) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.monotonicMs() + Math.min(delayMs, MAX_PAUSE_MS));
    },
    learn(headers) {
      const quota = quotaOf(headers);
      if (quota === null) return;
      if (quota.remaining >= quota.limit * SLOW_BELOW) {
        // What was spread out no longer holds anybody back.
        if (slow !== null) nextMs = Math.min(nextMs, clock.monotonicMs());
        slow = null;
        return;
      }
      // GitLab's clock is not ours: the window never counts for more than it can last.
      const leftMs = Math.min(QUOTA_WINDOW_MS, Math.max(1_000, quota.resetAt - clock.now()));
      const spacingMs = Math.min(MAX_SPACING_MS, Math.max(usualSpacingMs, leftMs / Math.max(1, quota.remaining)));
      slow = { spacingMs, untilMs: clock.monotonicMs() + leftMs };
    },
  };
};
