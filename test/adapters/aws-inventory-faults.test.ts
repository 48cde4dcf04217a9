import t from 'tap';
import { INVENTORY_ACTIONS, type InventoryAction } from '../../src/adapters/aws-actions.ts';
import { AWS_FAULTS, type AwsFault } from '../fakes/aws-account.ts';
import type { AwsThing } from '../fakes/aws-account-model.ts';
import { createAwsWorld, demoThings, EMPTY_READING, NAME, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT } from './gitlab-answers.ts';

/** These answer with one thing or a whole list, and never with a page that leads to another. */
const WITHOUT_PAGES: readonly InventoryAction[] = [
  'ec2:DescribeAddresses',
  'eks:DescribeCluster',
  'eks:DescribeNodegroup',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeTags',
];

const FURTHER_THINGS: readonly AwsThing[] = [
  { kind: 'ec2:natgateway', id: 'nat-1', tags: OURS },
  { kind: 'ec2:security-group-rule', id: 'sgr-1', tags: OURS },
];

// One account for all, emptied each time: to make the clients takes longer than to ask them.
const { account, inventory } = createAwsWorld();
t.beforeEach(() => account.clear());

const makeDemo = (): void => {
  account.make(...demoThings(DEPLOYMENT), { kind: 'eks:nodegroup', id: `${NAME}/workers` });
  account.index();
};

/** How an answer may lack what every kind looks for in it; the rest is the same for all actions of a service. */
const PER_ACTION: readonly AwsFault[] = ['denied', 'other-document', 'empty-body'];
const PER_SERVICE: readonly InventoryAction[] = [
  'autoscaling:DescribeAutoScalingGroups',
  'ec2:DescribeLaunchTemplates',
  'eks:ListNodegroups',
  'elasticloadbalancing:DescribeLoadBalancers',
  'tag:GetResources',
];

for (const action of INVENTORY_ACTIONS) {
  t.test(`Given ${action} fails in any way, then nothing is known`, async (t) => {
    makeDemo();
    const faults = PER_SERVICE.includes(action) ? [...AWS_FAULTS, 'loop' as const, 'endless' as const] : PER_ACTION;
    for (const fault of faults) {
      let met = 0;
      account.faultOf = (asked) => {
        if (asked !== action) return null;
        met += 1;
        return fault;
      };
      const { answer, count, detail } = await inventory.read(DEPLOYMENT);
      t.same([answer, count, detail.length], ['unknown', 0, 1], fault);
      t.ok(met > 0, `${fault}: it was asked`);
      t.match(detail[0], /^[a-z0-9]+:[A-Za-z]+: /);
      t.notMatch(detail[0], /arn:|\d{12}|made up/);
      if (fault === 'loop') t.match(detail[0], /a page that leads back$/);
    }
    if (PER_SERVICE.includes(action)) t.equal(await inventory.sweep(), null);
  });
}

t.test('Given only a further page fails, then nothing is known', async (t) => {
  const twice = [...demoThings(DEPLOYMENT), { kind: 'eks:nodegroup', id: `${NAME}/workers` }, ...FURTHER_THINGS];
  // Only these are nominated, so that their list is not longer than any list may be.
  account.make({ kind: 'ec2:volume', id: 'vol-8', tags: OURS }, { kind: 'ec2:volume', id: 'vol-9', tags: OURS });
  account.index();
  account.make(...twice.flatMap((thing) => [thing, { ...thing, id: `${thing.id}-2` }]));
  account.pageSize = 1;
  t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers' });
  for (const action of INVENTORY_ACTIONS.filter((candidate) => !WITHOUT_PAGES.includes(candidate))) {
    let met = 0;
    account.faultOf = (asked, _before, isFurtherPage) => {
      if (asked !== action || !isFurtherPage) return null;
      met += 1;
      return 'denied';
    };
    t.match(await inventory.read(DEPLOYMENT), { answer: 'unknown' }, action);
    t.ok(met > 0, `${action}: it was asked`);
  }
});

