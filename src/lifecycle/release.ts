import { mayHaveBuilt } from './facts.ts';
import type { ActiveRecord, DeadLetterStore, DeploymentLock, SecondDestroyer } from './ports.ts';
import { createGiveBack, type GiveBackDeps } from './quota.ts';
import { type Tombstone, tombstoneOf } from './tombstone.ts';

export interface ReleaseDeps extends GiveBackDeps {
  readonly store: DeploymentLock;
  readonly secondDestroyer: Pick<SecondDestroyer, 'disarm'>;
  readonly deadLetters: Pick<DeadLetterStore, 'remove'>;
  /** Keeps the run to be watched again. It returns at once, never throws, and nothing here waits for it. */
  readonly recordRun: (tombstone: Tombstone) => void;
}

/** Finishes a record that is proven gone. True when the lock is free of it; false while it is not proven gone. */
export type Release = (record: ActiveRecord) => Promise<boolean>;

/**
 * Makes the end order, which has no transactions: the net first, then the history, and the lock last, so that a crash
 * anywhere is repaired by doing all of it again.
 */
export const createRelease = (deps: ReleaseDeps): Release => {
  const giveBack = createGiveBack(deps);
  return async (record) => {
    const { owner, version } = record.deployment;
    const tombstone = tombstoneOf(record);
    if (tombstone === null) return false;
    await deps.secondDestroyer.disarm(owner);
    await deps.store.archive(tombstone);
    // While the lock is still held, so that after a crash from here on it is done again.
    deps.recordRun(tombstone);
    await deps.deadLetters.remove(owner);
    // What nobody built costs nobody a try, also when its pipeline was asked for and never came to run.
    if (!mayHaveBuilt(record.deployment, record.observation)) await giveBack(owner, tombstone.createdAt);
    const isFree = await deps.store.release(owner, version);
    const { reason, costUsd } = tombstone;
    if (isFree) deps.log.event('info', 'deployment.gone', { deploymentId: owner, reason, costUsd });
    return isFree;
  };
};
