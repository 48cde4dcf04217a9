import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { announceDecisions } from './adapters/announcing-store.ts';
import { createDynamoDeadLetters } from './adapters/dynamodb-dead-letters.ts';
import { createDynamoDeploymentStore } from './adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from './adapters/dynamodb-idempotency.ts';
import { createDynamoLogs } from './adapters/dynamodb-logs.ts';
import { createDynamoQuotas } from './adapters/dynamodb-quotas.ts';
import { createDynamoRecordings } from './adapters/dynamodb-recordings.ts';
import { createDynamoSlots } from './adapters/dynamodb-slots.ts';
import { createDynamoSwitch } from './adapters/dynamodb-switch.ts';

/** Builds everything that is kept in the one table, each part as the port it is asked by. It tells of the decisions of this process. */
export const createStores = (dynamo: DynamoDBClient, tableName: string, onDecided: () => void) => ({
  store: announceDecisions(createDynamoDeploymentStore(dynamo, tableName), onDecided),
  deadLetters: createDynamoDeadLetters(dynamo, tableName),
  slots: createDynamoSlots(dynamo, tableName),
  logStore: createDynamoLogs(dynamo, tableName),
  quotas: createDynamoQuotas(dynamo, tableName),
  switchStore: createDynamoSwitch(dynamo, tableName),
  recordings: createDynamoRecordings(dynamo, tableName),
  idempotency: createDynamoIdempotency(dynamo, tableName),
});
