import { createHash, randomUUID } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import t from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { createDynamoQuotas } from '../../src/adapters/dynamodb-quotas.ts';
import { createDynamoTable } from '../../src/adapters/dynamodb-table.ts';
import { QUOTA_STARTS_PER_DAY } from '../../src/adapters/store-bounds.ts';
import { quotas as quotaSettings } from '../../src/config-limits.ts';
import type { QuotaLimits, QuotaStart, QuotaStore } from '../../src/lifecycle/ports.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { NO_LIMITS, refused, startOf, TAKEN } from '../contracts/quota-samples.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { LOCAL_ACCESS, useDynamodb } from './dynamodb-under-test.ts';
import { itemSize } from './item-size.ts';

const KEY = 'quota#2026-11-24';
const DAY_MS = 24 * 60 * 60 * 1000;
const HALF_AN_ITEM_BYTES = 200_000;

const embedded = await startEmbeddedDynamodb();
const dynamodb = useDynamodb(embedded.endpoint);

t.teardown(async () => {
  dynamodb.close();
  await embedded.close();
});

const setUp = async () => {
  const tableName = await dynamodb.freshTable();
  return {
    quotas: createDynamoQuotas(dynamodb.client, tableName),
    table: createDynamoTable(dynamodb.client, tableName),
    stored: async () => {
      const key = { deployment_id: { S: KEY } };
      return (await dynamodb.client.send(new GetItemCommand({ TableName: tableName, Key: key }))).Item ?? {};
    },
  };
};

const hashOf = (visitor: string): string => createHash('sha256').update(visitor).digest('hex');

t.test('given a start, when it is counted, then its day expires and holds no more of the visitor', async (t) => {
  const { quotas, table } = await setUp();
  const id = randomUUID();
  const visitorHash = hashOf('anne');
  const short = visitorHash.slice(0, 16);
  await quotas.take(startOf(id, { visitorHash, hasOrigin: false }), NO_LIMITS);
  t.strictSame(await table.get(KEY), {
    deployment_id: KEY,
    expires_epoch_seconds: Date.UTC(2026, 10, 27) / 1000,
    total: 1,
    no_origin: 1,
    [`visitor_${short}`]: 1,
    [`start_${id}`]: { visitor: short, has_origin: false, taken_at: SAMPLE_START },
  });
});

t.test('given starts are given back over and over, when all are, then the item is as small as before', async (t) => {
  const { quotas, table } = await setUp();
  const kept = randomUUID();
  await quotas.take(startOf(kept, { visitorHash: 'kept' }), NO_LIMITS);
  const before = await table.get(KEY);
  for (let round = 0; round < 20; round += 1) {
    const [one, two] = [randomUUID(), randomUUID()];
    await quotas.take(startOf(one, { visitorHash: hashOf(one) }), NO_LIMITS);
    await quotas.take(startOf(two, { visitorHash: hashOf(one) }), NO_LIMITS);
    await quotas.giveBack(one, SAMPLE_START);
    await quotas.giveBack(two, SAMPLE_START);
  }
  t.strictSame(await table.get(KEY), before);
});

