import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import t from 'tap';
import { activeItemOf } from '../../src/adapters/dynamodb-deployment-item.ts';
import { createDynamoDeploymentStore } from '../../src/adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from '../../src/adapters/dynamodb-idempotency.ts';
import { createDynamoTable } from '../../src/adapters/dynamodb-table.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { sampleRecord } from '../fakes/sample-records.ts';
import { createCannedClient } from './canned-request-handler.ts';

const ADAPTERS = join(import.meta.dirname, '..', '..', 'src', 'adapters');

const conditionFailed = (item?: Record<string, unknown>) => ({
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
    ...(item === undefined ? {} : { Item: marshall(item) }),
  },
});

const found = (item: Record<string, unknown>) => ({ status: 200, body: { Item: marshall(item) } });

t.test('given the sources of the store, when they are read, then they use five operations and no other', async (t) => {
  const used = new Set(
    readdirSync(ADAPTERS)
      .filter((name) => name.startsWith('dynamodb-'))
      .flatMap((name) => readFileSync(join(ADAPTERS, name), 'utf8').match(/\b[A-Z]\w+Command\b/g) ?? []),
  );
  t.strictSame([...used].toSorted(), [
    'DeleteItemCommand',
    'GetItemCommand',
    'PutItemCommand',
    'QueryCommand',
    'UpdateItemCommand',
  ]);
});

t.test('given the error carries the item, when a write meets its own, then nothing more is asked', async (t) => {
  const record = sampleRecord('owner-1', { version: 2, writeId: 'write-2' });
  const { client, sent } = createCannedClient([conditionFailed({ ...activeItemOf(record) })]);
  const store = createDynamoDeploymentStore(client, 'demo');
  t.equal(await store.decide({ owner: 'owner-1', version: 1, writeId: 'write-2', set: {} }), true);
  t.match(sent, [{ operation: 'UpdateItem', input: { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } }]);
});

t.test('given the error carries no item, when a write fails, then a strong read decides', async (t) => {
  const record = sampleRecord('owner-1', { version: 2, writeId: 'write-by-another' });
  const { client, sent } = createCannedClient([conditionFailed(), found({ ...activeItemOf(record) })]);
  const store = createDynamoDeploymentStore(client, 'demo');
  t.equal(await store.decide({ owner: 'owner-1', version: 1, writeId: 'write-2', set: {} }), false);
  t.match(sent, [
    { operation: 'UpdateItem' },
    { operation: 'GetItem', input: { ConsistentRead: true, Key: { deployment_id: { S: 'ACTIVE' } } } },
  ]);
});

t.test('given the strong read fails, when a write may be our own, then the store is unavailable', async (t) => {
  const { client } = createCannedClient([
    conditionFailed(),
    { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'no' } },
  ]);
  const store = createDynamoDeploymentStore(client, 'demo');
  await t.rejects(store.release('owner-1', 1), { code: 'STORE_UNAVAILABLE' });
});

t.test('given the holder lets go meanwhile, when the lock is acquired, then it is asked for again', async (t) => {
  const { client, sent } = createCannedClient([
    conditionFailed(),
    { status: 200, body: {} },
    { status: 200, body: {} },
  ]);
  const store = createDynamoDeploymentStore(client, 'demo');
  t.same(await store.acquire(sampleRecord('owner-1')), { won: true });
  t.strictSame(
    sent.map(({ operation }) => operation),
    ['PutItem', 'GetItem', 'PutItem'],
  );
});

t.test('given the lock changes hands at every try, when it is acquired, then it is given up', async (t) => {
  const gone = { status: 200, body: {} };
  const { client, sent } = createCannedClient([
    conditionFailed(),
    gone,
    conditionFailed(),
    gone,
    conditionFailed(),
    gone,
  ]);
  const store = createDynamoDeploymentStore(client, 'demo');
  await t.rejects(store.acquire(sampleRecord('owner-1')), { code: 'STORE_UNAVAILABLE' });
  t.equal(sent.length, 6);
});

t.test('given a record that vanishes at every try, when it is claimed, then it is given up', async (t) => {
  const gone = { status: 200, body: {} };
  const { client, sent } = createCannedClient([
    conditionFailed(),
    gone,
    conditionFailed(),
    gone,
    conditionFailed(),
    gone,
  ]);
  const record = { deploymentId: 'demo-1', bodyHash: 'hash', createdAt: 5 };
  await t.rejects(createDynamoIdempotency(client, 'demo').claim('key-1', record, 5), { code: 'STORE_UNAVAILABLE' });
  t.equal(sent.length, 6);
});

t.test('given a broken lock, when it is read, then the error is clear and not "unavailable"', async (t) => {
  const { client } = createCannedClient([found({ deployment_id: 'ACTIVE', owner: 'owner-1' })]);
  try {
    await createDynamoDeploymentStore(client, 'demo').active();
    t.fail('it was read');
  } catch (error) {
    t.notOk(isDemoError(error));
    t.match(error, { name: 'BrokenItem', message: 'The stored ACTIVE.version is not a whole number' });
  }
});

t.test('given a query that ends early, when a list is read, then it is continued up to the limit', async (t) => {
  const page = (ids: readonly string[], more: boolean) => ({
    status: 200,
    body: {
      Items: ids.map((id) => ({ deployment_id: { S: id } })),
      ...(more ? { LastEvaluatedKey: { deployment_id: { S: ids.at(-1) } } } : {}),
    },
  });
  const { client, sent } = createCannedClient([page(['a', 'b'], true), page(['c'], true)]);
  const items = await createDynamoTable(client, 'demo').listing({ listed: 'history', before: null, limit: 3 });
  t.strictSame(
    items.map(({ deployment_id }) => deployment_id),
    ['a', 'b', 'c'],
  );
  t.match(sent, [
    { operation: 'Query', input: { Limit: 3, ScanIndexForward: false, IndexName: 'listing' } },
    { operation: 'Query', input: { Limit: 1, ExclusiveStartKey: { deployment_id: { S: 'b' } } } },
  ]);
  t.equal(sent.length, 2, 'the limit is reached, so the rest is not asked for');
});
