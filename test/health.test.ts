import t from 'tap';
import { createHealth, type HealthCheck, type HealthOptions } from '../src/health.ts';
import { createFakeClock } from './fakes/fake-clock.ts';

/** A promise that is settled from outside. */
const openAnswer = () => Promise.withResolvers<string | undefined>();

const setUp = (checks: readonly HealthCheck[], options: Partial<HealthOptions> = {}) => {
  const clock = createFakeClock();
  const health = createHealth({
    checks,
    jobs: () => [],
    jobProgress: async () => [],
    deadLetters: async () => [],
    overdueDeployments: async () => 0,
    intervalMs: 15_000,
    answerTimeoutMs: 5_000,
    lostAfterMs: 60_000,
    clock,
    ...options,
  });
  return { clock, health, first: () => health.report().checks[0] };
};

t.test('Given a check, When it answers, Then state, latency, time and its text are kept', async (t) => {
  const answer = openAnswer();
  const { clock, health, first } = setUp([{ name: 'gitlab', critical: false, check: () => answer.promise }]);
  t.match(first(), { state: 'unknown', latencyMs: null, lastSuccessAt: null, detail: null });
  const done = health.refresh();
  clock.advance(120);
  answer.resolve('token expires in 20 days');
  await done;
  t.match(first(), { state: 'ok', latencyMs: 120, lastSuccessAt: clock.now(), detail: 'token expires in 20 days' });
});

t.test('Given that it cannot serve yet, When its critical checks work, Then it is not ready', async (t) => {
  let canServe = false;
  const { health } = setUp([{ name: 'store', critical: true, check: async () => undefined }], {
    canServe: () => canServe,
  });
  await health.refresh();
  t.equal(health.isReady(), false);
  t.equal(health.report().isLost, false, 'which is no reason to call the store lost');
  canServe = true;
  t.equal(health.isReady(), true);
  health.beginShutdown();
  t.equal(health.isReady(), false);
});

t.test('Given a check that does not answer, When its time is up, Then it is failing and not asked twice', async (t) => {
  const answer = openAnswer();
  let asked = 0;
  const check = (): Promise<string | undefined> => {
    asked += 1;
    return answer.promise;
  };
  const { clock, health, first } = setUp([{ name: 'store', critical: true, check }]);
  const done = health.refresh();
  clock.advance(4_999);
  t.equal(first()?.state, 'unknown');
  clock.advance(1);
  t.equal(first()?.state, 'failing');
  t.equal(health.isReady(), false);
  const again = health.refresh();
  await Promise.resolve();
  t.equal(asked, 1);
  clock.advance(60_000);
  t.equal(health.report().isLost, true);
  answer.resolve(undefined);
  await Promise.all([done, again]);
  t.equal(first()?.state, 'ok');
  t.equal(health.report().isLost, false);
});

t.test('Given a check that never answers, When it was waited for long enough, Then it is asked anew', async (t) => {
  const late = Promise.withResolvers<string>();
  let answer: () => Promise<string | undefined> = () => late.promise;
  const { clock, health, first } = setUp([{ name: 'gitlab', critical: false, check: () => answer() }]);
  void health.refresh();
  await new Promise(setImmediate);
  clock.advance(6 * 5_000 - 1);
  answer = async () => 'back';
  void health.refresh();
  await new Promise(setImmediate);
  t.equal(first()?.state, 'failing', 'it is still waited for');
  clock.advance(1);
  await health.refresh();
  t.match(first(), { state: 'ok', detail: 'back' });
  late.resolve('late');
  await new Promise(setImmediate);
  t.match(first(), { detail: 'back' }, 'what was given up has nothing to say any more');
});

t.test(
  'Given a check that throws at once or something odd, When it runs, Then it fails and the others do not',
  async (t) => {
    const odd: HealthCheck = { name: 'odd', critical: false, check: () => Promise.reject('a string') };
    const sync: HealthCheck = {
      name: 'sync',
      critical: false,
      check: () => {
        throw new Error('at once');
      },
    };
    const { health } = setUp([odd, sync, { name: 'store', critical: true, check: async () => undefined }]);
    await health.refresh();
    const { checks, isDegraded } = health.report();
    t.match(checks, [
      { state: 'failing', detail: 'a string' },
      { state: 'failing', detail: 'at once' },
      { state: 'ok' },
    ]);
    t.equal(isDegraded, true);
    t.equal(health.isReady(), true, 'only critical checks decide');
  },
);

t.test('Given a success long ago, When it fails now, Then the time of the success stays', async (t) => {
  let isUp = true;
  const check = async (): Promise<undefined> => {
    if (!isUp) throw new Error('down');
  };
  const { clock, health, first } = setUp([{ name: 'store', critical: true, check }]);
  await health.refresh();
  const successAt = clock.now();
  isUp = false;
  clock.advance(15_000);
  await health.refresh();
  t.match(first(), { state: 'failing', lastSuccessAt: successAt, detail: 'down' });
});

