import t from 'tap';
import type { CheckReport, HealthReport, JobReport } from '../src/health.ts';
import { createAlarms } from '../src/health-alarms.ts';
import { compareTroubles, type Troubles } from '../src/health-troubles.ts';
import type { Notice } from '../src/lifecycle/notice.ts';
import type { DeadLetter, SlotStore } from '../src/lifecycle/ports.ts';
import { createFakeClock } from './fakes/fake-clock.ts';
import { createMemoryStore } from './fakes/memory-store.ts';
import type { LoggedEvent } from './fakes/stage.ts';
import { createStoreFaults } from './fakes/store-faults.ts';

const ROUND_MS = 25_000;
const HOUR_MS = 3_600_000;
const SLOT = Date.parse('2026-11-20T08:00:00Z');

const checkOf = (state: CheckReport['state'], name = 'gitlab', critical = false): CheckReport => ({
  name,
  critical,
  state,
  latencyMs: 1,
  lastSuccessAt: null,
  detail: 'a text that is for the owner only',
});
const jobOf = (isSilent: boolean, lastCompletedSlot: number | null = SLOT): JobReport => ({
  name: 'nightly',
  lastRunAt: null,
  lastSlot: null,
  lastResult: null,
  nextRunAt: null,
  lastCompletedSlot,
  isSilent,
});
const letterOf = (id: string, attempts = 1): DeadLetter => ({
  id,
  kind: 'quarantine',
  attempts,
  lastError: 'a text that is for the owner only',
  firstAt: 0,
  lastAt: 0,
});
const reportOf = (fields: Partial<HealthReport> = {}): HealthReport => ({
  isDegraded: false,
  isLost: false,
  uptimeSeconds: 1,
  checks: [],
  jobs: [],
  deadLetters: [],
  overdueDeployments: 0,
  ...fields,
});

/** Several tasks on one store and one clock, each with its own alarms and its own way to the owner. */
const setUp = (slots?: Pick<SlotStore, 'claimSlot'>) => {
  const clock = createFakeClock();
  const faults = createStoreFaults();
  const store = createMemoryStore(faults);
  const newTask = () => {
    const events: LoggedEvent[] = [];
    const notices: Notice[] = [];
    const alarms = createAlarms({
      log: { event: (level, name, fields) => events.push({ level, name, fields }) },
      notifier: { notify: (notice) => void notices.push(notice) },
      slots: slots ?? store,
      clock,
    });
    return {
      events,
      notices,
      /** One round later this is what the report shows. */
      shows: async (report: Partial<HealthReport>, afterMs = ROUND_MS) => {
        clock.advance(afterMs);
        alarms.observe(reportOf(report));
        await alarms.idle();
        return events.splice(0).map(({ level, name, fields }) => [level, name, fields]);
      },
    };
  };
  return { clock, faults, store, newTask, ...newTask() };
};

t.test('Given a healthy report, when it is watched for a day, then nothing is said', async (t) => {
  const { shows } = setUp();
  for (let round = 0; round < 100; round += 1)
    t.same(await shows({ checks: [checkOf('ok')], jobs: [jobOf(false)] }), []);
});

t.test(
  'Given a check, when it fails in one round, then nothing is said; in two, then once, and its end once',
  async (t) => {
    const { shows } = setUp();
    t.same(await shows({ checks: [checkOf('failing')] }), []);
    t.same(await shows({ checks: [checkOf('ok')] }), [], 'it was over before it was said');
    t.same(await shows({ checks: [checkOf('failing')] }), []);
    t.same(await shows({ checks: [checkOf('failing')] }), [
      ['warn', 'check.failing', { check: 'gitlab', forSeconds: 25, repeated: false }],
    ]);
    t.same(await shows({ checks: [checkOf('failing')] }), []);
    t.same(await shows({ checks: [checkOf('unknown')] }), [], 'what is not known has not ended');
    t.same(await shows({ checks: [checkOf('ok')] }), [
      ['info', 'check.recovered', { check: 'gitlab', forSeconds: 100 }],
    ]);
    t.same(await shows({ checks: [checkOf('ok')] }), []);
  },
);

t.test('Given a critical check, when it fails, then it is an error', async (t) => {
  const { shows } = setUp();
  const checks = [checkOf('failing', 'store', true)];
  await shows({ checks });
  t.match(await shows({ checks }), [['error', 'check.failing', { check: 'store' }]]);
});

t.test(
  'Given a reading that is listed only while it fails, when it is not listed any more, then it has recovered',
  async (t) => {
    const { shows } = setUp();
    const checks = [checkOf('failing', 'dead_letters')];
    await shows({ checks });
    await shows({ checks });
    t.match(await shows({ checks: [] }), [['info', 'check.recovered', { check: 'dead_letters' }]]);
  },
);

