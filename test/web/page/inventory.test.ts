import t from 'tap';
import { RESOURCE_TABLE } from '../../../src/local/gitlab-simulator/trace/resource-table.ts';
import { browserModule } from './browser-module.ts';

interface Course {
  readonly isBuilt: boolean;
  readonly isGone: boolean;
  readonly isFalling: boolean;
  readonly isLinked: boolean;
}
interface Summary {
  readonly total: number;
  readonly there: number;
  readonly gone: number;
  readonly parts: readonly { id: string; state: string; total: number; there: number; busy: number }[];
}
interface StageLike {
  readonly name: string;
  readonly direction: string;
  readonly state: string;
}
interface Module {
  createInventory(): {
    note(event: { address: string; change: string } | null): void;
    clear(): void;
    summary(course: Course): Summary;
  };
  courseOf(stages: readonly StageLike[], run: { isOver: boolean; isFalling: boolean; isLinked: boolean }): Course;
  summaryWords(summary: Summary, isFalling: boolean): string;
  busyWith(summary: Summary): { words: string; why: string | null; file: string | null } | null;
}

const { createInventory, courseOf, summaryWords, busyWith } = await browserModule<Module>('inventory.js');
const { partOf, PARTS } = await browserModule<{
  partOf(address: string): string | null;
  PARTS: readonly { id: string }[];
}>('parts.js');
const { WIDE, NARROW } =
  await browserModule<Record<'WIDE' | 'NARROW', { width: number; height: number; boxes: Record<string, number[]> }>>(
    'picture-layout.js',
  );

const RISING: Course = { isBuilt: false, isGone: false, isFalling: false, isLinked: false };
const CLUSTER = 'module.cluster.aws_eks_cluster.this';
const LOAD_BALANCER = 'aws_lb.demo';

const filled = (...events: readonly (readonly [string, string])[]) => {
  const inventory = createInventory();
  for (const [address, change] of events) inventory.note({ address, change });
  return inventory;
};
const partIn = ({ parts }: Summary, id: string) => parts.find((part) => part.id === id);

t.test('given everything the simulator builds, when a part is looked up, then each has one', async (t) => {
  const homeless = RESOURCE_TABLE.filter(({ address }) => partOf(address) === null).map(({ address }) => address);
  t.strictSame(homeless, []);
  t.ok(RESOURCE_TABLE.length >= 10);
});

t.test('given names that begin alike, when a part is looked up, then the longest beginning decides', async (t) => {
  const cases: Readonly<Record<string, string | null>> = {
    'aws_vpc.demo': 'network',
    'aws_vpc_security_group_ingress_rule.visitors["https"]': 'firewall',
    'aws_route.internet': 'network',
    'aws_route53_record.demo': 'name',
    'aws_route_table_association.public["a"]': 'subnets',
    'aws_eks_access_entry.nodes': 'roles',
    'aws_eks_cluster.demo': 'cluster',
    'module.x["aws_lb.y"].aws_iam_role.node': 'roles',
    'namespace/demo': 'pods',
    'serviceaccount/web': 'settings',
    'service/web': 'pods',
    'google_thing.x': null,
    web: null,
  };
  for (const [address, part] of Object.entries(cases)) t.equal(partOf(address), part, address);
});

t.test('given the picture, when its layouts are read, then every part has a box inside it in both', async (t) => {
  for (const { width, height, boxes } of [WIDE, NARROW]) {
    t.strictSame(Object.keys(boxes).toSorted(), PARTS.map(({ id }) => id).toSorted());
    for (const [id, [x = -1, y = -1, boxWidth = 0, boxHeight = 0]] of Object.entries(boxes)) {
      t.ok(x >= 0 && y >= 0 && x + boxWidth <= width && y + boxHeight <= height && boxWidth > 60, id);
    }
  }
});

t.test('given the lines of a way up and down, when they are noted, then a part goes through its states', async (t) => {
  const inventory = createInventory();
  const stateAfter = (change: string, course = RISING) => {
    inventory.note({ address: CLUSTER, change });
    return partIn(inventory.summary(course), 'cluster')?.state;
  };
  t.strictSame(
    ['planned', 'creating', 'made', 'destroying', 'gone'].map((change) => stateAfter(change)),
    ['planned', 'creating', 'made', 'destroying', 'gone'],
  );
  t.equal(stateAfter('planned'), 'planned', 'what is gone can be planned again');
});

t.test('given a plan that comes late, when it is noted, then what exists goes on existing', async (t) => {
  const inventory = filled([CLUSTER, 'made'], [CLUSTER, 'planned'], ['namespace/demo', 'gone']);
  t.match(inventory.summary(RISING), { total: 1, there: 1, gone: 0 });
});

t.test('given a part of several resources, when some are there, then it is counted', async (t) => {
  const inventory = filled(
    [LOAD_BALANCER, 'made'],
    ['aws_lb_target_group.demo', 'creating'],
    ['aws_lb_listener.x', 'planned'],
  );
  t.match(partIn(inventory.summary(RISING), 'balancer'), { state: 'creating', total: 3, there: 1, busy: 1 });
});

t.test('given a plan that leaves out a part that may stand for good, then it is said to stand', async (t) => {
  const summary = filled([CLUSTER, 'planned']).summary(RISING);
  t.equal(partIn(summary, 'network')?.state, 'standing');
  t.equal(partIn(summary, 'balancer')?.state, 'planned', 'what costs money does not stand for good');
  t.equal(partIn(createInventory().summary(RISING), 'network')?.state, 'unknown', 'without a plan nothing is known');
});

