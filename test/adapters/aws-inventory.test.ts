import t from 'tap';
import { INVENTORY_ACTIONS } from '../../src/adapters/aws-actions.ts';
import { EKS_PARTS, inCluster } from './aws-inventory-cases.ts';
import { createAwsWorld, demoThings, EMPTY_READING, NAME, OTHER_NAME, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

for (const kind of EKS_PARTS) {
  t.test(`Given a nominated ${kind}, then it is there as long as its cluster is`, async (t) => {
    const { account, inventory } = createAwsWorld();
    account.make({ kind: 'eks:cluster', id: 'shared' }, { kind, id: 'shared/role/123456789012/node/0a1b', tags: OURS });
    account.index();
    t.same(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1, detail: [`${kind} of shared`] });
    account.remove('eks:cluster');
    account.make({ kind: 'eks:cluster', id: 'shared', state: 'DELETING' });
    t.match(await inventory.read(DEPLOYMENT), { answer: 'deleting', count: 1 });
    account.remove('eks:cluster');
    t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
  });
}

t.test('Given the node group of our cluster, whatever it is called, then it is seen', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make({ kind: 'eks:cluster', id: NAME, state: 'DELETING' }, { kind: 'eks:nodegroup', id: `${NAME}/workers` });
  t.same(await inventory.read(DEPLOYMENT), {
    answer: 'leftovers',
    count: 2,
    detail: [`eks:nodegroup ${NAME}/workers`, `eks:cluster ${NAME}`],
  });
});

t.test("Given two neighbours' whole demos, then each sees its own", async (t) => {
  const { account, inventory } = createAwsWorld();
  account.pageSize = 3;
  account.make(...demoThings(OTHER_DEPLOYMENT));
  account.index();
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
  account.make(...demoThings(DEPLOYMENT));
  account.index();
  for (const [id, name] of [
    [DEPLOYMENT, NAME],
    [OTHER_DEPLOYMENT, OTHER_NAME],
  ] as const) {
    const { answer, count, detail } = await inventory.read(id);
    t.same([answer, count, detail.length], ['leftovers', demoThings(id).length, 10]);
    t.equal(detail[0], `eks:cluster ${name}`);
    t.notMatch(detail.join('\n'), /arn:|123456789012/);
  }
});

t.test('Given a name that only begins like ours, then it is not ours', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(
    { kind: 'ec2:security-group', id: 'sg-1', name: `${NAME}0` },
    { kind: 'ec2:instance', id: 'i-1', tags: { Name: `x${NAME}` } },
    { kind: 'eks:cluster', id: `${NAME}ab` },
    { kind: 'autoscaling:autoScalingGroup', id: 'demo-applications' },
  );
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
});

t.test('Given a network interface of a node that is gone, then its description tells whose it was', async (t) => {
  const node = { kind: 'ec2:instance', id: 'i-1', tags: OURS };
  const left = { kind: 'ec2:network-interface', id: 'eni-1', name: 'aws-K8S-i-1' };
  const tagged = { kind: 'ec2:network-interface', id: 'eni-2', tags: { 'node.k8s.amazonaws.com/instance_id': 'i-1' } };
  const { account, inventory } = createAwsWorld();
  account.make(left, tagged, { kind: 'ec2:network-interface', id: 'eni-3', name: 'aws-K8S-i-12' });
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING, 'nobody knows that the node was ours');
  account.make({ ...node, state: 'terminated' });
  t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 2 });
  account.index();
  account.remove('ec2:instance');
  t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 2 }, 'the tagging API remembers the node');
  t.same(await inventory.sweep(), [DEPLOYMENT]);
});

t.test('Given things that AWS manages and an account that hides them, then they are seen', async (t) => {
  for (const thing of [
    { kind: 'ec2:instance', id: 'i-1' },
    { kind: 'ec2:volume', id: 'vol-1' },
    { kind: 'ec2:network-interface', id: 'eni-1' },
    { kind: 'ec2:launch-template', id: 'lt-1' },
    { kind: 'autoscaling:autoScalingGroup', id: 'workers' },
  ]) {
    const { account, inventory } = createAwsWorld();
    account.make({ ...thing, tags: OURS, isManaged: true });
    t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1 }, thing.kind);
  }
});

t.test('Given what goes with a thing that is being deleted, then it is being deleted as well', async (t) => {
  const { account, inventory } = createAwsWorld();
  const managed = { ...OURS, 'eks:cluster-name': NAME, 'eks:nodegroup-name': 'workers' };
  account.make(
    { kind: 'eks:cluster', id: NAME, state: 'DELETING' },
    { kind: 'eks:nodegroup', id: `${NAME}/workers`, state: 'DELETING' },
    { kind: 'autoscaling:autoScalingGroup', id: 'eks-workers', tags: managed },
    { kind: 'ec2:launch-template', id: 'lt-1', name: 'eks-0a1b', tags: managed },
    { kind: 'ec2:instance', id: 'i-1', tags: { ...OURS, 'aws:autoscaling:groupName': 'eks-workers' } },
    { kind: 'ec2:volume', id: 'vol-1', tags: OURS, instanceId: 'i-1' },
    { kind: 'ec2:network-interface', id: 'eni-1', tags: OURS, instanceId: 'i-1' },
    { kind: 'ec2:network-interface', id: 'eni-2', name: `Amazon EKS ${NAME}` },
    { kind: 'ec2:security-group', id: 'sg-1', name: 'x', tags: { 'aws:eks:cluster-name': NAME } },
  );
  t.match(await inventory.read(DEPLOYMENT), { answer: 'deleting', count: 9 });
  account.make({ kind: 'ec2:volume', id: 'vol-2', tags: OURS });
  const { answer, detail } = await inventory.read(DEPLOYMENT);
  t.equal(answer, 'leftovers');
  t.equal(detail[0], 'ec2:volume vol-2', 'what is not being deleted is named first');
});

