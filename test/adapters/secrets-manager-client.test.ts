import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import t from 'tap';
import { createSecretsManagerClient } from '../../src/adapters/secrets-manager-client.ts';
import { createSecretsManagerSecrets } from '../../src/adapters/secrets-manager-secrets.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';
import { clientOfEndlessAnswer } from './endless-answer.ts';
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
  const begin = { type: 'application/x-amz-json-1.1', bytes: '{"SecretString":' };
  const { client, timeouts } = await clientOfEndlessAnswer(t, createSecretsManagerClient, begin);
  const { log } = createTestLog();
  const secrets = createSecretsManagerSecrets({ client, ids: SECRET_IDS, clock: createFakeClock(), log });
  const error = await failureOf(secrets.read('gitlabToken'));
  t.match(error, { code: 'SECRETS_UNAVAILABLE', cause: { message: /^demo\/gitlab-token cannot be read: \w+$/ } });
  t.same(timeouts, [4_500]);
});
