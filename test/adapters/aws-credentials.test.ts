import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import t, { type Test } from 'tap';
import { createBoundedCredentials, ownCredentials } from '../../src/adapters/aws-credentials.ts';
import { createAwsInventoryClients } from '../../src/adapters/aws-inventory-clients.ts';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { createSchedulerClient } from '../../src/adapters/scheduler-client.ts';
import { createSecretsManagerClient } from '../../src/adapters/secrets-manager-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

const READ = new GetItemCommand({ TableName: 'demo', Key: { deployment_id: { S: 'ACTIVE' } } });
const LIST = new ListSchedulesCommand({ GroupName: 'demo' });
const VARIABLE = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const START = Date.parse('2026-11-20T09:00:00Z');
const MINUTE_MS = 60_000;

/** What the SDK's chain would find on the machine of whoever runs this. */
const NO_SOURCE = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  [VARIABLE]: undefined,
};

/** The SDK reads the environment of the process itself; it is as before when the test has ended. */
const setVariables = (t: Test, variables: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    t.teardown(() => put(name, before));
    put(name, value);
  }
};

const put = (name: string, value: string | undefined): void => {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
};

/** Every wait that is begun from here on ends when the test says so. */
const holdTimeouts = (t: Test) => {
  const held: { readonly delayMs: number; expire(): void }[] = [];
  t.intercept(AbortSignal, 'timeout', {
    value: (delayMs: number) => {
      const control = new AbortController();
      held.push({ delayMs, expire: () => control.abort(new DOMException('made up', 'TimeoutError')) });
      return control.signal;
    },
  });
  return held;
};

/** The task's own address: each of its answers is the next of the list, and AWS itself answers beside it. */
const startTask = async (t: Test, answers: ((response: ServerResponse) => void)[]) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST' || request.url?.startsWith('/schedules')) {
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
      return;
    }
    asked.push(String(request.url));
    answers.shift()?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  setVariables(t, { ...NO_SOURCE, [VARIABLE]: `${endpoint}/role` });
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    asked,
    endpoint,
    until: async (count: number) => {
      while (asked.length < count) await new Promise(setImmediate);
    },
  };
};

const hands = (response: ServerResponse): void => {
  const Expiration = new Date(Date.now() + 6 * 60 * MINUTE_MS).toISOString();
  response.end(JSON.stringify({ AccessKeyId: 'made-up', SecretAccessKey: 'made-up', Token: 'made-up', Expiration }));
};
const hangs = (): void => undefined;

t.test('Given the task hands out nothing, when it does again, then every client goes on', async (t) => {
  const timeouts = holdTimeouts(t);
  const task = await startTask(t, [hangs, hangs, hands, hands]);
  const options = { region: 'us-east-1', endpoint: task.endpoint };
  const dynamo = createDynamoClient(options);
  const scheduler = createSchedulerClient(options);
  t.teardown(() => {
    dynamo.destroy();
    scheduler.destroy();
  });
  const first = [dynamo.send(READ), dynamo.send(READ), scheduler.send(LIST)].map((sent) =>
    sent.then(
      () => 'sent',
      (error: unknown) => (error instanceof Error ? error.name : 'no error'),
    ),
  );
  await task.until(2);
  t.same(
    timeouts.map(({ delayMs }) => delayMs),
    [2_500, 2_500],
    'one question for each client, and each has an end',
  );
  for (const { expire } of timeouts) expire();
  t.same(await Promise.all(first), ['TimeoutError', 'TimeoutError', 'TimeoutError']);
  await dynamo.send(READ);
  await dynamo.send(READ);
  await scheduler.send(LIST);
  t.equal(task.asked.length, 4, 'what was handed out is kept');
});

t.test('Given no credentials of its own, when any client is made, then it has bounded ones', async (t) => {
  const timeouts = holdTimeouts(t);
  await startTask(
    t,
    Array.from({ length: 10 }, () => hands),
  );
  const options = { region: 'us-east-1' };
  const clients = [
    createDynamoClient(options),
    createSchedulerClient(options),
    createSecretsManagerClient(options),
    ...Object.values(createAwsInventoryClients(options)),
  ];
  for (const { config } of clients) t.match(await config.credentials(), { accessKeyId: 'made-up' });
  t.equal(timeouts.length, clients.length);
});

t.test('Given credentials of its own, when a client is made, then nobody is asked', async (t) => {
  const task = await startTask(t, []);
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint: task.endpoint });
  t.teardown(() => client.destroy());
  await client.send(READ);
  t.match(await client.config.credentials(), { accessKeyId: 'local' });
  t.same(task.asked, []);
});

t.test('Given no task, when credentials are wanted, then those of the default chain, in bounded time', async (t) => {
  const timeouts = holdTimeouts(t);
  setVariables(t, { ...NO_SOURCE, AWS_ACCESS_KEY_ID: 'of-the-chain', AWS_SECRET_ACCESS_KEY: 'made-up' });
  t.match(await ownCredentials()(), { accessKeyId: 'of-the-chain' });
  t.equal(timeouts.length, 1);
  setVariables(t, { [VARIABLE]: 'http://169.254.170.23/v1/credentials' });
  t.match(await ownCredentials()(), { accessKeyId: 'of-the-chain' }, 'an address outside is none of a task');
});

/** Credentials by number, of which each is good for six hours, or a failure where the list has one. */
const createScene = (fails: readonly boolean[] = []) => {
  let now = START;
  let loads = 0;
  const load = async () => {
    loads += 1;
    if (fails[loads - 1] === true) throw new Error('made up');
    const expiration = new Date(now + 6 * 60 * MINUTE_MS);
    return { accessKeyId: `key-${loads}`, secretAccessKey: 'made-up', expiration };
  };
  const provider = createBoundedCredentials({ load, now: () => now });
  return {
    loads: () => loads,
    pass: (ms: number) => {
      now += ms;
    },
    key: async () => (await provider()).accessKeyId,
  };
};

t.test('Given they are five minutes from their end, when they are wanted, then newer ones are asked for', async (t) => {
  const scene = createScene();
  t.equal(await scene.key(), 'key-1');
  scene.pass(355 * MINUTE_MS);
  t.equal(await scene.key(), 'key-1', 'five minutes are left');
  scene.pass(1);
  t.equal(await scene.key(), 'key-2');
  t.equal(scene.loads(), 2);
});

t.test('Given newer ones cannot be had, when the old ones are still good, then they are used', async (t) => {
  const scene = createScene([false, true, true, true]);
  await scene.key();
  scene.pass(355 * MINUTE_MS + 1);
  for (let count = 0; count < 20; count += 1) t.equal(await scene.key(), 'key-1');
  t.equal(scene.loads(), 2, 'not every request meets the failure');
  scene.pass(10_000);
  t.equal(await scene.key(), 'key-1');
  t.equal(scene.loads(), 3);
  scene.pass(4 * MINUTE_MS + 49_998);
  t.equal(await scene.key(), 'key-1', 'the last moment');
  scene.pass(1);
  t.equal(await scene.key(), 'key-5', 'past their end nothing else will do');
});

t.test('Given there are none at all, when they cannot be had, then that is told and asked for anew', async (t) => {
  const scene = createScene([true]);
  await t.rejects(scene.key(), { message: 'made up' });
  t.equal(await scene.key(), 'key-2');
});

t.test('Given many want them at once, when they are asked for, then it is once', async (t) => {
  const scene = createScene();
  await Promise.all(Array.from({ length: 50 }, scene.key));
  t.equal(scene.loads(), 1);
});