t.test('given a day with as many starts as are kept, when one more comes, then the day is full', async (t) => {
  const { quotas, table, stored } = await setUp();
  const many = Array.from({ length: QUOTA_STARTS_PER_DAY - 1 }, () => randomUUID());
  // Written as it would stand after so many starts, each of a visitor of his own and without an Origin.
  await table.put(
    {
      deployment_id: KEY,
      expires_epoch_seconds: SAMPLE_START / 1000,
      total: many.length,
      no_origin: many.length,
      ...Object.fromEntries(many.map((id) => [`visitor_${hashOf(id).slice(0, 16)}`, 1])),
      ...Object.fromEntries(
        many.map((id) => [
          `start_${id}`,
          { visitor: hashOf(id).slice(0, 16), has_origin: false, taken_at: SAMPLE_START + 1 },
        ]),
      ),
    },
    { text: 'attribute_not_exists(deployment_id)' },
  );
  const last = randomUUID();
  const take = (id: string, limits: QuotaLimits) =>
    quotas.take(startOf(id, { visitorHash: hashOf(id), hasOrigin: false, at: SAMPLE_START + 1 }), limits);
  t.strictSame(await take(last, NO_LIMITS), TAKEN);
  t.strictSame(await take(randomUUID(), NO_LIMITS), refused('day'));
  t.strictSame(await take(randomUUID(), { ...NO_LIMITS, perDay: QUOTA_STARTS_PER_DAY + 1 }), refused('day'));
  t.strictSame(await take(last, NO_LIMITS), TAKEN, 'what counts goes on counting');
  const size = itemSize(await stored());
  t.ok(size > 100_000 && size < HALF_AN_ITEM_BYTES, `${size} bytes, of 400 KB that an item may have`);
  await quotas.giveBack(last, SAMPLE_START);
  t.strictSame(await take(randomUUID(), NO_LIMITS), TAKEN);
});

t.test('given the quotas that may be configured, when they are highest, then the store can count so far', async (t) => {
  for (const name of ['perVisitorPerDay', 'perDay', 'noOriginPerDay'] as const) {
    t.match(quotaSettings.properties[name], { anyOf: [{ minimum: 0, maximum: QUOTA_STARTS_PER_DAY }, {}] }, name);
  }
});

/** A client that lets others act just before it reads or writes. */
const meeting = (before: (operation: string) => Promise<void>) => {
  const inner = dynamodb.client.config.requestHandler;
  const handle: typeof inner.handle = async (request, options) => {
    await before(request.headers['x-amz-target']?.split('.')[1] ?? '');
    return inner.handle(request, options);
  };
  const requestHandler = Object.assign(Object.create(inner), { handle });
  return createDynamoClient({ ...LOCAL_ACCESS, endpoint: embedded.endpoint, requestHandler });
};

t.test('given a full day, when a place is given back while it is refused, then it is asked again', async (t) => {
  const tableName = await dynamodb.freshTable();
  const others = createDynamoQuotas(dynamodb.client, tableName);
  const limits = { ...NO_LIMITS, perDay: 1 };
  await others.take(startOf('demo-1'), limits);
  const quotas = createDynamoQuotas(
    meeting(async (operation) => {
      if (operation === 'GetItem') await others.giveBack('demo-1', SAMPLE_START);
    }),
    tableName,
  );
  t.strictSame(await quotas.take(startOf('demo-2'), limits), TAKEN);
  t.equal(await others.countOf(SAMPLE_START), 1);
});

t.test('given counts that change at every try, when a start is taken, then it gives up after a few', async (t) => {
  const tableName = await dynamodb.freshTable();
  const others = createDynamoQuotas(dynamodb.client, tableName);
  const limits = { ...NO_LIMITS, perDay: 1 };
  let writes = 0;
  const quotas = createDynamoQuotas(
    meeting(async (operation) => {
      if (operation === 'GetItem') return others.giveBack('demo-1', SAMPLE_START);
      writes += 1;
      await others.take(startOf('demo-1'), limits);
    }),
    tableName,
  );
  await t.rejects(quotas.take(startOf('demo-2'), limits), { name: 'DemoError', code: 'STORE_UNAVAILABLE' });
  t.equal(writes, 5);
});

