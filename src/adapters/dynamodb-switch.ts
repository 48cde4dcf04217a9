import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Switch, SwitchStore } from '../lifecycle/ports.ts';
import { SWITCH_KEY } from './dynamodb-schema.ts';
import { createDynamoTable, type Expression } from './dynamodb-table.ts';
import { decodeFields, encodeFields, type Fields, flag, integer, nullable, text } from './item-codec.ts';

const FIELDS: Fields<Switch> = { paused: flag, reason: nullable(text), changedAt: integer };

/** Every field at once, so that no reader ever sees the reason of another position. */
const moving = (state: Switch): Expression => {
  const attributes = Object.entries(encodeFields(FIELDS, state));
  return {
    text: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
  };
};

/**
 * The item `switch` in the table of that name. Throws `DemoError` STORE_UNAVAILABLE; the switch may then have been
 * moved or not, and moving it again does no harm.
 */
export const createDynamoSwitch = (client: DynamoDBClient, tableName: string): SwitchStore => {
  const table = createDynamoTable(client, tableName);
  return {
    read: async () => {
      const item = await table.get(SWITCH_KEY);
      return item === null ? null : decodeFields(FIELDS, item, SWITCH_KEY);
    },
    write: async (state) => {
      await table.updateAlways(SWITCH_KEY, moving(state));
    },
  };
};