t.test(
  'Given a trouble that lasts, when an hour has passed, then it is said again, and not a millisecond earlier',
  async (t) => {
    const { shows } = setUp();
    t.match(await shows({ jobs: [jobOf(true)] }), [['error', 'job.silent', { repeated: false }]]);
    t.same(await shows({ jobs: [jobOf(true)] }, HOUR_MS - 1), []);
    t.same(await shows({ jobs: [jobOf(true)] }, 1), [
      [
        'error',
        'job.silent',
        { job: 'nightly', lastCompletedSlot: '2026-11-20T08:00:00.000Z', forSeconds: 3_600, repeated: true },
      ],
    ]);
    t.same(await shows({ jobs: [jobOf(true)] }, HOUR_MS - 1), []);
    t.match(await shows({ jobs: [jobOf(true)] }, 1), [['error', 'job.silent', { repeated: true }]]);
    t.match(await shows({ jobs: [jobOf(false)] }, 1), [
      ['info', 'job.recovered', { job: 'nightly', forSeconds: 7_200 }],
    ]);
  },
);

t.test('Given dead letters, when they come and go, then each is said by its id, without its text', async (t) => {
  const { shows } = setUp();
  const said = await shows({ deadLetters: [letterOf('a'), letterOf('b', 3)] });
  t.same(said, [
    ['error', 'dead_letter.present', { id: 'a', kind: 'quarantine', attempts: 1, forSeconds: 0, repeated: false }],
    ['error', 'dead_letter.present', { id: 'b', kind: 'quarantine', attempts: 3, forSeconds: 0, repeated: false }],
  ]);
  t.notMatch(JSON.stringify(said), /for the owner/);
  t.same(await shows({ deadLetters: [letterOf('a', 2), letterOf('b', 3)] }), [], 'one more attempt is no news');
  t.same(await shows({ deadLetters: null }), [], 'what is not known has not ended');
  t.match(await shows({ deadLetters: [letterOf('a')] }), [['info', 'dead_letter.gone', { id: 'b' }]]);
});

t.test('Given a list that may be cut, when a letter is not in it, then it is not said to be gone', async (t) => {
  const { shows } = setUp();
  const letters = Array.from({ length: 50 }, (_, index) => letterOf(`letter-${index}`));
  t.equal((await shows({ deadLetters: letters })).length, 50);
  t.match(await shows({ deadLetters: [letterOf('newest'), ...letters.slice(0, 49)] }), [
    ['error', 'dead_letter.present', { id: 'newest' }],
  ]);
  t.match(await shows({ deadLetters: letters.slice(0, 49) }), [
    ['info', 'dead_letter.gone', { id: 'newest' }],
    ['info', 'dead_letter.gone', { id: 'letter-49' }],
  ]);
});

t.test('Given an overdue deployment, when it begins and ends, then both are said', async (t) => {
  const { shows } = setUp();
  t.same(await shows({ overdueDeployments: 1 }), [
    ['error', 'deployment.overdue', { deployments: 1, forSeconds: 0, repeated: false }],
  ]);
  t.same(await shows({ overdueDeployments: null }), []);
  t.match(await shows({ overdueDeployments: 0 }), [['info', 'deployment.overdue_ended', {}]]);
});

t.test('Given ever new troubles, when they are compared, then what is kept has a bound', async (t) => {
  let held: Troubles = new Map();
  for (let round = 0; round < 500; round += 1) {
    const troubles = [0, 1, 2].map((index) => ({
      kind: 'letter' as const,
      name: `${round}-${index}`,
      level: 'error' as const,
      fields: {},
    }));
    ({ held } = compareTroubles(held, { troubles, isKnown: () => false }, round));
    t.ok(held.size <= 100);
  }
  t.ok(held.has('letter:499-0'), 'the newest is among them');
});

t.test('Given a silent job, when the owner is told, then once for the silence, with its last slot', async (t) => {
  const { shows, notices, clock } = setUp();
  await shows({ jobs: [jobOf(true)] });
  const at = clock.now();
  for (let hour = 0; hour < 30; hour += 1) await shows({ jobs: [jobOf(true)] }, HOUR_MS);
  t.same(notices, [{ kind: 'job_silent', job: 'nightly', at, lastCompletedSlot: SLOT }]);
  await shows({ jobs: [jobOf(false)] });
  await shows({ jobs: [jobOf(true, SLOT + HOUR_MS)] });
  t.match(notices, [{}, { lastCompletedSlot: SLOT + HOUR_MS }], 'another silence is told anew');
});

t.test(
  'Given several tasks, when they see one silence, then each writes its event and one tells the owner, also after a restart',
  async (t) => {
    const { newTask } = setUp();
    const tasks = [newTask(), newTask(), newTask()];
    for (const task of tasks) t.match(await task.shows({ jobs: [jobOf(true, null)] }), [['error', 'job.silent']]);
    const restarted = newTask();
    t.match(await restarted.shows({ jobs: [jobOf(true, null)] }), [
      ['error', 'job.silent', { lastCompletedSlot: null }],
    ]);
    t.equal([...tasks, restarted].flatMap(({ notices }) => notices).length, 1);
  },
);

t.test(
  'Given nobody can be elected, when a job is silent, then every task tells the owner rather than none',
  async (t) => {
    const { newTask, faults } = setUp();
    faults.always('down');
    const tasks = [newTask(), newTask()];
    for (const task of tasks) await task.shows({ jobs: [jobOf(true)] });
    t.equal(tasks.flatMap(({ notices }) => notices).length, 2);
  },
);
