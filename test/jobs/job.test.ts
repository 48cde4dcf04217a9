import t from 'tap';
import { findItems, type JobSummary, joined, runItems, runJob } from '../../src/jobs/job.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import type { LoggedEvent } from '../fakes/stage.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

const SLOT = Date.parse('2026-11-20T03:00:00Z');
const GOOD: JobSummary = { examined: 2, acted: 1, errors: [] };

const createScene = () => {
  const faults = createStoreFaults();
  const store = createMemoryStore(faults);
  const events: LoggedEvent[] = [];
  const clock = createFakeClock();
  const deps = {
    slots: store,
    deadLetters: store,
    clock,
    log: {
      event: (level: string, name: string, fields: LoggedEvent['fields']) => events.push({ level, name, fields }),
    },
  };
  const run = (body: () => Promise<JobSummary>, slot = SLOT) => runJob(deps, 'nightly', slot, body);
  return { faults, store, events, clock, run };
};

t.test('Given items, when one fails, then the others run all the same and it is noted by its message', async (t) => {
  const ran: string[] = [];
  const item = (name: string, acts: boolean) => async () => {
    ran.push(name);
    return acts;
  };
  const summary = await runItems([
    item('first', true),
    () => Promise.reject(new Error('second failed')),
    () => Promise.reject('a text'),
    item('last', false),
  ]);
  t.same(ran, ['first', 'last']);
  t.same(summary, { examined: 4, acted: 1, errors: ['second failed', 'a text'] });
});

t.test('Given items that cannot be found, when they are run, then that is one failed item', async (t) => {
  t.same(await runItems(await findItems(() => Promise.reject(new Error('no list')))), {
    examined: 1,
    acted: 0,
    errors: ['no list'],
  });
  t.same(await runItems(await findItems(async () => [async () => true])), { examined: 1, acted: 1, errors: [] });
  t.same(joined(GOOD, { examined: 1, acted: 0, errors: ['no list'] }), { examined: 3, acted: 1, errors: ['no list'] });
});

t.test(
  'Given a run without errors, when it ends, then its slot is completed and one summary line is written',
  async (t) => {
    const { run, store, events, clock } = createScene();
    const summary = await run(async () => {
      clock.advance(1_234);
      return GOOD;
    });
    t.same(summary, GOOD);
    t.equal(await store.lastCompleted('nightly'), SLOT);
    t.same(events, [
      {
        level: 'info',
        name: 'job.completed',
        fields: {
          job: 'nightly',
          slot: '2026-11-20T03:00:00.000Z',
          examined: 2,
          acted: 1,
          errors: [],
          elapsedMs: 1_234,
        },
      },
    ]);
  },
);

t.test(
  'Given a run with errors, when it ends, then its slot stays open and a dead letter is left, which a good run takes away',
  async (t) => {
    const { run, store, events } = createScene();
    const errors = ['one', 'two', 'three', 'four', 'five', 'six'];
    await run(async () => ({ ...GOOD, errors }));
    await run(async () => ({ ...GOOD, errors: ['again'] }));
    t.equal(await store.lastCompleted('nightly'), null);
    t.match(await store.list(), [{ id: 'job:nightly', kind: 'job', attempts: 2, lastError: 'again' }]);
    t.match(events[0], { level: 'error', fields: { errors: errors.slice(0, 5) } }, 'a line carries five');
    await run(async () => GOOD);
    t.same(await store.list(), []);
    t.equal(await store.lastCompleted('nightly'), SLOT);
  },
);

t.test('Given a body that throws, when it ends, then that is a failed run with its dead letter', async (t) => {
  const { run, store, events } = createScene();
  const summary = await run(() => Promise.reject(new Error('no body')));
  t.same(summary, { examined: 0, acted: 0, errors: ['no body'] });
  t.match(await store.list(), [{ id: 'job:nightly', attempts: 1, lastError: 'no body' }]);
  t.match(events, [{ level: 'error', name: 'job.completed' }]);
});

t.test(
  'Given the store is down, when the end cannot be recorded, then both failures are told and nothing is thrown',
  async (t) => {
    const { run, store, faults, events } = createScene();
    const summary = await run(async () => {
      faults.always('down');
      return { ...GOOD, errors: ['of the run'] };
    });
    t.same(summary.errors, ['of the run', 'The store cannot be reached']);
    t.match(events, [{ level: 'error', fields: { examined: 2, acted: 1 } }]);
    faults.heal();
    t.equal(await store.lastCompleted('nightly'), null);
  },
);

t.test('Given an older slot, when it is completed late, then the newer one stands', async (t) => {
  const { run, store } = createScene();
  await run(async () => GOOD);
  await run(async () => GOOD, SLOT - 86_400_000);
  t.equal(await store.lastCompleted('nightly'), SLOT);
});
