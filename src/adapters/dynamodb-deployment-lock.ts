import { DemoError } from '../lifecycle/errors.ts';
import type { Acquired, ActiveRecord, DeploymentLock } from '../lifecycle/ports.ts';
import type { Tombstone } from '../lifecycle/tombstone.ts';
import { activeItemOf, activeRecordOf } from './dynamodb-deployment-item.ts';
import { ACTIVE_KEY, isHistoryKey } from './dynamodb-schema.ts';
import type { DynamoTable, Item } from './dynamodb-table.ts';
import { tombstoneItemOf } from './dynamodb-tombstone-item.ts';

/**
 * The lock is free only while its item does not exist. Nothing like "or it is old" may ever be added: the item
 * stands for infrastructure that goes on existing, and costing, however old it is.
 */
const LOCK_IS_FREE = 'attribute_not_exists(deployment_id)';

/** The past is written once, and again only by a later version of the same story. */
const HISTORY_IS_ABSENT_OR_OLDER = 'attribute_not_exists(deployment_id) OR version < :version';

/** Only the deployment that was proven gone may be deleted, never one that took its place. */
const OWNER_IS_THIS = '#owner = :owner';

/** Somebody may have decided something since the proof; then it has to be looked at again. */
const VERSION_IS_THIS = '#version = :version';

/** How often a lock that was let go just after it stood in our way is asked for again. */
const ACQUIRE_TRIES = 3;

const ownerOf = (item: Item): unknown => item.owner;

const acquire = async (table: DynamoTable, record: ActiveRecord): Promise<Acquired> => {
  const item = activeItemOf(record);
  for (let tries = 0; tries < ACQUIRE_TRIES; tries += 1) {
    const written = await table.put(item, { text: LOCK_IS_FREE });
    if (written.applied) return { won: true };
    const standing = await written.standing();
    // Whoever held it let go in between, so the lock is asked for again.
    if (standing === null) continue;
    // Our own write whose answer was lost. An equal owner is not enough: the id may come from an idempotency key, and
    // then two requests put it at the same time.
    const isSameWrite = standing.write_id === record.deployment.writeId;
    if (isSameWrite && ownerOf(standing) === record.deployment.owner) return { won: true };
    return { won: false, holder: activeRecordOf(standing) };
  }
  throw new DemoError('STORE_UNAVAILABLE', { cause: new Error('The lock changed hands at every try') });
};

const archive = async (table: DynamoTable, tombstone: Tombstone): Promise<void> => {
  if (!isHistoryKey(tombstone.id)) throw new RangeError('This id would overwrite an item that is not history');
  await table.put(tombstoneItemOf(tombstone), {
    text: HISTORY_IS_ABSENT_OR_OLDER,
    values: { ':version': tombstone.version },
  });
};

const release = async (table: DynamoTable, owner: string, version: number): Promise<boolean> => {
  const written = await table.remove(ACTIVE_KEY, {
    text: `${OWNER_IS_THIS} AND ${VERSION_IS_THIS}`,
    names: { '#owner': 'owner', '#version': 'version' },
    values: { ':owner': owner, ':version': version },
  });
  if (written.applied) return true;
  const standing = await written.standing();
  // Absent, or another's by now: it is gone, whoever deleted it and whether or not that was our own lost request.
  return standing === null || ownerOf(standing) !== owner;
};

/** The lock on the item `ACTIVE` and the history it leaves. Throws `DemoError` STORE_UNAVAILABLE. */
export const createDynamoDeploymentLock = (table: DynamoTable): DeploymentLock => ({
  acquire: (record) => acquire(table, record),
  archive: (tombstone) => archive(table, tombstone),
  release: (owner, version) => release(table, owner, version),
});
