import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Recordings } from '../lifecycle/ports.ts';
import { recordingItemOf, recordingOfItem } from './dynamodb-recording-item.ts';
import { RECORDING_KEY, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable } from './dynamodb-table.ts';

/** A task that was paused for an hour must not bring an older run back. Equal is the same run, stored again. */
const IS_NO_LATER = `attribute_not_exists(${TABLE_SCHEMA.key}) OR created_at <= :created_at`;

/** The item `replay` in the table of that name. Throws `DemoError` STORE_UNAVAILABLE. */
export const createDynamoRecordings = (client: DynamoDBClient, tableName: string): Recordings => {
  const table = createDynamoTable(client, tableName);
  return {
    read: async () => {
      const item = await table.get(RECORDING_KEY);
      return item === null ? null : recordingOfItem(item);
    },
    store: async (recording) => {
      const item = await recordingItemOf(recording);
      await table.put(item, { text: IS_NO_LATER, values: { ':created_at': recording.createdAt } });
    },
  };
};
