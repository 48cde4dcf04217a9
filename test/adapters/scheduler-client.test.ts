import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import t from 'tap';
import { createSchedulerClient } from '../../src/adapters/scheduler-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';
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
  const overdue = new AbortController();
  const timeouts: number[] = [];
  t.intercept(AbortSignal, 'timeout', {
    value: (delayMs: number) => {
      timeouts.push(delayMs);
      return overdue.signal;
    },
  });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"Schedules":');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { ...LOCAL_ACCESS, endpoint: `http://127.0.0.1:${port}` };
  const { requestHandler: inner } = createSchedulerClient(options).config;
  const handle: typeof inner.handle = async (request, settings) => {
    const answer = await inner.handle(request, settings);
    // The head of the answer is there, so only its body can hang.
    overdue.abort();
    return answer;
  };
  const requestHandler: typeof inner = Object.assign(Object.create(inner), { handle });
  const client = createSchedulerClient({ ...options, requestHandler });
  t.teardown(() => {
    client.destroy();
    server.close();
    server.closeAllConnections();
  });
  const { destroyer } = createSchedulerWorld({ client });
  const error = await failureOf(destroyer.list());
  t.match(error, { code: 'SECOND_DESTROYER_UNAVAILABLE', cause: { message: /^list: \w+$/ } });
  t.same(timeouts, [5_000], 'all of it together');
});
