import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SlotStore } from '../lifecycle/ports.ts';
import { expirySeconds, lastCompletedKey, slotKey, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable } from './dynamodb-table.ts';
import { integer } from './item-codec.ts';

/** The first to put the slot runs it. The slot comes from the schedule, so clocks that differ elect no second. */
const SLOT_IS_UNCLAIMED = 'attribute_not_exists(deployment_id)';

const NEVER_COMPLETED = 'attribute_not_exists(last_completed)';

/** A slow run of an older slot may end after a newer one, and must not take the job back in time. */
const COMPLETED_SLOT_IS_OLDER = 'last_completed < :slot';

/** `cron#…` in the table of that name. Throws `DemoError` STORE_UNAVAILABLE. */
export const createDynamoSlots = (client: DynamoDBClient, tableName: string): SlotStore => {
  const table = createDynamoTable(client, tableName);
  return {
    claimSlot: async (key, expiresAt) => {
      // One per call, not per process: two callers in one process must not both take the slot for their own.
      const claimant = randomUUID();
      const written = await table.put(
        { [TABLE_SCHEMA.key]: slotKey(key), [TABLE_SCHEMA.expires]: expirySeconds(expiresAt), claimant },
        { text: SLOT_IS_UNCLAIMED },
      );
      return written.applied || (await written.standing())?.claimant === claimant;
    },
    lastCompleted: async (job) => {
      const item = await table.get(lastCompletedKey(job));
      return item === null ? null : integer.decode(item.last_completed, lastCompletedKey(job));
    },
    completeSlot: async (job, slot) => {
      await table.update(
        lastCompletedKey(job),
        { text: 'SET last_completed = :slot', values: { ':slot': slot } },
        { text: `${NEVER_COMPLETED} OR ${COMPLETED_SLOT_IS_OLDER}`, values: { ':slot': slot } },
      );
    },
  };
};
