import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import t from 'tap';
import { createSecretsManagerClient } from '../../src/adapters/secrets-manager-client.ts';
import { createSecretsManagerSecrets } from '../../src/adapters/secrets-manager-secrets.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';
import { SECRET_IDS } from './fake-secrets-manager.ts';
import { createTestLog, failureOf } from './gitlab-world.ts';

const READ = new GetSecretValueCommand({ SecretId: 'demo/gitlab-token' });

t.test('given the client, when its settings are read, then every request ends in bounded time', async (t) => {
  const client = createSecretsManagerClient({ ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' });
  t.teardown(() => client.destroy());
  t.equal(await client.config.maxAttempts(), 2);
  t.equal(client.config.retryMode, 'standard');
  t.equal(await client.config.region(), 'us-east-1');
  // The handler reads its settings with its first request.
  await t.rejects(client.send(READ), { code: 'ECONNREFUSED' });
  const handler = client.config.requestHandler as unknown as { httpHandlerConfigs(): Record<string, unknown> };
  t.match(handler.httpHandlerConfigs(), {
    connectionTimeout: 1_000,
    requestTimeout: 1_500,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 6 },
  });
});

t.test('given no endpoint, when the client is made, then it is AWS of that region', async (t) => {
  const client = createSecretsManagerClient({ region: 'eu-central-1' });
  t.teardown(() => client.destroy());
  t.equal(client.config.endpoint, undefined);
  t.equal(await client.config.region(), 'eu-central-1');
});

t.test('given an answer that never ends, when its time is over, then it counts as none', async (t) => {
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
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).write('{"SecretString":');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { ...LOCAL_ACCESS, endpoint: `http://127.0.0.1:${port}` };
  const { requestHandler: inner } = createSecretsManagerClient(options).config;
  const handle: typeof inner.handle = async (request, settings) => {
    const answer = await inner.handle(request, settings);
    // The head of the answer is there, so only its body can hang.
    overdue.abort();
    return answer;
  };
  const requestHandler: typeof inner = Object.assign(Object.create(inner), { handle });
  const client = createSecretsManagerClient({ ...options, requestHandler });
  t.teardown(() => {
    client.destroy();
    server.close();
    server.closeAllConnections();
  });
  const { log } = createTestLog();
  const secrets = createSecretsManagerSecrets({ client, ids: SECRET_IDS, clock: createFakeClock(), log });
  const error = await failureOf(secrets.read('gitlabToken'));
  t.match(error, { code: 'SECRETS_UNAVAILABLE', cause: { message: /^demo\/gitlab-token cannot be read: \w+$/ } });
  t.same(timeouts, [4_500]);
});
