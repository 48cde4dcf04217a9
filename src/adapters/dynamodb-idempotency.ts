import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../lifecycle/ports.ts';
import { expirySeconds, idempotencyKey, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable, type Item } from './dynamodb-table.ts';
import { type Codec, integer, record as recordOf, text } from './item-codec.ts';
import { IDEMPOTENCY_LIFETIME_MS } from './store-bounds.ts';

const KEY_IS_UNUSED = 'attribute_not_exists(deployment_id)';

/** DynamoDB deletes what has expired only within days, so an expired record counts as none. */
const RECORD_HAS_EXPIRED = 'remembered.created_at <= :expired_before';

/** How often a record that vanished just after it stood in our way is put again. */
const CLAIM_TRIES = 3;

const recordCodec: Codec<IdempotencyRecord> = recordOf<IdempotencyRecord>({
  deploymentId: text,
  bodyHash: text,
  createdAt: integer,
});

/** The record is a map of its own, because the table's key already has the name of one of its attributes. */
const itemOf = (key: string, record: IdempotencyRecord): Item => ({
  [TABLE_SCHEMA.key]: idempotencyKey(key),
  [TABLE_SCHEMA.expires]: expirySeconds(record.createdAt + IDEMPOTENCY_LIFETIME_MS),
  remembered: recordCodec.encode(record),
});

const currentRecordOf = (item: Item | null, now: Instant): IdempotencyRecord | null => {
  if (item === null) return null;
  const record = recordCodec.decode(item.remembered, 'idempotency record');
  return record.createdAt + IDEMPOTENCY_LIFETIME_MS > now ? record : null;
};

/** `idem#<key>` in the table of that name. Throws `DemoError` STORE_UNAVAILABLE. */
export const createDynamoIdempotency = (client: DynamoDBClient, tableName: string): IdempotencyStore => {
  const table = createDynamoTable(client, tableName);
  return {
    find: async (key, now) => currentRecordOf(await table.get(idempotencyKey(key)), now),
    claim: async (key, record, now) => {
      for (let tries = 0; tries < CLAIM_TRIES; tries += 1) {
        const written = await table.put(itemOf(key, record), {
          text: `${KEY_IS_UNUSED} OR ${RECORD_HAS_EXPIRED}`,
          values: { ':expired_before': now - IDEMPOTENCY_LIFETIME_MS },
        });
        if (written.applied) return record;
        // Our own lost write stands there as what it is, so nothing else needs to be told apart.
        const standing = currentRecordOf(await written.standing(), now);
        if (standing !== null) return standing;
      }
      throw new DemoError('STORE_UNAVAILABLE', { cause: new Error('The record vanished at every try') });
    },
  };
};
