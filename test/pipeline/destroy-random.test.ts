import fc from 'fast-check';
import t from 'tap';
import { ephemeralFolder } from './ephemeral.ts';
import { brokenPromises } from './judge.ts';
import { runScript, SKIP } from './run-script.ts';
import { type Fault, type Thing, thing } from './world.ts';
import { BUILD, demoOf, messOf, NAME, OURS, type Plot, worldOf } from './worlds.ts';

/** A run takes a second or two. */
const RUNS = Number(process.env.DESTROY_RUNS ?? 8);
/** On a busy machine there are fewer. */
const LIMIT_MS = Number(process.env.DESTROY_LIMIT_MS ?? 45_000);

const CODES = [
  'RequestLimitExceeded',
  'Throttling',
  'UnauthorizedOperation',
  'InternalError',
  'ServiceUnavailable',
  'ExpiredToken',
];
const ASKED = [
  'ec2 describe-',
  'ec2 describe-instances',
  'ec2 delete-',
  'ec2 terminate',
  'eks ',
  'eks delete-',
  'elbv2 ',
  'elbv2 describe-tags',
];
const ALSO = ['autoscaling ', 'resourcegroupstaggingapi ', 'route53 ', 's3api '];

const fault: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom(...ASKED, ...ALSO),
  times: fc.constantFrom(1, 2, 7, 999),
  does: fc.oneof(
    fc.constant('partial' as const),
    fc.constantFrom(...CODES).map((code) => ({ code })),
  ),
});
/** A request that hangs costs a minute each time; for ever would be one failure too many for this list. */
const hanging: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom(...ASKED),
  times: fc.constantFrom(1, 3),
  does: fc.constant('hang' as const),
});

const everything = [...demoOf(BUILD), ...messOf(BUILD)];

/**
 * What cannot be without another one: a rule without its group, a node group without its cluster. An interface that says
 * only which node it was made for can be told as ours only while that node is listed.
 */
const NEEDS: Readonly<Record<string, string>> = { 'eni-a7': 'i-a1', [`${NAME}/workers`]: NAME };

const isPossible = (some: readonly Thing[]) => {
  const ids = new Set(some.map(({ id }) => id));
  return ({ id, kind, goesWith }: Thing): boolean => {
    const needed = NEEDS[id] ?? (kind === 'rule' || kind === 'listener' ? goesWith : null);
    return needed === null || ids.has(needed);
  };
};

/** Some of a demo and its mess; some of it untagged, for ever undeletable, or not in the state. */
const plot: fc.Arbitrary<Plot> = fc
  .record({
    ours: fc.subarray(everything).map((some) => some.filter(isPossible(some))),
    refusing: fc.subarray(
      everything.map(({ id }) => id),
      { maxLength: 1 },
    ),
    unrecorded: fc.subarray(everything.map(({ id }) => id)),
    terraform: fc.record({
      init: fc.constantFrom('works' as const, 'works' as const, 'fails' as const, 'hangs' as const),
      destroy: fc.constantFrom(
        'works',
        'fails-at-once',
        'fails-half-way',
        'hangs',
        'finds-nothing',
        'ends-well-and-leaves',
      ),
    }),
    lock: fc.option(fc.record({ ageMinutes: fc.integer({ min: 0, max: 120 }) }), { nil: undefined, freq: 4 }),
    faults: fc.tuple(fc.array(fault, { maxLength: 2 }), fc.array(hanging, { maxLength: 1 })).map((some) => some.flat()),
    cluster: fc.constantFrom('answers' as const, 'hangs' as const, 'refuses' as const),
  })
  .map(({ ours, refusing, unrecorded, lock, ...rest }) => ({
    ...rest,
    ...(lock === undefined ? {} : { lock }),
    ours: ours.map((each) =>
      refusing.includes(each.id) ? thing({ ...each, refuses: 'OperationNotPermitted' }) : each,
    ),
    recorded: ({ id, tags, kind }) =>
      !unrecorded.includes(id) && (kind === 'record' || tags.deployment_id !== undefined),
  }));

t.test(
  'Given any account and any failures, when a deployment is destroyed, then every promise is kept',
  { skip: SKIP, timeout: LIMIT_MS + 100_000 },
  async (t) => {
    const env = { EPHEMERAL_DIR: ephemeralFolder(t, false) };
    let runs = 0;
    let emptied = 0;
    const property = fc.asyncProperty(plot, async (story) => {
      const world = worldOf(story);
      const before = new Map([...world.things].map(([id, each]) => [id, { ...each }]));
      const run = await runScript('destroy.sh', [OURS], { world, env });
      const broken = brokenPromises(world, run, { before });
      if (broken.length > 0) throw new Error(`${broken.join('\n')}\n${run.output}`);
      runs += 1;
      emptied += run.status === 0 ? 1 : 0;
    });
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: false });
    t.comment(`${runs} accounts, of which ${emptied} were emptied`);
    t.ok(runs > 0, 'every promise was kept');
  },
);
