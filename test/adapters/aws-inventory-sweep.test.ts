import t from 'tap';
import type { AwsThing } from '../fakes/aws-account-model.ts';
import { CASES } from './aws-inventory-cases.ts';
import { createAwsWorld, demoThings, NAME, OTHER_NAME, OTHERS, OURS, tagsOf } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const uuidOf = (index: number): string => `01936e5a-7b1c-7c3d-9e8f-${index.toString(16).padStart(12, '0')}`;
const knownIds = async () => [DEPLOYMENT];
const NOT_KNOWN_WHOSE = 'ours, but of which deployment is not known';

t.test('Given one thing of each kind, each of another deployment, then all of them are found', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.pageSize = 3;
  account.make(...CASES.map(({ tagged }, index) => ({ ...tagged, tags: tagsOf(uuidOf(index)) })));
  account.index();
  const expected = CASES.map((_, index) => uuidOf(index)).sort();
  t.same(await inventory.sweep(), expected);
  for (const { kind, gone } of CASES) if (gone.length === 0) account.remove(kind);
  const stayed = CASES.flatMap(({ gone }, index) => (gone.length === 0 ? [] : [uuidOf(index)])).sort();
  t.same(await inventory.sweep(), stayed, 'what is gone is gone, however long it is nominated');
});

t.test('Given what AWS still lists although it is gone, then nobody is found', async (t) => {
  const { account, inventory } = createAwsWorld({ knownIds });
  account.make(...CASES.flatMap(({ tagged, gone }) => gone.map((state) => ({ ...tagged, state }))));
  account.index();
  t.same(await inventory.sweep(), []);
});

for (const { kind, tagged, named } of CASES) {
  t.test(`Given a ${kind} without our mark, then it is ours if our records know its id or its name`, async (t) => {
    const unmarked = { ...tagged, tags: { deployment_id: DEPLOYMENT } };
    for (const thing of [unmarked, ...named]) {
      const { account, inventory, events } = createAwsWorld({ knownIds });
      account.make(thing);
      account.index();
      t.same(await inventory.sweep(), [DEPLOYMENT], thing.id);
      t.same(events, []);
    }
    const { account, inventory, events } = createAwsWorld({ knownIds: async () => [OTHER_DEPLOYMENT] });
    account.make(unmarked, ...named);
    account.index();
    t.same(await inventory.sweep(), [], "somebody else's");
    t.same(events, []);
  });
}

t.test(
  'Given a thing of ours that tells its name or a tag, but no id, then it is not known whose, and told once',
  async (t) => {
    const mark = { demo_installation: OURS.demo_installation };
    const stranger: AwsThing = { kind: 'ec2:volume', id: 'vol-9', tags: { deployment_id: OTHER_DEPLOYMENT } };
    for (const thing of [
      { kind: 'eks:cluster', id: NAME, tags: mark },
      { kind: 'ec2:volume', id: 'vol-1', tags: { ...mark, Name: NAME } },
      { kind: 'ec2:volume', id: 'vol-1', tags: { ...mark, deployment_id: DEPLOYMENT.toUpperCase() } },
    ]) {
      const { account, inventory, events } = createAwsWorld();
      account.make(thing, stranger, ...demoThings(OTHER_DEPLOYMENT));
      t.equal(await inventory.sweep(), null);
      t.equal(await inventory.sweep(), null);
      const fields = { reason: NOT_KNOWN_WHOSE, things: [`${thing.kind} ${thing.id}`] };
      t.match(events, [{ level: 'error', name: 'inventory.sweep_failed', fields }]);
      t.equal(events.length, 1);
      account.remove(thing.kind, thing.id);
      t.same(await inventory.sweep(), [OTHER_DEPLOYMENT]);
      account.make(thing);
      t.equal(await inventory.sweep(), null);
      t.equal(events.length, 2, 'after it was well in between it is told again');
    }
  },
);

t.test('Given a thing of ours without an id, when another one tells the whole id, then it is its', async (t) => {
  const nameless = { kind: 'eks:cluster', id: NAME, tags: { demo_installation: OURS.demo_installation } };
  for (const teller of [
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
    { kind: 'ec2:instance', id: 'i-1', tags: OURS, state: 'terminated' },
  ]) {
    const { account, inventory } = createAwsWorld();
    account.make(nameless, teller);
    t.same(await inventory.sweep(), [DEPLOYMENT], teller.kind);
  }
  const { account, inventory } = createAwsWorld();
  account.make({ kind: 'ec2:volume', id: 'vol-1', tags: OURS });
  account.index();
  account.remove('ec2:volume');
  account.make(nameless);
  t.same(await inventory.sweep(), [DEPLOYMENT], 'the tagging API remembers one that is gone');
});

t.test('Given a name that two deployments share, then it is not known whose it is', async (t) => {
  const twin = `11936e5a-7b1c-7c3d-9e8f-${DEPLOYMENT.slice(-12)}`;
  const { account, inventory } = createAwsWorld({ knownIds: async () => [DEPLOYMENT, twin] });
  account.make(
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
    { kind: 'ec2:volume', id: 'vol-2', tags: tagsOf(twin) },
  );
  t.same(await inventory.sweep(), [DEPLOYMENT, twin]);
  account.make({ kind: 'eks:cluster', id: NAME });
  t.equal(await inventory.sweep(), null);
});

