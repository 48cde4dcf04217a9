import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import t from 'tap';
import { createDynamoDeadLetters } from '../../src/adapters/dynamodb-dead-letters.ts';
import { createDynamoDeploymentStore } from '../../src/adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from '../../src/adapters/dynamodb-idempotency.ts';
import { createDynamoLogs } from '../../src/adapters/dynamodb-logs.ts';
import { createDynamoQuotas } from '../../src/adapters/dynamodb-quotas.ts';
import { createDynamoRecordings } from '../../src/adapters/dynamodb-recordings.ts';
import { createDynamoSlots } from '../../src/adapters/dynamodb-slots.ts';
import { createDynamoSwitch } from '../../src/adapters/dynamodb-switch.ts';
import { ensureTable } from '../../src/local/dynamodb-table.ts';
import { useDynamodb } from '../adapters/dynamodb-under-test.ts';
import { defineDeadLetterStoreContract } from '../contracts/dead-letter-store.ts';
import { defineDeploymentStoreContract } from '../contracts/deployment-store.ts';
import { defineIdempotencyStoreContract } from '../contracts/idempotency-store.ts';
import { defineLogStoreContract } from '../contracts/log-store.ts';
import { defineQuotaStoreContract } from '../contracts/quota-store.ts';
import { defineRecordingsContract } from '../contracts/recordings.ts';
import { defineSlotStoreContract } from '../contracts/slot-store.ts';
import { defineSwitchStoreContract } from '../contracts/switch-store.ts';
import { startJavaDynamodb, whyUnavailable } from './java-dynamodb.ts';

const defineAll = async (): Promise<void> => {
  const java = await startJavaDynamodb();
  const dynamodb = useDynamodb(java.endpoint);
  t.teardown(async () => {
    dynamodb.close();
    await java.close();
  });

  t.test('given a real store, when its table is made twice at once, then it forgets by the attribute', async (t) => {
    await Promise.all([ensureTable(dynamodb.client, 'twice'), ensureTable(dynamodb.client, 'twice')]);
    await ensureTable(dynamodb.client, 'twice');
    const { TimeToLiveDescription } = await dynamodb.client.send(new DescribeTimeToLiveCommand({ TableName: 'twice' }));
    t.match(TimeToLiveDescription, { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_epoch_seconds' });
    await t.rejects(
      dynamodb.client.send(
        new UpdateTimeToLiveCommand({
          TableName: 'twice',
          TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires_epoch_seconds' },
        }),
      ),
      { name: 'ValidationException' },
      'the refusal that the second caller meets',
    );
  });

  defineDeploymentStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoDeploymentStore));
  defineIdempotencyStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoIdempotency));
  defineDeadLetterStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoDeadLetters));
  defineSlotStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoSlots));
  defineLogStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoLogs));
  defineQuotaStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoQuotas));
  defineSwitchStoreContract(t, 'DynamoDB Local', dynamodb.making(createDynamoSwitch));
  defineRecordingsContract(t, 'DynamoDB Local', dynamodb.making(createDynamoRecordings));
};

const reason = whyUnavailable();
if (reason === null) await defineAll();
else {
  process.stderr.write(`SKIPPED: the contracts against the real DynamoDB Local, because ${reason}\n`);
  t.test('DynamoDB Local', { skip: reason }, () => {});
}
