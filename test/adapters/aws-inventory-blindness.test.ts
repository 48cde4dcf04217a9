import t, { type Test } from 'tap';
import { latestIdsOf } from '../../src/adapters/aws-inventory.ts';
import { LANDMARK } from '../fakes/aws-account-model.ts';
import { createAwsWorld, demoThings, EMPTY_READING, OTHERS, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

/** Whatever must not be taken for an empty account. */

const knownIds = async () => [DEPLOYMENT];

t.test('Given another account or region, where the landmark is not, then it is not empty but unknown', async (t) => {
  const { account, inventory, events } = createAwsWorld();
  const seen = 'ec2:DescribeSecurityGroups: the security group that is always there is not';
  account.remove(LANDMARK.kind, LANDMARK.id);
  const unknown = { answer: 'unknown', count: 0, detail: [seen] };
  t.same(await inventory.read(DEPLOYMENT), unknown);
  t.equal(await inventory.sweep(), null);
  t.match(events, [{ name: 'inventory.sweep_failed', fields: { reason: seen } }]);
  account.make({ ...LANDMARK, tags: { demo_installation: 'another' } });
  t.same(await inventory.read(DEPLOYMENT), unknown, "a neighbour's is not ours");
  account.make({ ...LANDMARK, id: 'sg-2', tags: OTHERS });
  t.same(await inventory.read(DEPLOYMENT), unknown, 'and what goes with a demo is none');
  account.make(LANDMARK);
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
});

for (const [what, tags] of [
  ['our id', OURS],
  ['our name', { Name: 'demo-0a1b2c3d4e5f' }],
  ['our cluster', { 'kubernetes.io/cluster/demo-0a1b2c3d4e5f': 'owned' }],
] as const) {
  t.test(`Given a thing found by a tag with ${what}, when its answer has no tags, then it counts`, async (t) => {
    const { account, inventory } = createAwsWorld({ knownIds });
    account.make({ kind: 'ec2:volume', id: 'vol-1', tags, isWithoutTags: true });
    const detail = ['ec2:DescribeVolumes: an answer without tags'];
    t.same(await inventory.read(DEPLOYMENT), { answer: 'unknown', count: 0, detail });
    t.equal(await inventory.sweep(), null);
    t.same(await inventory.read(OTHER_DEPLOYMENT), EMPTY_READING, 'the neighbour is none the worse');
  });
}

t.test('Given a nominee without tags, then nothing is known', async (t) => {
  const { account, inventory } = createAwsWorld();
  const Tags = Object.entries(OURS).map(([Key, Value]) => ({ Key, Value }));
  const ResourceARN = 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1';
  account.nominations.push({ ResourceARN, Tags, isWithoutTags: true });
  t.match(await inventory.read(DEPLOYMENT), {
    answer: 'unknown',
    detail: ['tag:GetResources: an answer without tags'],
  });
  t.equal(await inventory.sweep(), null);
});

const LOAD_BALANCER = 'elasticloadbalancing:loadbalancer';
const strangers = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ kind, id: `web-${index}`, tags: { team: 'web' } }));

t.test('Given many load balancers, when one goes meanwhile, then ours is still seen among all others', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(...strangers(LOAD_BALANCER, 44), { kind: LOAD_BALANCER, id: 'k8s-web-0a1b', tags: OURS });
  const seen = { answer: 'leftovers', count: 1, detail: [`${LOAD_BALANCER} k8s-web-0a1b`] };
  t.same(await inventory.read(DEPLOYMENT), seen);
  const asked = () => account.calls.filter((action) => action === 'elasticloadbalancing:DescribeTags').length;
  t.equal(asked(), 3, 'twenty at once');
  for (const gone of ['web-0', 'web-30', 'web-43']) {
    account.calls.length = 0;
    account.before = (action) => {
      if (action === 'elasticloadbalancing:DescribeTags') account.remove(LOAD_BALANCER, gone);
    };
    t.same(await inventory.read(DEPLOYMENT), seen, gone);
    t.ok(asked() > 3, 'those beside it one by one');
  }
});