t.test("Given our name and another deployment's tag, then the tag decides", async (t) => {
  const { account, inventory } = createAwsWorld({ knownIds });
  account.make({ kind: 'eks:cluster', id: NAME, tags: OTHERS }, { kind: 'ec2:volume', id: 'vol-1', tags: OURS });
  t.same(await inventory.sweep(), [DEPLOYMENT, OTHER_DEPLOYMENT]);
});

t.test('Given what stays between demos, when it carries only our mark, then it is of no demo', async (t) => {
  const { account, inventory, events } = createAwsWorld({ knownIds });
  const tags = { demo_installation: OURS.demo_installation, Name: 'demo-network' };
  account.make(
    { kind: 'ec2:security-group', id: 'sg-1', name: 'demo-nodes', tags },
    { kind: 'ec2:elastic-ip', id: 'eipalloc-1', tags },
    { kind: 'logs:log-group', id: '/aws/demo', tags },
  );
  account.index();
  t.same(await inventory.sweep(), []);
  t.same(events, []);
});

t.test('Given another installation in the account, then neither stands in the way of the other', async (t) => {
  const { account, inventory, events } = createAwsWorld({ knownIds });
  const theirs = { deployment_id: OTHER_DEPLOYMENT, demo_installation: 'another' };
  account.make(
    ...demoThings(OTHER_DEPLOYMENT).map((thing) => ({
      ...thing,
      ...(thing.tags?.deployment_id ? { tags: theirs } : {}),
    })),
    { kind: 'logs:log-group', id: '/aws/eks/theirs', tags: theirs },
    { kind: 'eks:cluster', id: 'demo-111111111111', tags: { demo_installation: 'another' } },
  );
  account.index();
  t.same(await inventory.sweep(), []);
  account.make(...demoThings(DEPLOYMENT));
  t.same(await inventory.sweep(), [DEPLOYMENT]);
  account.make({ kind: 'ec2:volume', id: 'vol-7', tags: { ...theirs, deployment_id: DEPLOYMENT } });
  for (const { kind, id } of demoThings(DEPLOYMENT)) account.remove(kind, id);
  t.same(await inventory.sweep(), [DEPLOYMENT], 'an id that we made is ours, whatever was written beside it');
  t.same(events, []);
});

t.test(
  'Given somebody who uses our tag key for thousands of things of every type, then that is no hindrance',
  async (t) => {
    const { account, inventory, events } = createAwsWorld({ knownIds });
    const strangers = ['0a8e1b9c-5d5f-4c3d-9e8f-0a1b2c3d4e5f', '01936e5a-7b1c-7c3d-9e8f-0000000000ff', 'blue'];
    const things = Array.from({ length: 3_000 }, (_, index) => ({
      kind: index % 3 === 0 ? 'rds:db' : 'ec2:volume',
      id: `vol-${index}`,
      tags: { deployment_id: strangers[index % 3] ?? '', Name: `demo-${index.toString(16).padStart(12, '0')}` },
    }));
    account.make(...things);
    account.index();
    account.nominations.push({
      ResourceARN: 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-1',
      Tags: [{ Key: 'deployment_id', Value: OTHER_DEPLOYMENT }],
    });
    t.same(await inventory.sweep(), []);
    t.same(events, []);
  },
);

for (const [what, nomination] of [
  ['of our mark', OTHERS],
  ['of an id that our records know', { deployment_id: DEPLOYMENT }],
] as const) {
  t.test(`Given a nominee ${what} that nothing here can confirm, then it is not known for sure`, async (t) => {
    for (const arn of ['arn:aws:rds:us-east-1:123456789012:db:x', 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-1']) {
      const { account, inventory } = createAwsWorld({ knownIds });
      const Tags = Object.entries(nomination).map(([Key, Value]) => ({ Key, Value }));
      account.nominations.push({ ResourceARN: arn, Tags });
      t.equal(await inventory.sweep(), null, arn);
    }
  });
}

t.test('Given our records cannot be read or are long, when it is swept, then that is unknown or bounded', async (t) => {
  const broken = createAwsWorld({ knownIds: () => Promise.reject(new Error('made up')) });
  t.equal(await broken.inventory.sweep(), null);
  t.match(broken.events, [{ fields: { reason: 'the inventory failed: Error' } }]);
  const ids = Array.from({ length: 21 }, (_, index) => uuidOf(index));
  const { account, inventory, events } = createAwsWorld({ knownIds: async () => ids });
  account.make({ kind: 'ec2:volume', id: 'vol-20', tags: { deployment_id: uuidOf(20) } });
  t.same(await inventory.sweep(), [], 'only the latest twenty count');
  account.make({ kind: 'ec2:volume', id: 'vol-19', tags: { deployment_id: uuidOf(19) } });
  t.same(await inventory.sweep(), [uuidOf(19)]);
  t.same(events, []);
});

t.test('Given names that only look like ours, then nobody is found', async (t) => {
  const { account, inventory } = createAwsWorld({ knownIds: async () => [OTHER_DEPLOYMENT] });
  account.make(
    { kind: 'eks:cluster', id: 'demo-applications' },
    { kind: 'ec2:instance', id: 'i-1', tags: { Name: 'demo-of-the-day' } },
    { kind: 'ec2:security-group', id: 'sg-1', name: `${OTHER_NAME}0` },
    { kind: 'elasticloadbalancing:loadbalancer', id: 'a-demo-load-balancer' },
  );
  t.same(await inventory.sweep(), []);
});