t.test(
  "given a visitor's other start that comes and goes, when one is given back, then it gives up as well",
  async (t) => {
    const tableName = await dynamodb.freshTable();
    const others = createDynamoQuotas(dynamodb.client, tableName);
    const anne = { visitorHash: 'anne' };
    await others.take(startOf('demo-1', anne), NO_LIMITS);
    let writes = 0;
    const quotas = createDynamoQuotas(
      meeting(async (operation) => {
        if (operation !== 'UpdateItem') return;
        writes += 1;
        if (writes % 2 === 1) await others.take(startOf('demo-2', anne), NO_LIMITS);
        else await others.giveBack('demo-2', SAMPLE_START);
      }),
      tableName,
    );
    await t.rejects(quotas.giveBack('demo-1', SAMPLE_START), { name: 'DemoError', code: 'STORE_UNAVAILABLE' });
    t.equal(writes, 5);
    await others.giveBack('demo-2', SAMPLE_START);
    t.equal(await others.countOf(SAMPLE_START), 1, 'it counts until somebody succeeds');
    await others.giveBack('demo-1', SAMPLE_START);
    t.equal(await others.countOf(SAMPLE_START), 0);
  },
);

t.test('given an item that is not ours, when it is counted, then it fails and is not written over', async (t) => {
  const { quotas, table } = await setUp();
  await table.put({ deployment_id: KEY, total: 'many' }, { text: 'attribute_not_exists(deployment_id)' });
  await t.rejects(quotas.countOf(SAMPLE_START), { name: 'BrokenItem' });
  await t.rejects(quotas.take(startOf('demo-1'), NO_LIMITS));
  t.strictSame(await table.get(KEY), { deployment_id: KEY, total: 'many' });
});

t.test('given counters somebody has edited, when a start is given back, then it goes all the same', async (t) => {
  const { quotas, table } = await setUp();
  const start = { visitor: 'anne', has_origin: false, taken_at: SAMPLE_START };
  await table.put(
    { deployment_id: KEY, total: 1, 'start_demo-1': start },
    { text: 'attribute_not_exists(deployment_id)' },
  );
  await quotas.giveBack('demo-1', SAMPLE_START);
  t.equal(await quotas.countOf(SAMPLE_START), 0);
  t.notOk('start_demo-1' in ((await table.get(KEY)) ?? {}));
});

interface Move {
  readonly kind: 'take' | 'giveBack';
  readonly start: QuotaStart;
}

const limit = fc.option(fc.integer({ min: 0, max: 3 }), { nil: null });
const limits = fc.record({ perVisitorPerDay: limit, perDay: limit, noOriginPerDay: limit });
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom('take', 'take', 'giveBack'),
  start: fc.record({
    deploymentId: fc.constantFrom('demo-1', 'demo-2', 'demo-3', 'demo-4', 'demo-5'),
    visitorHash: fc.constantFrom('anne', 'bert'),
    hasOrigin: fc.boolean(),
    at: fc.constantFrom(0, 1, DAY_MS),
  }),
});

t.test(
  'given any starts, when they are taken and given back, then it is as if they were counted by hand',
  async (t) => {
    const { quotas } = await setUp();
    let days = 0;
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(limits, fc.array(move, { maxLength: 15 }), async (most, moves) => {
        const memory = createMemoryStore().quotas;
        // Days of its own for every run are as good as a table of its own, and quicker.
        days += 2;
        const first = SAMPLE_START + days * DAY_MS;
        const play = async (store: QuotaStore): Promise<unknown[]> => {
          const answers: unknown[] = [];
          for (const [index, { kind, start }] of moves.entries()) {
            const at = first + start.at + index;
            if (kind === 'giveBack') await store.giveBack(start.deploymentId, at);
            else answers.push(await store.take({ ...start, at }, most));
          }
          return [...answers, await store.countOf(first), await store.countOf(first + DAY_MS)];
        };
        const [expected, found] = [await play(memory), await play(quotas)];
        for (const answer of found) if (typeof answer === 'object') met.add(JSON.stringify(answer));
        if (JSON.stringify(expected) !== JSON.stringify(found)) {
          throw new Error(`${JSON.stringify(expected)}\n${JSON.stringify(found)}`);
        }
      }),
      { numRuns: 40 },
    );
    t.equal(met.size, 4, 'taken, and refused by each of the limits');
  },
);
