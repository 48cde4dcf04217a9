import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { ensureTable } from '../../src/local/dynamodb-table.ts';
import type { MakeStore } from '../contracts/store-under-test.ts';
import { createFaultyRequestHandler } from '../fakes/faulty-request-handler.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

/** Made-up; a local store accepts any. */
export const LOCAL_ACCESS = Object.freeze({
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export type CreateStore<Store> = (client: DynamoDBClient, tableName: string) => Store;

export interface TestDynamodb {
  readonly client: DynamoDBClient;
  /** A name that no test of this process had before, and the table of that name. */
  freshTable(): Promise<string>;
  /** Each store gets a table of its own and a client whose requests meet its own faults. */
  making<Store>(create: CreateStore<Store>): MakeStore<Store>;
  close(): void;
}

/** What the tests of one file use of the DynamoDB at that endpoint. */
export const useDynamodb = (endpoint: string): TestDynamodb => {
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint });
  let tables = 0;
  const freshTable = async (): Promise<string> => {
    tables += 1;
    const tableName = `demo-${process.pid}-${tables}`;
    await ensureTable(client, tableName);
    return tableName;
  };
  return {
    client,
    freshTable,
    making: (create) => async () => {
      const faults = createStoreFaults();
      const requestHandler = createFaultyRequestHandler(client.config.requestHandler, faults);
      const faulty = createDynamoClient({ ...LOCAL_ACCESS, endpoint, requestHandler });
      return { store: create(faulty, await freshTable()), faults };
    },
    close: () => client.destroy(),
  };
};
