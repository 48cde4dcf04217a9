import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import t from 'tap';
import { countDynamoCalls } from '../../src/adapters/dynamodb-call-counter.ts';

t.test('Given a client, when it is used, then each operation is told once with how it ended', async (t) => {
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  t.teardown(() => client.destroy());
  let failure: Error | null = null;
  // In place of the network.
  client.middlewareStack.add(
    () => async () => {
      if (failure !== null) throw failure;
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'finalizeRequest', priority: 'high' },
  );
  const told: string[] = [];
  countDynamoCalls(client, (operation, outcome) => told.push(`${operation} ${outcome}`));
  const put = new PutItemCommand({ TableName: 'demo', Item: {} });
  await client.send(new GetItemCommand({ TableName: 'demo', Key: {} }));
  failure = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
  await t.rejects(client.send(put));
  failure = new Error('away');
  await t.rejects(client.send(put));
  t.same(told, ['GetItem ok', 'PutItem refused', 'PutItem failed']);
});
