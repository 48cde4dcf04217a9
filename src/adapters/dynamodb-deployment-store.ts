import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeploymentStore } from '../lifecycle/ports.ts';
import { createDynamoDeploymentLock } from './dynamodb-deployment-lock.ts';
import { createDynamoDeploymentReader } from './dynamodb-deployment-reader.ts';
import { createDynamoDeploymentWriter } from './dynamodb-deployment-writer.ts';
import { createDynamoTable } from './dynamodb-table.ts';

/** The deployments in the table of that name: reading, the lock, and the conditional writes. */
export const createDynamoDeploymentStore = (client: DynamoDBClient, tableName: string): DeploymentStore => {
  const table = createDynamoTable(client, tableName);
  return {
    ...createDynamoDeploymentReader(table),
    ...createDynamoDeploymentLock(table),
    ...createDynamoDeploymentWriter(table),
  };
};
