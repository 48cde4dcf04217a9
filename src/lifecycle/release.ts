import type { ActiveRecord, DeadLetterStore, DeploymentLock, EventLog, SecondDestroyer } from './ports.ts';
import { tombstoneOf } from './tombstone.ts';

export interface ReleaseDeps {
  readonly store: DeploymentLock;
  readonly secondDestroyer: Pick<SecondDestroyer, 'disarm'>;
  readonly deadLetters: Pick<DeadLetterStore, 'remove'>;
  readonly log: EventLog;
}

/** Finishes a record that is proven gone. True when the lock is free of it; false while it is not proven gone. */
export type Release = (record: ActiveRecord) => Promise<boolean>;

/**
 * Makes the end order, which has no transactions: the net first, then the history, and the lock last, so that a crash
 * anywhere is repaired by doing all of it again.
 */
export const createRelease = (deps: ReleaseDeps): Release => {
  return async (record) => {
    const { owner, version } = record.deployment;
    const tombstone = tombstoneOf(record);
    if (tombstone === null) return false;
    await deps.secondDestroyer.disarm(owner);
    await deps.store.archive(tombstone);
    await deps.deadLetters.remove(owner);
    const isFree = await deps.store.release(owner, version);
    const { reason, costUsd } = tombstone;
    if (isFree) deps.log.event('info', 'deployment.gone', { deploymentId: owner, reason, costUsd });
    return isFree;
  };
};
