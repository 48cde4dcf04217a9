import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { DemoError } from '../lifecycle/errors.ts';
import { type Listed, TABLE_SCHEMA } from './dynamodb-schema.ts';

/** An item in plain JavaScript values. */
export type Item = Readonly<Record<string, unknown>>;

/** An expression with exactly the names and values it uses; DynamoDB refuses any that are left over. */
export interface Expression {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

/**
 * What a conditional write did. `standing` gives what stood in its way: from the error where the store returns it,
 * else by a strong read, which throws as any read does.
 */
export type Written =
  | { readonly applied: true }
  | { readonly applied: false; readonly standing: () => Promise<Item | null> };

export interface ListingQuery {
  readonly listed: Listed;
  /** Exclusive upper bound of `listed_at`; null starts at the newest. */
  readonly before: string | null;
  readonly limit: number;
}

/**
 * The five operations we use, each on a single item or on the one index. Whatever goes wrong, except a condition
 * that does not hold, is thrown as `DemoError` STORE_UNAVAILABLE; a write may then have happened or not.
 */
export interface DynamoTable {
  /** Strongly consistent. */
  get(key: string): Promise<Item | null>;
  put(item: Item, condition: Expression): Promise<Written>;
  update(key: string, change: Expression, condition: Expression): Promise<Written>;
  /** Writes in any case and answers with the whole new item. */
  updateAlways(key: string, change: Expression): Promise<Item>;
  remove(key: string, condition: Expression | null): Promise<Written>;
  /** Newest first, at most `limit`; eventually consistent, as every index is. */
  listing(query: ListingQuery): Promise<readonly Item[]>;
}

const guarded = async <T>(request: () => Promise<T>): Promise<T> => {
  try {
    return await request();
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) throw cause;
    throw new DemoError('STORE_UNAVAILABLE', { cause });
  }
};

const itemOf = (raw: Record<string, AttributeValue> | undefined): Item | null =>
  raw === undefined ? null : unmarshall(raw);

const expressionInput = (parts: readonly (Expression | null)[]) => {
  const names = Object.fromEntries(parts.flatMap((part) => Object.entries(part?.names ?? {})));
  const values = Object.fromEntries(parts.flatMap((part) => Object.entries(part?.values ?? {})));
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: marshall(values) }),
  };
};

const conditionInput = (condition: Expression | null) =>
  condition === null
    ? {}
    : { ConditionExpression: condition.text, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

/** The table of that name behind the client. */
export const createDynamoTable = (client: DynamoDBClient, tableName: string): DynamoTable => {
  const keyOf = (key: string) => ({ TableName: tableName, Key: marshall({ [TABLE_SCHEMA.key]: key }) });

  const get = async (key: string): Promise<Item | null> => {
    const command = new GetItemCommand({ ...keyOf(key), ConsistentRead: true });
    return itemOf((await guarded(() => client.send(command))).Item);
  };

  const conditionally = async (key: string, request: () => Promise<unknown>): Promise<Written> => {
    try {
      await guarded(request);
      return { applied: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const returned = itemOf(error.Item);
      return { applied: false, standing: async () => returned ?? get(key) };
    }
  };

  return {
    get,
    put: (item, condition) => {
      const command = new PutItemCommand({
        TableName: tableName,
        Item: marshall(item),
        ...conditionInput(condition),
        ...expressionInput([condition]),
      });
      return conditionally(String(item[TABLE_SCHEMA.key]), () => client.send(command));
    },
    update: (key, change, condition) => {
      const command = new UpdateItemCommand({
        ...keyOf(key),
        UpdateExpression: change.text,
        ...conditionInput(condition),
        ...expressionInput([change, condition]),
      });
      return conditionally(key, () => client.send(command));
    },
    updateAlways: async (key, change) => {
      const command = new UpdateItemCommand({
        ...keyOf(key),
        UpdateExpression: change.text,
        ReturnValues: 'ALL_NEW',
        ...expressionInput([change]),
      });
      return itemOf((await guarded(() => client.send(command))).Attributes) ?? {};
    },
    remove: (key, condition) => {
      const command = new DeleteItemCommand({
        ...keyOf(key),
        ...conditionInput(condition),
        ...expressionInput([condition]),
      });
      return conditionally(key, () => client.send(command));
    },
    listing: (query) => queryListing(client, tableName, query),
  };
};

const queryListing = async (
  client: DynamoDBClient,
  tableName: string,
  { listed, before, limit }: ListingQuery,
): Promise<readonly Item[]> => {
  const { listed: hash, listedAt: range, listingIndex } = TABLE_SCHEMA;
  const items: Item[] = [];
  let startKey: Record<string, AttributeValue> | undefined;
  // A query also ends at 1 MB, so it is continued; every round brings something, which bounds the rounds by `limit`.
  do {
    const command = new QueryCommand({
      TableName: tableName,
      IndexName: listingIndex,
      KeyConditionExpression: before === null ? `${hash} = :listed` : `${hash} = :listed AND ${range} < :before`,
      ExpressionAttributeValues: marshall(
        before === null ? { ':listed': listed } : { ':listed': listed, ':before': before },
      ),
      ScanIndexForward: false,
      Limit: limit - items.length,
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    const page = await guarded(() => client.send(command));
    items.push(...(page.Items ?? []).map((raw) => unmarshall(raw)));
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined && items.length < limit);
  return items;
};
