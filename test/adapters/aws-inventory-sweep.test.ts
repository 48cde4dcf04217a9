import t from 'tap';
import { CASES } from './aws-inventory-cases.ts';
import { createAwsWorld, demoThings, NAME, OTHER_NAME, OTHERS, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const uuidOf = (index: number): string => `01936e5a-7b1c-7c3d-9e8f-${index.toString(16).padStart(12, '0')}`;

t.test('Given one thing of each kind, each of another deployment, then all of them are found', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.pageSize = 3;
  account.make(...CASES.map(({ tagged }, index) => ({ ...tagged, tags: { deployment_id: uuidOf(index) } })));
  account.index();
  const expected = CASES.map((_, index) => uuidOf(index)).sort();
  t.same(await inventory.sweep(), expected);
  for (const { kind, gone } of CASES) if (gone.length === 0) account.remove(kind);
  const stayed = CASES.flatMap(({ gone }, index) => (gone.length === 0 ? [] : [uuidOf(index)])).sort();
  t.same(await inventory.sweep(), stayed, 'what is gone is gone, however long it is nominated');
});

t.test('Given what AWS still lists although it is gone, then nobody is found', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(...CASES.flatMap(({ tagged, gone }) => gone.map((state) => ({ ...tagged, state }))));
  account.index();
  t.same(await inventory.sweep(), []);
});

t.test('Given things that carry only a name, when something tells the whole id, then they are its', async (t) => {
  for (const teller of [
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
    { kind: 'ec2:instance', id: 'i-1', tags: OURS, state: 'terminated' },
  ]) {
    const { account, inventory, events } = createAwsWorld();
    account.make({ kind: 'eks:cluster', id: NAME }, teller);
    t.same(await inventory.sweep(), [DEPLOYMENT], teller.kind);
    t.same(events, []);
  }
  const { account, inventory } = createAwsWorld();
  account.make({ kind: 'ec2:volume', id: 'vol-1', tags: OURS });
  account.index();
  account.remove('ec2:volume');
  account.make({ kind: 'eks:cluster', id: NAME });
  t.same(await inventory.sweep(), [DEPLOYMENT], 'the tagging API remembers one that is gone');
});

for (const { kind, named } of CASES) {
  for (const thing of named.slice(0, 1)) {
    t.test(
      `Given a ${kind} with our name and no tag anywhere, then it is not known for sure, and told once`,
      async (t) => {
        const { account, inventory, events } = createAwsWorld();
        account.make(thing, ...demoThings(OTHER_DEPLOYMENT));
        t.equal(await inventory.sweep(), null);
        t.equal(await inventory.sweep(), null);
        t.match(events, [
          {
            level: 'error',
            name: 'inventory.sweep_failed',
            fields: { reason: 'named like ours, without a tag', things: [new RegExp(`^${kind} `)] },
          },
        ]);
        t.equal(events.length, 1);
        account.remove(kind, thing.id);
        t.same(await inventory.sweep(), [OTHER_DEPLOYMENT]);
        account.make(thing);
        t.equal(await inventory.sweep(), null);
        t.equal(events.length, 2, 'after it was well in between it is told again');
      },
    );
  }
}

t.test('Given a name that two deployments share, then it is not known whose it is', async (t) => {
  const { account, inventory } = createAwsWorld();
  const twin = `11936e5a-7b1c-7c3d-9e8f-${DEPLOYMENT.slice(-12)}`;
  account.make(
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
    { kind: 'ec2:volume', id: 'vol-2', tags: { deployment_id: twin } },
  );
  t.same(await inventory.sweep(), [DEPLOYMENT, twin]);
  account.make({ kind: 'eks:cluster', id: NAME });
  t.equal(await inventory.sweep(), null);
});

t.test('Given a tag that cannot be read, then the name decides', async (t) => {
  const unreadable = { deployment_id: DEPLOYMENT.toUpperCase() };
  const { account, inventory } = createAwsWorld();
  account.make({ kind: 'ec2:volume', id: 'vol-1', tags: unreadable });
  account.index();
  t.same(await inventory.sweep(), [], 'anybody may use the key for words of his own');
  account.make({ kind: 'ec2:volume', id: 'vol-2', tags: { ...unreadable, Name: NAME } });
  t.equal(await inventory.sweep(), null);
});

t.test("Given our name and another deployment's tag, then the tag decides", async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make({ kind: 'eks:cluster', id: NAME, tags: OTHERS }, { kind: 'ec2:volume', id: 'vol-1', tags: OURS });
  t.same(await inventory.sweep(), [DEPLOYMENT, OTHER_DEPLOYMENT]);
});

t.test('Given names that only look like ours, then nobody is found', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(
    { kind: 'eks:cluster', id: 'demo-applications' },
    { kind: 'ec2:instance', id: 'i-1', tags: { Name: 'demo-of-the-day' } },
    { kind: 'ec2:security-group', id: 'sg-1', name: `${OTHER_NAME}0` },
    { kind: 'elasticloadbalancing:loadbalancer', id: 'a-demo-load-balancer' },
  );
  t.same(await inventory.sweep(), []);
});
