import { mock } from 'node:test';
import { createTask } from 'node-cron';
import t from 'tap';
import type { JobName, JobSummary } from '../../src/jobs/job.ts';
import { createCoordinator, createPreviousSlot, createSchedule } from '../../src/jobs/schedule.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import type { LoggedEvent } from '../fakes/stage.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string): Instant => Date.parse(text);
const NIGHT = at('2026-11-20T03:00:00Z');
const GOOD: JobSummary = { examined: 1, acted: 0, errors: [] };

/** One store and one clock; each task has a schedule of its own. */
const createScene = (now: Instant) => {
  const faults = createStoreFaults();
  const store = createMemoryStore(faults);
  const clock = createFakeClock(now);
  const events: LoggedEvent[] = [];
  const ran: [JobName, Instant][] = [];
  const summaries: { next: JobSummary } = { next: GOOD };
  const log = {
    event: (level: string, name: string, fields: LoggedEvent['fields']) => events.push({ level, name, fields }),
  };
  const job = (name: JobName, expression: string) => ({
    name,
    expression,
    run: async (slot: Instant) => {
      ran.push([name, slot]);
      await new Promise(setImmediate);
      return summaries.next;
    },
  });
  const newTask = () =>
    createSchedule({ slots: store, deadLetters: store, clock, log, timeZone: 'UTC' }, [
      job('hourly', '0 * * * *'),
      job('nightly', '0 3 * * *'),
    ]);
  return { faults, store, clock, events, ran, summaries, newTask };
};

t.test(
  'Given one slot and many tasks, when all ask at once, then one is elected; without the store nobody is',
  async (t) => {
    const { store, clock, faults } = createScene(NIGHT);
    const tasks = Array.from({ length: 20 }, () => createCoordinator(store, clock));
    const elected = await Promise.all(tasks.map(({ shouldRun }) => shouldRun('nightly:2026-11-20T03:00:00.000Z')));
    t.equal(elected.filter(Boolean).length, 1);
    t.equal(await tasks[0]?.shouldRun('nightly:2026-11-21T03:00:00.000Z'), true, 'the next slot is another one');
    faults.always('down');
    await t.rejects(createCoordinator(store, clock).shouldRun('nightly:2026-11-22T03:00:00.000Z'));
  },
);

t.test(
  'Given five fields, when the previous slot is asked for, then it is the latest one, its own minute included',
  async (t) => {
    const task = createTask('0 3 * * *', () => {}, { timezone: 'UTC' });
    t.equal(createPreviousSlot(task)(NIGHT), NIGHT);
    t.equal(createPreviousSlot(task)(NIGHT + 59_999), NIGHT);
    t.equal(createPreviousSlot(task)(NIGHT - 1), NIGHT - DAY_MS);
    t.equal(createPreviousSlot(task)(NIGHT + DAY_MS - 1), NIGHT);
    await task.destroy();
    const weekly = createTask('0 3 * * 1', () => {}, { timezone: 'UTC' });
    t.equal(createPreviousSlot(weekly)(at('2026-11-20T12:00:00Z')), null, 'a slot that is days away is not looked for');
    await weekly.destroy();
  },
);

t.test('Given six fields, when the previous slot is asked for, then seconds count', async (t) => {
  const task = createTask('*/20 * * * * *', () => {}, { timezone: 'UTC' });
  t.equal(createPreviousSlot(task)(NIGHT + 39_999), NIGHT + 20_000);
  t.equal(createPreviousSlot(task)(NIGHT + 40_000), NIGHT + 40_000);
  await task.destroy();
});

t.test('Given a time zone, when the previous slot is asked for, then it is of that zone', async (t) => {
  const task = createTask('0 3 * * *', () => {}, { timezone: 'Europe/Zurich' });
  t.equal(createPreviousSlot(task)(NIGHT), at('2026-11-20T02:00:00Z'));
  await task.destroy();
});

t.test('Given a table that never completed a slot, when it is caught up, then none was missed', async (t) => {
  const { newTask, ran } = createScene(NIGHT + HOUR_MS);
  t.equal(await newTask().catchUp(['hourly', 'nightly']), 0);
  t.same(ran, []);
});

