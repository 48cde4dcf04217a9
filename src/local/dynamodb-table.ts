import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TABLE_SCHEMA } from '../adapters/dynamodb-schema.ts';

/** A local table is there within milliseconds, and a store that never answers is given up after half a minute. */
const TABLE_WAIT_SECONDS = Object.freeze({ minDelay: 0.02, maxDelay: 1, maxWaitTime: 30 });

const tableOf = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: TABLE_SCHEMA.key, AttributeType: 'S' },
    { AttributeName: TABLE_SCHEMA.listed, AttributeType: 'S' },
    { AttributeName: TABLE_SCHEMA.listedAt, AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: TABLE_SCHEMA.key, KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: TABLE_SCHEMA.listingIndex,
      KeySchema: [
        { AttributeName: TABLE_SCHEMA.listed, KeyType: 'HASH' },
        { AttributeName: TABLE_SCHEMA.listedAt, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

const createTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  try {
    await client.send(new CreateTableCommand(tableOf(tableName)));
  } catch (error) {
    // It is there already, or another caller is making it this very moment; both are what was wanted.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
};

const hasTimeToLive = async (client: DynamoDBClient, tableName: string): Promise<boolean> => {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
  const status = TimeToLiveDescription?.TimeToLiveStatus;
  return status === 'ENABLED' || status === 'ENABLING';
};

/** The embedded store does not know this operation. */
const isUnknownOperation = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && error.name === 'UnknownOperationException';

const enableTimeToLive = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  if (await hasTimeToLive(client, tableName)) return;
  const command = new UpdateTimeToLiveCommand({
    TableName: tableName,
    TimeToLiveSpecification: { Enabled: true, AttributeName: TABLE_SCHEMA.expires },
  });
  try {
    await client.send(command);
  } catch (error) {
    // Without time-to-live nothing is ever forgotten, which changes no answer: reads leave out what has expired.
    if (isUnknownOperation(error)) return;
    // Of two callers the second is refused, since it changes nothing any more.
    if (await hasTimeToLive(client, tableName)) return;
    throw error;
  }
};

/**
 * Makes sure that the table with its index and its time-to-live is there and active. For local stores only: on AWS
 * the table is Terraform's. May be repeated, also by several callers at once. Throws what the SDK throws.
 */
export const ensureTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  await createTable(client, tableName);
  await waitUntilTableExists({ client, ...TABLE_WAIT_SECONDS }, { TableName: tableName });
  await enableTimeToLive(client, tableName);
};
