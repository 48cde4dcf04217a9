import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import t from 'tap';
import { createSchedulerClient } from '../../src/adapters/scheduler-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';
import { clientOfEndlessAnswer } from './endless-answer.ts';
import { failureOf } from './gitlab-world.ts';
import { createSchedulerWorld } from './scheduler-under-test.ts';

const LIST = new ListSchedulesCommand({ GroupName: 'demo' });

t.test('Given the client, when its settings are read, then every request ends in bounded time', async (t) => {
  const client = createSchedulerClient({ ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' });
  t.teardown(() => client.destroy());
  t.equal(await client.config.maxAttempts(), 3);
  t.equal(client.config.retryMode, 'standard');
  t.equal(await client.config.region(), 'us-east-1');
  // The handler reads its settings with its first request.
  await t.rejects(client.send(LIST), { code: 'ECONNREFUSED' });
  const handler = client.config.requestHandler as unknown as { httpHandlerConfigs(): Record<string, unknown> };
  t.match(handler.httpHandlerConfigs(), {
    connectionTimeout: 1_000,
    requestTimeout: 1_500,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 4 },
  });
});

t.test('Given no endpoint, when the client is made, then it is AWS of that region', async (t) => {
  const client = createSchedulerClient({ region: 'eu-central-1' });
  t.teardown(() => client.destroy());
  t.equal(client.config.endpoint, undefined);
  t.equal(await client.config.region(), 'eu-central-1');
});

t.test('Given an answer that never ends, when its time is over, then it counts as none', async (t) => {
  const begin = { type: 'application/json', bytes: '{"Schedules":' };
  const { client, timeouts } = await clientOfEndlessAnswer(t, createSchedulerClient, begin);
  const { destroyer } = createSchedulerWorld({ client });
  const error = await failureOf(destroyer.list());
  t.match(error, { code: 'SECOND_DESTROYER_UNAVAILABLE', cause: { message: /^list: \w+$/ } });
  t.same(timeouts, [5_000], 'all of it together');
});