t.test('Given days without any task, when two boot at once, then the latest slot is made up for once', async (t) => {
  const { newTask, ran, store, events } = createScene(NIGHT + 6 * MINUTE_MS);
  await store.completeSlot('nightly', NIGHT - 3 * DAY_MS);
  const counts = await Promise.all([newTask(), newTask()].map((task) => task.catchUp(['nightly'])));
  t.equal(counts[0] === undefined || counts[1] === undefined ? null : counts[0] + counts[1], 1);
  t.same(ran, [['nightly', NIGHT]]);
  t.equal(await store.lastCompleted('nightly'), NIGHT);
  t.equal(await newTask().catchUp(['nightly']), 0, 'and not again');
  t.equal(events.filter(({ name }) => name === 'cron.catching_up').length, 1);
});

t.test('Given a slot has just begun, when it is caught up, then whoever won it has five minutes for it', async (t) => {
  const { newTask, ran, store, clock } = createScene(NIGHT);
  await store.completeSlot('nightly', NIGHT - DAY_MS);
  clock.set(NIGHT + 5 * MINUTE_MS - 1);
  t.equal(await newTask().catchUp(['nightly']), 0);
  clock.advance(1);
  t.equal(await newTask().catchUp(['nightly']), 1, 'its winner is gone');
  t.same(ran, [['nightly', NIGHT]]);
});

t.test(
  'Given a catch-up that failed, when it is asked for again, then the slot stays open and its letter tells',
  async (t) => {
    const { newTask, ran, store, clock, summaries } = createScene(NIGHT + HOUR_MS);
    await store.completeSlot('nightly', NIGHT - DAY_MS);
    summaries.next = { ...GOOD, errors: ['no sweep'] };
    t.equal(await newTask().catchUp(['nightly']), 1);
    t.equal(await store.lastCompleted('nightly'), NIGHT - DAY_MS);
    t.match(await store.list(), [{ id: 'job:nightly', lastError: 'no sweep' }]);
    t.equal(await newTask().catchUp(['nightly']), 0, 'once an hour over all tasks');
    clock.advance(HOUR_MS);
    t.equal(await newTask().catchUp(['nightly']), 1, 'and again in the next hour');
    clock.advance(HOUR_MS);
    summaries.next = GOOD;
    t.equal(await newTask().catchUp(['nightly']), 1, 'until it succeeds');
    t.same(await store.list(), []);
    t.equal(ran.length, 3);
    t.equal(await store.lastCompleted('nightly'), NIGHT);
  },
);

t.test('Given jobs, when some are caught up, then no other is', async (t) => {
  const { newTask, ran, store } = createScene(NIGHT + HOUR_MS + 30 * MINUTE_MS);
  await store.completeSlot('hourly', NIGHT - HOUR_MS);
  await store.completeSlot('nightly', NIGHT - DAY_MS);
  t.equal(await newTask().catchUp(['hourly']), 1);
  t.same(ran, [['hourly', NIGHT + HOUR_MS]], 'one run makes up for all that were missed');
});

t.test(
  'Given a schedule that was not started, when the next slot is asked for, then it is known all the same',
  async (t) => {
    const { newTask } = createScene(NIGHT);
    const schedule = newTask();
    const next = schedule.nextSlot('nightly');
    t.ok(next !== null && next > Date.now() && next <= Date.now() + DAY_MS);
    t.equal((next ?? 0) % DAY_MS, 3 * HOUR_MS);
    t.match(schedule.statuses(), [
      { name: 'hourly', lastRunAt: null, lastResult: null },
      { name: 'nightly', lastRunAt: null, lastResult: null, nextRunAt: next },
    ]);
  },
);

t.test('Given runs, when statuses are asked for, then the last run and its result are told', async (t) => {
  const { newTask, store, clock, summaries } = createScene(NIGHT + HOUR_MS);
  await store.completeSlot('nightly', NIGHT - DAY_MS);
  const schedule = newTask();
  await schedule.catchUp(['nightly']);
  t.match(schedule.statuses()[1], { lastRunAt: clock.now(), lastSlot: NIGHT, lastResult: 'succeeded' });
  clock.set(NIGHT + DAY_MS + HOUR_MS);
  summaries.next = { ...GOOD, errors: ['no sweep'] };
  await schedule.catchUp(['nightly']);
  t.match(schedule.statuses()[1], { lastRunAt: clock.now(), lastSlot: NIGHT + DAY_MS, lastResult: 'failed' });
});