for (const [kind, most, action] of [
  [LOAD_BALANCER, 400, 'elasticloadbalancing:DescribeLoadBalancers'],
  ['eks:cluster', 100, 'eks:ListClusters'],
] as const) {
  t.test(`Given more of ${kind} than can be asked for, then nothing is known`, async (t) => {
    const { account, inventory } = createAwsWorld();
    account.make(...strangers(kind, most));
    t.same(await inventory.read(DEPLOYMENT), EMPTY_READING, `${most}`);
    account.make({ kind, id: 'one-more' });
    t.match(await inventory.read(DEPLOYMENT), { answer: 'unknown', detail: [`${action}: more than ${most}`] });
  });
}

t.test(
  'Given a type with a name without end, when it cannot be confirmed, then the reason fits a record',
  async (t) => {
    const { account, inventory, events } = createAwsWorld();
    const Tags = Object.entries(OURS).map(([Key, Value]) => ({ Key, Value }));
    account.nominations.push({ ResourceARN: `arn:aws:made:us-east-1:123456789012:${'x'.repeat(500)}/1`, Tags });
    const { detail } = await inventory.read(DEPLOYMENT);
    t.equal(detail[0]?.length, 120);
    t.equal(await inventory.sweep(), null);
    t.match(events, [{ fields: { reason: /^.{120}$/ } }]);
  },
);

/** Every wait that is begun from here on is over at once. */
const expireWaits = (t: Test): readonly number[] => {
  const waits: number[] = [];
  const { setTimeout } = globalThis;
  const expire = (run: () => void, delayMs: number) => {
    waits.push(delayMs);
    return setTimeout(run, 0);
  };
  t.intercept(globalThis, 'setTimeout', { value: expire });
  return waits;
};

t.test('Given no answer, when its time is over, then a sweep has less of it than a visitor waits', async (t) => {
  const { account, inventory, events } = createAwsWorld();
  account.faultOf = () => 'hang';
  const waits = expireWaits(t);
  t.equal(await inventory.sweep(), null);
  t.match(await inventory.read(DEPLOYMENT), { answer: 'unknown', detail: ['no answer within 9000 ms'] });
  t.same(waits, [4_000, 9_000]);
  t.match(events, [{ fields: { reason: 'no answer within 4000 ms' } }]);
});

t.test('Given our records hang, when a sweep is made, then it ends in the same time', async (t) => {
  const { inventory, events } = createAwsWorld({ sweepTimeoutMs: 20, knownIds: () => new Promise(() => {}) });
  t.equal(await inventory.sweep(), null);
  t.match(events, [{ fields: { reason: 'no answer within 20 ms' } }]);
});

t.test('Given the records, when the latest ids are read, then they are the running one and those before', async (t) => {
  const idOf = (index: number): string => `01936e5a-7b1c-7c3d-9e8f-${String(index).padStart(12, '0')}`;
  const ended = Array.from({ length: 30 }, (_, index) => ({ id: idOf(index) }));
  const asked: unknown[] = [];
  type Store = Parameters<typeof latestIdsOf>[0];
  const storeWith = (owner: string | null) =>
    ({
      active: async () => (owner === null ? null : { deployment: { owner } }),
      ledger: async (query: { readonly limit: number }) => {
        asked.push(query);
        return { tombstones: ended.slice(0, query.limit), next: null };
      },
    }) as unknown as Store;
  const latest = ended.map(({ id }) => id);
  t.same(await latestIdsOf(storeWith(null))(), latest.slice(0, 20));
  t.same(await latestIdsOf(storeWith(DEPLOYMENT))(), [DEPLOYMENT, ...latest.slice(0, 19)]);
  t.same(await latestIdsOf(storeWith(idOf(3)))(), [idOf(3), ...latest.slice(0, 20).filter((id) => id !== idOf(3))]);
  t.same(asked[0], { limit: 20, before: null });
});

t.test('Given a demo without its landmark, then what is seen counts, and a sweep may have missed others', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(...demoThings(DEPLOYMENT));
  account.remove(LANDMARK.kind, LANDMARK.id);
  t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers' });
  t.equal(await inventory.sweep(), null);
});
