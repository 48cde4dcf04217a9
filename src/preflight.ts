import { setTimeout as delay } from 'node:timers/promises';
import type { Health } from './health.ts';
import type { Instant } from './lifecycle/deployment.ts';
import type { Clock, Preflight } from './lifecycle/ports.ts';

export interface PreflightOptions {
  readonly health: Pick<Health, 'report' | 'askAnew'>;
  /** The checks without which a demo could not be built, or not be destroyed again. */
  readonly names: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  /** Background results older than this tell nothing. */
  readonly maxAgeMs: number;
  /** How long to wait for the checks when they are asked anew; the visitor waits for it. */
  readonly answerWithinMs: number;
  /** Resolves after that many milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

const waitUnreferenced = (ms: number): Promise<unknown> => delay(ms, undefined, { ref: false });

/**
 * Makes the pre-flight out of the background checks of the health report: one checker, two readers, so that however
 * many presses there are, nobody asks a dependency more often. What was not asked or has not answered has failed.
 */
export const createPreflight = (options: PreflightOptions): Preflight => {
  const { health, names, clock, wait = waitUnreferenced } = options;

  const failedSince = (notBefore: Instant): readonly string[] => {
    const { checks } = health.report();
    return names.filter((name) => {
      const check = checks.find((candidate) => candidate.name === name);
      return check?.state !== 'ok' || check.lastSuccessAt === null || check.lastSuccessAt < notBefore;
    });
  };

  return {
    standing: () => ({ failed: failedSince(clock.now() - options.maxAgeMs) }),
    run: async () => {
      const askedAt = clock.now();
      await Promise.race([health.askAnew(names), wait(options.answerWithinMs)]);
      return { failed: failedSince(askedAt) };
    },
  };
};
