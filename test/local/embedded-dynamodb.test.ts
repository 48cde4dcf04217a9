import { DescribeTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import t from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { ensureTable } from '../../src/local/dynamodb-table.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { createCannedClient } from '../adapters/canned-request-handler.ts';
import { LOCAL_ACCESS } from '../adapters/dynamodb-under-test.ts';

t.test('given the embedded store, when two callers make the table at once, then it is there, once', async (t) => {
  const embedded = await startEmbeddedDynamodb();
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint: embedded.endpoint });
  t.teardown(async () => {
    client.destroy();
    await embedded.close();
  });
  await Promise.all([ensureTable(client, 'demo'), ensureTable(client, 'demo')]);
  await ensureTable(client, 'demo');
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'demo' }));
  t.match(Table, {
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'deployment_id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'listing',
        IndexStatus: 'ACTIVE',
        KeySchema: [
          { AttributeName: 'listed', KeyType: 'HASH' },
          { AttributeName: 'listed_at', KeyType: 'RANGE' },
        ],
      },
    ],
  });
});

t.test('given two embedded stores, when one gets a table, then the other knows nothing of it', async (t) => {
  const stores = await Promise.all([startEmbeddedDynamodb(), startEmbeddedDynamodb()]);
  const [first, second] = stores.map(({ endpoint }) => createDynamoClient({ ...LOCAL_ACCESS, endpoint }));
  t.teardown(async () => {
    first?.destroy();
    second?.destroy();
    await Promise.all(stores.map((store) => store.close()));
  });
  if (first === undefined || second === undefined) throw new Error('Two stores have two clients');
  await ensureTable(first, 'demo');
  const read = new GetItemCommand({ TableName: 'demo', Key: { deployment_id: { S: 'ACTIVE' } } });
  t.equal((await first.send(read)).Item, undefined);
  await t.rejects(second.send(read), { name: 'ResourceNotFoundException' });
  t.match(stores[0]?.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
});

t.test('given the embedded store, when it is closed twice, then it is closed and refuses connections', async (t) => {
  const embedded = await startEmbeddedDynamodb();
  await Promise.all([embedded.close(), embedded.close()]);
  await t.rejects(fetch(embedded.endpoint), 'nothing listens there any more');
});

t.test('given its package is not installed, when it is started, then it says in one line what to set', async (t) => {
  const absent = async () => {
    throw Object.assign(new Error("Cannot find package 'dynalite'"), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  await t.rejects(startEmbeddedDynamodb(absent), {
    name: 'ConfigError',
    message: /^The environment cannot be used:\n {2}DYNAMODB_ENDPOINT: needed, because .* is not installed here, .*$/,
  });
});

t.test('given its package is broken, when it is started, then that is told as it is', async (t) => {
  const broken = async () => {
    throw new TypeError('it is broken');
  };
  await t.rejects(startEmbeddedDynamodb(broken), { name: 'TypeError', message: 'it is broken' });
});

const OK = (body: unknown) => ({ status: 200, body });
const REFUSED = (name: string) => ({ status: 400, body: { __type: `com.amazonaws#${name}`, message: 'no' } });
const ACTIVE_TABLE = OK({ Table: { TableStatus: 'ACTIVE' } });
const timeToLive = (status: string) => OK({ TimeToLiveDescription: { TimeToLiveStatus: status } });

t.test('given another caller was faster, when time-to-live is refused, then it is there all the same', async (t) => {
  const { client, sent } = createCannedClient([
    REFUSED('ResourceInUseException'),
    ACTIVE_TABLE,
    timeToLive('DISABLED'),
    REFUSED('ValidationException'),
    timeToLive('ENABLING'),
  ]);
  await ensureTable(client, 'demo');
  t.strictSame(
    sent.map(({ operation }) => operation),
    ['CreateTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTimeToLive', 'DescribeTimeToLive'],
  );
});

t.test('given time-to-live is there, when the table is ensured, then it is left alone', async (t) => {
  const { client, sent } = createCannedClient([OK({}), ACTIVE_TABLE, timeToLive('ENABLED')]);
  await ensureTable(client, 'demo');
  t.equal(sent.length, 3);
});

t.test('given time-to-live cannot be switched on, when the table is ensured, then that is an error', async (t) => {
  const { client } = createCannedClient([
    OK({}),
    ACTIVE_TABLE,
    timeToLive('DISABLED'),
    REFUSED('ValidationException'),
    timeToLive('DISABLED'),
  ]);
  await t.rejects(ensureTable(client, 'demo'), { name: 'ValidationException' });
});

t.test('given the table cannot be made, when it is ensured, then that is an error', async (t) => {
  const { client } = createCannedClient([REFUSED('AccessDeniedException')]);
  await t.rejects(ensureTable(client, 'demo'), { name: 'AccessDeniedException' });
});
