import type { DeploymentReader, LedgerPage, LedgerQuery } from '../lifecycle/ports.ts';
import type { Tombstone } from '../lifecycle/tombstone.ts';
import { activeRecordOf } from './dynamodb-deployment-item.ts';
import { ACTIVE_KEY, isHistoryKey, listedAt, TABLE_SCHEMA } from './dynamodb-schema.ts';
import type { DynamoTable } from './dynamodb-table.ts';
import { HISTORY, tombstoneOf } from './dynamodb-tombstone-item.ts';
import { LEDGER_PAGE_MAX } from './store-bounds.ts';

const readTombstone = async (table: DynamoTable, id: string): Promise<Tombstone | null> => {
  if (!isHistoryKey(id)) return null;
  const item = await table.get(id);
  return item?.[TABLE_SCHEMA.listed] === HISTORY ? tombstoneOf(item) : null;
};

const readLedger = async (table: DynamoTable, { limit, before }: LedgerQuery): Promise<LedgerPage> => {
  const size = Math.min(Math.max(1, limit), LEDGER_PAGE_MAX);
  const items = await table.listing({
    listed: HISTORY,
    before: before === null ? null : listedAt(before.createdAt, before.id),
    // One more than is shown says whether there is a next page.
    limit: size + 1,
  });
  const tombstones = items.slice(0, size).map(tombstoneOf);
  const last = tombstones.at(-1);
  const next = items.length > size && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null;
  return { tombstones, next };
};

/**
 * What is running and what has been, without the right to change any of it. Throws `DemoError` STORE_UNAVAILABLE,
 * and `BrokenItem` for an item that this program did not write. A page of the ledger has 1 to `LEDGER_PAGE_MAX`
 * entries, whatever was asked for.
 */
export const createDynamoDeploymentReader = (table: DynamoTable): DeploymentReader => ({
  active: async () => {
    const item = await table.get(ACTIVE_KEY);
    return item === null ? null : activeRecordOf(item);
  },
  tombstone: (id) => readTombstone(table, id),
  ledger: (query) => readLedger(table, query),
});