t.test('Given each kind of trouble alone, When it is reported, Then it is degraded', async (t) => {
  const job = { name: 'nightly', lastRunAt: 0, lastSlot: 0, nextRunAt: 1 };
  const progress = { name: 'nightly', lastCompletedSlot: 0 };
  const letter = { id: 'x', kind: 'orphan', attempts: 1, lastError: '', firstAt: 0, lastAt: 0 } as const;
  const troubles: Partial<HealthOptions>[] = [
    { jobs: () => [{ ...job, lastResult: 'failed' }] },
    {
      jobs: () => [{ ...job, lastResult: null }],
      jobProgress: async () => [{ ...progress, isSilent: true }],
    },
    { jobProgress: () => Promise.reject(new Error('unreadable')) },
    { deadLetters: async () => [letter] },
    { deadLetters: () => Promise.reject(new Error('unreadable')) },
    { overdueDeployments: async () => 1 },
    { overdueDeployments: () => Promise.reject(new Error('unreadable')) },
  ];
  for (const trouble of troubles) {
    const { health } = setUp([], trouble);
    await health.refresh();
    t.match(health.report(), { isDegraded: true, isLost: false }, JSON.stringify(Object.keys(trouble)));
  }
  const { health } = setUp([], {
    jobs: () => [{ ...job, lastResult: 'ok' }],
    jobProgress: async () => [{ ...progress, isSilent: false }],
  });
  t.match(health.report().jobs, [{ name: 'nightly', lastCompletedSlot: null, isSilent: false }], 'not known yet');
  await health.refresh();
  t.equal(health.report().isDegraded, false);
  t.match(health.report().jobs, [{ name: 'nightly', lastResult: 'ok', lastCompletedSlot: 0, isSilent: false }]);
});

t.test(
  'Given an interval, When it is started twice and stopped, Then one timer checks now and on each tick',
  async (t) => {
    let asked = 0;
    const timers: { run: () => void; everyMs: number; isStopped: boolean }[] = [];
    const check = async (): Promise<undefined> => {
      asked += 1;
    };
    const { health } = setUp([{ name: 'store', critical: true, check }], {
      repeat: (run, everyMs) => {
        const timer = { run, everyMs, isStopped: false };
        timers.push(timer);
        return () => {
          timer.isStopped = true;
        };
      },
    });
    health.start();
    health.start();
    t.equal(timers.length, 1);
    t.equal(timers[0]?.everyMs, 15_000);
    await health.refresh();
    await Promise.resolve();
    t.equal(asked, 1, 'it was asked on start and not again meanwhile');
    // What was asked is settled a few turns later.
    await new Promise(setImmediate);
    timers[0]?.run();
    await new Promise(setImmediate);
    t.equal(asked, 2);
    health.stop();
    health.stop();
    t.equal(timers[0]?.isStopped, true);
  },
);

t.test(
  'Given what the report is made of cannot be read, When it is reported, Then that is listed, and only as long as it is so',
  async (t) => {
    let isUp = false;
    const asked =
      <T>(value: T) =>
      async (): Promise<T> => {
        if (!isUp) throw new Error('no answer');
        return value;
      };
    const { health } = setUp([], {
      jobProgress: asked([]),
      deadLetters: asked([]),
      overdueDeployments: asked(0),
    });
    t.same(health.report().checks, [], 'not asked yet');
    await health.refresh();
    t.match(health.report().checks, [
      { name: 'job_progress', critical: false, state: 'failing', detail: 'no answer' },
      { name: 'dead_letters', critical: false, state: 'failing' },
      { name: 'overdue_deployments', critical: false, state: 'failing' },
    ]);
    isUp = true;
    await health.refresh();
    t.same(health.report().checks, []);
    t.equal(health.report().isDegraded, false);
  },
);

t.test(
  'Given a watcher, When rounds begin, Then it sees what the round before found, and the first has none',
  async (t) => {
    const watched: string[] = [];
    const ticks: (() => void)[] = [];
    let isUp = false;
    const check = async (): Promise<undefined> => {
      if (!isUp) throw new Error('down');
    };
    const { health } = setUp([{ name: 'gitlab', critical: false, check }], {
      onRound: ({ checks }) => watched.push(checks[0]?.state ?? 'none'),
      repeat: (run) => {
        ticks.push(run);
        return () => undefined;
      },
    });
    const settle = () => new Promise(setImmediate);
    health.start();
    await settle();
    t.same(watched, []);
    isUp = true;
    ticks[0]?.();
    t.same(watched, ['failing']);
    await settle();
    ticks[0]?.();
    t.same(watched, ['failing', 'ok']);
  },
);

t.test('Given the real timer, When it is started, Then it keeps no process alive and can be stopped', async (t) => {
  const { health } = setUp([]);
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  health.start();
  t.equal(timers(), before, 'an unreferenced timer is not an active resource');
  health.stop();
});

t.test(
  'Given a run of this process that failed, When a task has completed its slot or a later one, Then that is over',
  async (t) => {
    const slot = 1_000_000;
    for (const [lastCompletedSlot, isDegraded] of [
      [null, true],
      [slot - 1, true],
      [slot, false],
      [slot + 1, false],
    ] as const) {
      const { health } = setUp([], {
        jobs: () => [{ name: 'hourly', lastRunAt: slot + 5, lastSlot: slot, lastResult: 'failed', nextRunAt: null }],
        jobProgress: async () => [{ name: 'hourly', lastCompletedSlot, isSilent: false }],
      });
      await health.refresh();
      t.equal(health.report().isDegraded, isDegraded, String(lastCompletedSlot));
    }
  },
);
