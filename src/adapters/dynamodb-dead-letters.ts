import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeadLetter, DeadLetterStore } from '../lifecycle/ports.ts';
import { deadLetterKey, type Listed, listedAt, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable, type Expression, type Item } from './dynamodb-table.ts';
import { decodeFields, type Fields, integer, text, word } from './item-codec.ts';
import { cutToBytes } from './observation-bounds.ts';
import { DEAD_LETTERS_LISTED, LAST_ERROR_BYTES } from './store-bounds.ts';

const DEAD: Listed = 'dead';

const FIELDS: Fields<Omit<DeadLetter, 'id'>> = {
  kind: word<DeadLetter['kind']>({ quarantine: true, orphan: true, job: true }),
  attempts: integer,
  lastError: text,
  firstAt: integer,
  lastAt: integer,
};

const KEY_PREFIX = deadLetterKey('');

const letterOf = (item: Item): DeadLetter => {
  const key = text.decode(item[TABLE_SCHEMA.key], 'dead letter');
  return { id: key.slice(KEY_PREFIX.length), ...decodeFields(FIELDS, item, key) };
};

const noting = ({ id, kind, lastError }: Pick<DeadLetter, 'id' | 'kind' | 'lastError'>, now: number): Expression => ({
  text: 'SET kind = :kind, last_error = :error, last_at = :now, first_at = if_not_exists(first_at, :now), listed = :listed, listed_at = :listed_at ADD attempts :one',
  values: {
    ':kind': kind,
    ':error': cutToBytes(lastError, LAST_ERROR_BYTES),
    ':now': now,
    ':listed': DEAD,
    // By the latest failure, so that what still hurts comes first.
    ':listed_at': listedAt(now, id),
    ':one': 1,
  },
});

/**
 * `dead#<id>` in the table of that name. Throws `DemoError` STORE_UNAVAILABLE. A note whose answer was lost is
 * counted twice: the number of attempts may be one too high, never too low.
 */
export const createDynamoDeadLetters = (client: DynamoDBClient, tableName: string): DeadLetterStore => {
  const table = createDynamoTable(client, tableName);
  return {
    note: async (letter, now) => letterOf(await table.updateAlways(deadLetterKey(letter.id), noting(letter, now))),
    remove: async (id) => {
      await table.remove(deadLetterKey(id), null);
    },
    list: async () => {
      const items = await table.listing({ listed: DEAD, before: null, limit: DEAD_LETTERS_LISTED });
      return items.map(letterOf);
    },
  };
};
