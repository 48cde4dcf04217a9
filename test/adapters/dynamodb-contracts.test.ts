import t from 'tap';
import { createDynamoDeadLetters } from '../../src/adapters/dynamodb-dead-letters.ts';
import { createDynamoDeploymentStore } from '../../src/adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from '../../src/adapters/dynamodb-idempotency.ts';
import { createDynamoLogs } from '../../src/adapters/dynamodb-logs.ts';
import { createDynamoQuotas } from '../../src/adapters/dynamodb-quotas.ts';
import { createDynamoRecordings } from '../../src/adapters/dynamodb-recordings.ts';
import { createDynamoSlots } from '../../src/adapters/dynamodb-slots.ts';
import { createDynamoSwitch } from '../../src/adapters/dynamodb-switch.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { defineDeadLetterStoreContract } from '../contracts/dead-letter-store.ts';
import { defineDeploymentStoreContract } from '../contracts/deployment-store.ts';
import { defineIdempotencyStoreContract } from '../contracts/idempotency-store.ts';
import { defineLogStoreContract } from '../contracts/log-store.ts';
import { defineQuotaStoreContract } from '../contracts/quota-store.ts';
import { defineRecordingsContract } from '../contracts/recordings.ts';
import { defineSlotStoreContract } from '../contracts/slot-store.ts';
import { defineSwitchStoreContract } from '../contracts/switch-store.ts';
import { useDynamodb } from './dynamodb-under-test.ts';

const embedded = await startEmbeddedDynamodb();
const dynamodb = useDynamodb(embedded.endpoint);

t.teardown(async () => {
  dynamodb.close();
  await embedded.close();
});

defineDeploymentStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoDeploymentStore));
defineIdempotencyStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoIdempotency));
defineDeadLetterStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoDeadLetters));
defineSlotStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoSlots));
defineLogStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoLogs));
defineQuotaStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoQuotas));
defineSwitchStoreContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoSwitch));
defineRecordingsContract(t, 'embedded DynamoDB', dynamodb.making(createDynamoRecordings));
