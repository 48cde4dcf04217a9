import t from 'tap';
import { createJobsStage } from '../fakes/jobs-stage.ts';
import { ID, MINUTE_MS } from '../fakes/records.ts';
import { VISITOR } from '../fakes/stage.ts';

const HOUR_MS = 60 * MINUTE_MS;
const SLOT = 0;

t.test('Given nothing runs, when the hour comes, then it acts on nothing and asks for missed slots', async (t) => {
  const stage = createJobsStage();
  t.same(await stage.hourly(SLOT), { examined: 2, acted: 0, errors: [] });
  t.equal(stage.caughtUp(), 1);
});

t.test('Given a live demo within its duration, when the hour comes, then it stays live', async (t) => {
  const stage = createJobsStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  await stage.hourly(SLOT);
  t.equal(await stage.status(), 'live');
});

t.test(
  'Given the driver is off, when only the hourly job runs, then an expired demo goes down to a proven end',
  async (t) => {
    const stage = createJobsStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    let hours = 0;
    while ((await stage.status()) !== 'idle' && hours < 24) {
      stage.clock.advance(HOUR_MS);
      const summary = await stage.hourly(SLOT);
      t.same(summary.errors, []);
      hours += 1;
    }
    t.equal(await stage.status(), 'idle');
    t.ok(hours <= 6, `after ${hours} hours`);
    t.same([...stage.cloud.exists], []);
    t.match(await stage.ledger(), [{ reason: 'expired', outcome: 'lived', gone: { kind: 'two-empty-readings' } }]);
  },
);

t.test('Given a quarantined demo whose leftovers are gone, when only the hourly job runs, then it heals', async (t) => {
  const stage = createJobsStage();
  stage.cloud.faults.survives = 1_000;
  await stage.start(VISITOR);
  await stage.runUntilStatus('quarantined');
  stage.cloud.exists.clear();
  for (let hours = 0; hours < 6 && (await stage.status()) !== 'idle'; hours += 1) {
    stage.clock.advance(HOUR_MS);
    await stage.hourly(SLOT);
  }
  t.equal(await stage.status(), 'idle');
  t.same(await stage.store.list(), []);
});

t.test('Given a step that fails, when the hour comes, then the run says so and does the rest', async (t) => {
  const stage = createJobsStage();
  await stage.start(VISITOR);
  stage.pipelines.create = () => Promise.reject(new TypeError('something nobody thought of'));
  t.same(await stage.hourly(SLOT), { examined: 2, acted: 0, errors: ['something nobody thought of'] });
  t.equal(stage.caughtUp(), 1);
});

t.test(
  'Given the dead letters cannot be listed, when the hour comes, then what is overdue goes down all the same',
  async (t) => {
    const stage = createJobsStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    stage.clock.advance(2 * HOUR_MS);
    stage.store.list = () => Promise.reject(new Error('throttled'));
    const { errors, acted } = await stage.hourly(SLOT);
    t.same(errors, ['throttled']);
    t.equal(acted, 1);
    t.equal(await stage.status(), 'destroying');
  },
);

t.test(
  'Given known orphans, when the hour comes, then only their letters are looked at again, and one that is gone loses its own',
  async (t) => {
    const stage = createJobsStage();
    await stage.store.note({ id: ID, kind: 'orphan', lastError: 'x' }, stage.clock.now());
    await stage.store.note({ id: 'job:nightly', kind: 'job', lastError: 'x' }, stage.clock.now());
    const summary = await stage.hourly(SLOT);
    t.match(summary, { examined: 3, acted: 1, errors: [] });
    t.match(await stage.store.list(), [{ id: 'job:nightly' }]);
  },
);