t.test('Given what was to go with a thing that is gone, then it is left over', async (t) => {
  for (const things of [
    [
      { kind: 'ec2:instance', id: 'i-1', tags: OURS, state: 'terminated' },
      { kind: 'ec2:volume', id: 'vol-1', tags: OURS, instanceId: 'i-1' },
    ],
    [{ kind: 'ec2:network-interface', id: 'eni-1', name: `Amazon EKS ${NAME}` }],
  ]) {
    const { account, inventory } = createAwsWorld();
    account.make(...things);
    t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1 });
  }
});

t.test("Given a nominee by Kubernetes' own tags, then it is confirmed like any other", async (t) => {
  for (const tags of [inCluster, { 'elbv2.k8s.aws/cluster': NAME }]) {
    const { account, inventory } = createAwsWorld();
    account.make({ kind: 'elasticloadbalancing:loadbalancer', id: 'k8s-web-0a1b', tags });
    account.index();
    t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1 });
    account.remove('elasticloadbalancing:loadbalancer');
    t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
  }
});

for (const kind of ['logs:log-group', 'rds:db', 'ec2:snapshot', 'iam:role']) {
  t.test(`Given a nominated ${kind}, which nothing here can confirm, then nothing is known`, async (t) => {
    const { account, inventory, events } = createAwsWorld();
    account.make({ kind, id: 'made-up', tags: OURS });
    account.index();
    t.same(await inventory.read(DEPLOYMENT), {
      answer: 'unknown',
      count: 0,
      detail: [`${kind}: nothing here can confirm it`],
    });
    t.same(await inventory.read(OTHER_DEPLOYMENT), EMPTY_READING, 'the neighbour is none the worse');
    t.equal(await inventory.sweep(), null);
    t.match(events, [
      { level: 'error', name: 'inventory.sweep_failed', fields: { reason: /nothing here can confirm/ } },
    ]);
  });
}

for (const [what, ResourceARN, reason] of [
  ['of another region', 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-1', /^ec2:volume: in another region$/],
  [
    'of a classic load balancer',
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/web',
    /^elastic.*:loadb/,
  ],
  ['that is none', 'vol-1', /^tag:GetResources: an ARN/],
  ['that is empty', '', /^tag:GetResources: an ARN/],
] as const) {
  t.test(`Given a nominee with an ARN ${what}, then nothing is known`, async (t) => {
    const { account, inventory } = createAwsWorld();
    account.nominations.push({ ResourceARN, Tags: [{ Key: 'deployment_id', Value: DEPLOYMENT }] });
    const { answer, detail } = await inventory.read(DEPLOYMENT);
    t.equal(answer, 'unknown');
    t.match(detail[0], reason);
    t.notMatch(detail[0], /arn:|\d{12}/);
  });
}

t.test('Given hundreds of nominees that are gone, then they are asked for in requests of a bounded size', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(...Array.from({ length: 450 }, (_, index) => ({ kind: 'ec2:volume', id: `vol-${index}`, tags: OURS })));
  account.index();
  account.remove('ec2:volume');
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
  account.make({ kind: 'ec2:volume', id: 'vol-449' });
  t.match(
    await inventory.read(DEPLOYMENT),
    { answer: 'leftovers', count: 1 },
    'a tag that was taken off changes nothing',
  );
});

t.test('Given a whole demo, when it is read and swept, then exactly the listed actions are used', async (t) => {
  const { account, inventory } = createAwsWorld();
  account.make(...demoThings(DEPLOYMENT), { kind: 'eks:nodegroup', id: `${NAME}/workers` });
  account.index();
  await inventory.read(DEPLOYMENT);
  await inventory.sweep();
  t.strictSame([...new Set(account.calls)].sort(), [...INVENTORY_ACTIONS]);
  t.strictSame([...INVENTORY_ACTIONS].sort(), [...INVENTORY_ACTIONS], 'in order');
  for (const action of INVENTORY_ACTIONS) t.match(action, /^[a-z0-9]+:(?:Describe|List|GetResources$)/);
});

t.test('Given what is no id of a deployment, then nothing is asked and nothing is known', async (t) => {
  const { account, inventory } = createAwsWorld();
  for (const id of ['', '*', 'ACTIVE', DEPLOYMENT.toUpperCase()]) {
    t.same(await inventory.read(id), { answer: 'unknown', count: 0, detail: ['not the id of a deployment'] });
  }
  t.same(account.calls, []);
});
