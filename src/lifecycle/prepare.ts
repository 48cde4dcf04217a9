import type { Controller } from './controller.ts';
import type { DownReason } from './deployment.ts';
import { DemoError, type DemoErrorCode, isDemoError } from './errors.ts';
import type { DeploymentReader } from './ports.ts';

export interface PrepareDeps {
  readonly store: Pick<DeploymentReader, 'active' | 'tombstone'>;
  readonly controller: Pick<Controller, 'step' | 'advance'>;
}

/** Steps between the lock and the apply: the second destroyer and the pre-flight, each lost to another task once. */
const MOST_STEPS = 4;

const RETRY_AFTER_SECONDS = 60;

const GIVEN_UP: Readonly<Partial<Record<DownReason, DemoErrorCode>>> = Object.freeze({
  arm_failed: 'ARM_FAILED',
  preflight_failed: 'PREFLIGHT_FAILED',
});

/** What a start is told that was given up for this reason before anything was built; null for any other end. */
export const givenUpCode = (reason: DownReason | undefined): DemoErrorCode | null =>
  (reason === undefined ? undefined : GIVEN_UP[reason]) ?? null;

/** Whether an error says that a start was given up before anything was built. */
export const isGivenUp = (error: unknown): boolean =>
  isDemoError(error) && Object.values(GIVEN_UP).includes(error.code);

/**
 * Makes what follows the lock: no apply without the second destroyer and without a pre-flight of its own. If either
 * fails, the lock is given back, nothing was built, and it throws ARM_FAILED or PREFLIGHT_FAILED. If another task is
 * at it, the ladder holds the apply back until that is stored, so waiting is not needed.
 */
export const createPrepare = ({ store, controller }: PrepareDeps): ((id: string) => Promise<void>) => {
  /** Why this deployment was given up, if it was. */
  const downReasonOf = async (id: string): Promise<DownReason | undefined> => {
    const active = await store.active();
    // What could not be armed often cannot be disarmed either: then the lock is kept until it can, and says why.
    const isGoingDown = active?.deployment.owner === id && active.deployment.goal.direction === 'down';
    return isGoingDown ? active.deployment.goal.reason : (await store.tombstone(id))?.reason;
  };

  return async (id) => {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      await controller.step();
      const active = await store.active();
      if (active?.deployment.owner !== id) break;
      if (active.deployment.preflightAt !== null) return;
      if (active.deployment.goal.direction === 'down') {
        await controller.advance();
        break;
      }
    }
    const code = givenUpCode(await downReasonOf(id));
    if (code !== null) throw new DemoError(code, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  };
};
