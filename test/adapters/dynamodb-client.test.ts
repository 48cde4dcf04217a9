import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import t from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

const READ = new GetItemCommand({ TableName: 'demo', Key: { deployment_id: { S: 'ACTIVE' } } });

interface HandlerSettings {
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
  readonly throwOnRequestTimeout?: boolean;
  readonly httpsAgent?: { readonly keepAlive?: boolean; readonly maxSockets?: number };
}

t.test('given the client, when its settings are read, then every request ends in bounded time', async (t) => {
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' });
  t.teardown(() => client.destroy());
  t.equal(await client.config.maxAttempts(), 3);
  t.equal(client.config.retryMode, 'standard');
  t.equal(await client.config.region(), 'us-east-1');
  // The handler reads its settings with its first request.
  await t.rejects(client.send(READ), { code: 'ECONNREFUSED' });
  const handler = client.config.requestHandler as unknown as { httpHandlerConfigs(): HandlerSettings };
  const settings = handler.httpHandlerConfigs();
  t.match(settings, { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true });
  t.match(settings.httpsAgent, { keepAlive: true, maxSockets: 25 });
});

t.test('given no endpoint, when the client is made, then it is AWS of that region', async (t) => {
  const client = createDynamoClient({ region: 'eu-central-1' });
  t.teardown(() => client.destroy());
  t.equal(client.config.endpoint, undefined);
  t.equal(await client.config.region(), 'eu-central-1');
});

t.test('given two requests, when the first is answered, then the second takes the same connection', async (t) => {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint: `http://127.0.0.1:${port}` });
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  await client.send(READ);
  await client.send(READ);
  t.equal(connections, 1);
});
