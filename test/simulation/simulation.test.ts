import t from 'tap';
import { generatePlan } from './generate.ts';
import { type Plan, START_AT } from './plan.ts';
import { runPlan } from './run.ts';
import { kindOfViolation, shrinkPlan } from './shrink.ts';

const quiet = (fields: Partial<Plan>): Plan => ({ ...generatePlan(1), tasks: 2, skewsMs: [0, 0, 0], ...fields });
const PRESS = { kind: 'press', at: 60_000, task: 0, key: null } as const;

t.test('Given a plan without trouble, when it is played, then one demo lives and is gone', async (t) => {
  const steps: string[] = [];
  const outcome = await runPlan(quiet({ incidents: [PRESS] }), { onStep: (reason) => steps.push(reason) });
  t.match(outcome, { violation: null, deployments: 1, builds: 1, quarantined: false });
  t.ok(steps.includes('the public URL answered with our id'));
  t.ok(steps.includes('proven gone'));
});

t.test('Given a seed, when it is played twice, then all of it happens again in the same order', async (t) => {
  const told = async (seed: number): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runPlan(generatePlan(seed), { onTrace: (at, what) => lines.push(`${at - START_AT} ${what}`) });
    return lines;
  };
  for (const seed of [3, 17, 404]) {
    const first = await told(seed);
    t.ok(first.length > 20, 'something happened');
    t.strictSame(await told(seed), first);
  }
});

t.test(
  'Given what nobody can destroy, when it is played, then a person is needed, and after that it heals',
  async (t) => {
    const leftovers = { kind: 'leftovers', nth: 1, survives: 1_000, deletingMs: 1_000 } as const;
    const outcome = await runPlan(quiet({ incidents: [PRESS, leftovers] }));
    t.match(outcome, { violation: null, deployments: 1, quarantined: true });
  },
);

t.test('Given no task for ever after it is live, when it is played, then the second destroyer ends it', async (t) => {
  const traces: string[] = [];
  const dark = { kind: 'dark', at: 20 * 60_000, ms: 30 * 3_600_000 } as const;
  const outcome = await runPlan(quiet({ incidents: [PRESS, dark] }), { onTrace: (_at, what) => traces.push(what) });
  t.equal(outcome.violation, null);
  const ran = traces.findIndex((what) => what.startsWith('the second destroyer runs'));
  const gone = traces.findIndex((what) => what.startsWith('nothing of'));
  const back = traces.findLastIndex((what) => /^task \d starts$/.test(what));
  t.ok(ran > 0 && ran < gone && gone < back, 'all of it before anybody came back');
});

t.test('Given an invariant that does not hold, when its plan is shrunk, then only what it takes is left', async (t) => {
  // Two days without anybody, and a second destroyer that does nothing meanwhile.
  const needed = [
    PRESS,
    { kind: 'dark', at: 20 * 60_000, ms: 60 * 3_600_000 },
    { kind: 'behaviour', direction: 'destroy', nth: 1, end: 'fails' },
  ] as const;
  const noise = Array.from({ length: 12 }, (_, at) => ({ kind: 'extend', at: at * 1_000, task: 0, byMs: 1 }) as const);
  const plan = quiet({ incidents: [...noise, ...needed] });
  const broken = await runPlan({ ...plan, policy: { ...plan.policy, secondDestroyerDelayMs: 40 * 3_600_000 } });
  t.equal(broken.violation?.what, 'the second destroyer has not ended it');
  const withPolicy = { ...plan, policy: { ...plan.policy, secondDestroyerDelayMs: 40 * 3_600_000 } };
  const shrunk = await shrinkPlan(withPolicy, broken.violation?.what ?? '');
  t.equal(shrunk.incidents.length, 2);
  t.equal(shrunk.tasks, 1);
  t.equal((await runPlan(shrunk)).violation?.what, broken.violation?.what);
});

t.test(
  'Given texts of violations, when their kinds are compared, then ids and numbers make no difference',
  async (t) => {
    t.equal(
      kindOfViolation('pipeline 3 and pipeline 4 build 01a1f842-d342-7000-8000-00000000002b'),
      kindOfViolation('pipeline 1 and pipeline 2 build 01a1f842-d342-7000-8000-00000000001f'),
    );
    t.not(kindOfViolation('the lock is free'), kindOfViolation('the ledger does not know'));
  },
);