t.test('given lines that were missed, when a stage has ended, then the stage decides', async (t) => {
  const stages = (apply: string, destroy: string | null) => [
    { name: 'apply', direction: 'apply', state: apply },
    ...(destroy === null ? [] : [{ name: 'destroy', direction: 'destroy', state: destroy }]),
  ];
  const run = { isOver: false, isFalling: false, isLinked: false };
  const inventory = filled([CLUSTER, 'planned'], [LOAD_BALANCER, 'creating']);
  t.match(inventory.summary(courseOf(stages('running', null), run)), { there: 0 });
  t.match(inventory.summary(courseOf(stages('succeeded', null), run)), { there: 2 });
  t.match(inventory.summary(courseOf(stages('succeeded', 'running'), run)), { there: 2 });
  t.match(filled([CLUSTER, 'made']).summary(courseOf(stages('succeeded', 'succeeded'), run)), { there: 0, gone: 1 });
  t.match(filled([CLUSTER, 'made']).summary(courseOf([], { ...run, isOver: true })), { gone: 1 });
});

t.test(
  'given no line at all, when the stages have ended, then every part follows them that cannot be there for good',
  async (t) => {
    const empty = createInventory();
    const states = (course: Course) =>
      new Set(
        empty
          .summary(course)
          .parts.filter(({ id }) => id !== 'link')
          .map(({ state }) => state),
      );
    t.strictSame(states({ ...RISING, isBuilt: true }), new Set(['made', 'unknown']));
    t.strictSame(states({ ...RISING, isBuilt: true, isGone: true }), new Set(['gone', 'unknown']));
  },
);

t.test(
  'given a build that failed, when all of it is gone, then what was never made is not counted as gone',
  async (t) => {
    const over = { ...RISING, isGone: true, isFalling: true };
    const summary = filled([CLUSTER, 'made'], [LOAD_BALANCER, 'planned']).summary(over);
    t.equal(summaryWords(summary, true), 'All 1 resources are gone.');
    t.equal(partIn(summary, 'balancer')?.state, 'gone');
  },
);

t.test('given the link, when the run goes on, then it is open, and then it is not', async (t) => {
  const state = (change: Partial<Course>) => partIn(createInventory().summary({ ...RISING, ...change }), 'link')?.state;
  t.equal(state({}), 'planned');
  t.equal(state({ isBuilt: true }), 'planned', 'built is not live');
  t.equal(state({ isLinked: true }), 'made');
  t.equal(state({ isFalling: true }), 'gone');
});

t.test('given a summary, when it is put in words, then they say what counts now', async (t) => {
  const words = (events: readonly (readonly [string, string])[], isFalling: boolean) =>
    summaryWords(filled(...events).summary({ ...RISING, isFalling }), isFalling);
  t.equal(words([], false), '');
  t.equal(
    words(
      [
        [CLUSTER, 'made'],
        [LOAD_BALANCER, 'planned'],
      ],
      false,
    ),
    '1 of 2 resources exist.',
  );
  t.equal(
    words(
      [
        [CLUSTER, 'made'],
        [LOAD_BALANCER, 'made'],
      ],
      false,
    ),
    'All 2 resources exist.',
  );
  t.equal(
    words(
      [
        [CLUSTER, 'made'],
        [LOAD_BALANCER, 'made'],
        [LOAD_BALANCER, 'gone'],
      ],
      true,
    ),
    '1 of 2 resources are left.',
  );
  t.equal(
    words(
      [
        [CLUSTER, 'made'],
        [CLUSTER, 'gone'],
      ],
      true,
    ),
    'All 1 resources are gone.',
  );
});

t.test('given parts that are worked on, when they are named, then the one to wait for is the first', async (t) => {
  const summary = filled([LOAD_BALANCER, 'creating'], [CLUSTER, 'creating'], ['aws_vpc.x', 'made']).summary(RISING);
  t.match(busyWith(summary), {
    words: 'EKS control plane, Load balancer',
    why: /cannot be shortened/,
    file: /cluster\.tf$/,
  });
  t.equal(busyWith(createInventory().summary(RISING)), null);
});

t.test('given a log gone mad, when it is noted, then there is a limit', async (t) => {
  const inventory = createInventory();
  for (let index = 0; index < 600; index += 1) inventory.note({ address: `aws_lb.x${index}`, change: 'made' });
  t.equal(inventory.summary(RISING).total, 500);
  inventory.clear();
  t.equal(inventory.summary(RISING).total, 0);
});

t.test('given a namespace that is deleted, when what is in it is looked for, then it went along', async (t) => {
  const inventory = createInventory();
  const made = ['namespace/demo', 'configmap/a', 'deployment.apps/demo', 'clusterrole.rbac.authorization.k8s.io/looks'];
  for (const address of [...made, 'aws_eks_cluster.demo']) inventory.note({ address, change: 'made' });
  const falling = { isBuilt: true, isGone: false, isFalling: true, isLinked: false };
  const stateOfPart = (id: string) => inventory.summary(falling).parts.find((part) => part.id === id)?.state;
  inventory.note({ address: 'namespace/demo', change: 'gone' });
  t.equal(inventory.summary(falling).there, 2, 'what stands in no namespace is there as long as the cluster is');
  t.equal(stateOfPart('pods'), 'gone');
  t.equal(stateOfPart('settings'), 'gone');
  t.equal(stateOfPart('cluster'), 'made');
  inventory.note({ address: 'aws_eks_cluster.demo', change: 'gone' });
  t.equal(inventory.summary(falling).there, 0);
});

t.test('given a key that was masked, when its part is looked for, then it is the one of its type', async (t) => {
  t.equal(partOf('aws_eks_access_entry.admin["arn:aws:iam::[MASKED]:role/a.b-gitlab"]'), 'roles');
});