t.test('Given a throttle that passes, then it is asked again and the answer counts', async (t) => {
  const { account, inventory } = createAwsWorld({ realTries: 3 });
  account.faultOf = (_action, before) => (before === 0 ? 'throttled' : null);
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
});

t.test('Given a throttle that lasts, then it is asked three times and no more', async (t) => {
  const { account, inventory } = createAwsWorld({ realTries: 3 });
  account.faultOf = (action) => (action === 'eks:ListClusters' ? 'throttled' : null);
  t.match(await inventory.read(DEPLOYMENT), { answer: 'unknown', detail: ['eks:ListClusters: ThrottlingException'] });
  t.equal(account.calls.filter((action) => action === 'eks:ListClusters').length, 3);
});

t.test('Given no answer at all, then nothing is known when the time is over', async (t) => {
  const { account, inventory, events } = createAwsWorld({ realTries: 1, readingTimeoutMs: 20, sweepTimeoutMs: 20 });
  account.faultOf = () => 'hang';
  t.same(await inventory.read(DEPLOYMENT), { answer: 'unknown', count: 0, detail: ['no answer within 20 ms'] });
  t.equal(await inventory.sweep(), null);
  t.match(events, [{ name: 'inventory.sweep_failed', fields: { reason: 'no answer within 20 ms' } }]);
});

t.test('Given an error, when it is told, then nothing more is sent', async (t) => {
  makeDemo();
  account.faultOf = (action) => (action === 'eks:ListClusters' ? 'denied' : null);
  await inventory.read(DEPLOYMENT);
  const sent = account.calls.length;
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(account.calls.length, sent);
  t.notOk(account.calls.includes('ec2:DescribeVolumes'));
});

t.test('Given a whole demo, when it is read, then four requests at most are under way at once', async (t) => {
  makeDemo();
  await inventory.read(DEPLOYMENT);
  t.equal(account.mostAtOnce, 4);
});

/** What makes the other one, and then goes. */
const MOVES: readonly (readonly [AwsThing, AwsThing])[] = [
  [
    { kind: 'eks:cluster', id: NAME },
    { kind: 'ec2:network-interface', id: 'eni-1', name: `Amazon EKS ${NAME}` },
  ],
  [
    { kind: 'autoscaling:autoScalingGroup', id: NAME },
    { kind: 'ec2:instance', id: 'i-1', tags: OURS },
  ],
  [
    { kind: 'ec2:instance', id: 'i-1', tags: OURS },
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
  ],
];

const labelOf = ({ kind, id }: AwsThing): string => `${kind} ${id}`;

for (const [maker, made] of MOVES) {
  t.test(
    `Given a ${maker.kind} that leaves a ${made.kind} in the middle of it, then one of them is seen`,
    async (t) => {
      const asked = new Set<string>();
      const seen = new Set<string>();
      for (const moment of INVENTORY_ACTIONS) {
        account.clear();
        account.make(maker);
        let hasMoved = false;
        account.before = (action) => {
          if (hasMoved || action !== moment) return;
          hasMoved = true;
          account.remove(maker.kind);
          account.make(made);
        };
        const { answer, count, detail } = await inventory.read(DEPLOYMENT);
        t.equal(answer, 'leftovers', moment);
        t.equal(count, detail.length);
        t.same(
          detail.filter((label) => label !== labelOf(maker) && label !== labelOf(made)),
          [],
          'and nothing else',
        );
        if (!hasMoved) t.same(detail, [labelOf(maker)], `${moment} is not asked`);
        else asked.add(moment);
        for (const label of detail) seen.add(label);
      }
      t.ok(asked.has('tag:GetResources') && asked.has('ec2:DescribeVolumes'), 'from the first moment to the last');
      t.same([...seen].sort(), [labelOf(maker), labelOf(made)].sort(), 'each of them, by when it happened');
    },
  );
}