t.test('Given a run is under way, when the schedule is stopped, then it waits for its end', async (t) => {
  const { newTask, store, ran, events } = createScene(NIGHT + HOUR_MS);
  await store.completeSlot('nightly', NIGHT - DAY_MS);
  const schedule = newTask();
  schedule.start();
  const catchingUp = schedule.catchUp(['nightly']);
  while (ran.length === 0) await new Promise(setImmediate);
  await schedule.stop();
  t.equal(await store.lastCompleted('nightly'), NIGHT);
  t.equal(events.filter(({ name }) => name === 'job.completed').length, 1);
  t.equal(await catchingUp, 1);
});

t.test(
  'Given two tasks with started schedules, when a slot comes, then one of them runs it, with the slot as its time',
  async (t) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NIGHT - 1_500 });
    t.teardown(() => mock.timers.reset());
    const { newTask, ran, clock, store, events } = createScene(NIGHT);
    const tasks = [newTask(), newTask()];
    for (const task of tasks) task.start();
    const settle = async () => {
      for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
    };
    for (const [slot, jobs] of [
      [NIGHT, ['hourly', 'nightly']],
      [NIGHT + HOUR_MS, ['hourly']],
    ] as const) {
      ran.length = 0;
      mock.timers.tick(slot - Date.now() + 10);
      clock.set(slot + 10);
      await settle();
      t.same(
        ran.toSorted(),
        jobs.map((name) => [name, slot]),
      );
    }
    t.equal(await store.lastCompleted('hourly'), NIGHT + HOUR_MS);
    t.same(
      events.filter(({ name }) => name !== 'job.completed'),
      [],
      'losing a slot is no news',
    );
    for (const task of tasks) await task.stop();
    mock.timers.tick(HOUR_MS);
    await settle();
    t.equal(ran.length, 1, 'a stopped schedule runs nothing');
  },
);

t.test(
  'Given the store is down, when a slot comes, then nobody runs it and that is told; the catch-up makes up for it',
  async (t) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NIGHT - 1_500 });
    t.teardown(() => mock.timers.reset());
    const { newTask, ran, clock, faults, store, events } = createScene(NIGHT);
    await store.completeSlot('nightly', NIGHT - DAY_MS);
    const schedule = newTask();
    schedule.start();
    faults.always('down');
    mock.timers.tick(2_000);
    for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
    t.same(ran, []);
    t.ok(events.some(({ level, name }) => level === 'error' && name === 'cron.error'));
    faults.heal();
    clock.set(NIGHT + HOUR_MS);
    t.equal(await schedule.catchUp(['nightly']), 1);
    t.same(ran, [['nightly', NIGHT]]);
    await schedule.stop();
  },
);

t.test(
  'Given slots were completed by any task, when a job is late, then it is silent and says since when',
  async (t) => {
    const { newTask, store, clock, faults } = createScene(NIGHT + 19 * MINUTE_MS);
    const schedule = newTask();
    const silent = async () => (await schedule.completions()).map(({ name, isSilent }) => [name, isSilent]);
    t.same(await silent(), [
      ['hourly', false],
      ['nightly', false],
    ]);
    t.match(await schedule.completions(), [{ lastCompletedSlot: null }, { lastCompletedSlot: null }]);
    await store.completeSlot('hourly', NIGHT - HOUR_MS);
    await store.completeSlot('nightly', NIGHT - DAY_MS);
    t.same(
      await silent(),
      [
        ['hourly', false],
        ['nightly', false],
      ],
      'whoever won the slot may still be at it',
    );
    clock.advance(MINUTE_MS);
    t.same(await silent(), [
      ['hourly', true],
      ['nightly', true],
    ]);
    await store.completeSlot('nightly', NIGHT);
    t.match(await schedule.completions(), [
      { name: 'hourly', lastCompletedSlot: NIGHT - HOUR_MS, isSilent: true },
      { name: 'nightly', lastCompletedSlot: NIGHT, isSilent: false },
    ]);
    faults.always('down');
    await t.rejects(schedule.completions(), { code: 'STORE_UNAVAILABLE' });
  },
);

t.test(
  'Given a table that never completed a slot, when two slots passed since the start, then the job is silent',
  async (t) => {
    const { newTask, clock } = createScene(NIGHT - 10 * MINUTE_MS);
    const schedule = newTask();
    const silent = async () =>
      (await schedule.completions()).filter(({ isSilent }) => isSilent).map(({ name }) => name);
    clock.set(NIGHT + 80 * MINUTE_MS - 1);
    t.same(await silent(), []);
    clock.advance(1);
    t.same(await silent(), ['hourly']);
    t.same(
      (await newTask().completions()).filter(({ isSilent }) => isSilent),
      [],
      'a start begins anew',
    );
  },
);
