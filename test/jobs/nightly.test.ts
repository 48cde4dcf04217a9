import t from 'tap';
import { createJobsStage } from '../fakes/jobs-stage.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { VISITOR } from '../fakes/stage.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ORPHAN = '01930000-0000-7000-8000-0000000000aa';

t.test(
  'Given a demo, when the slot is a millisecond after its creation, then it goes down; at its creation it stays',
  async (t) => {
    const stage = createJobsStage();
    const { createdAt } = await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    await stage.nightly(createdAt);
    t.equal(await stage.status(), 'live', 'it was started in the slot itself');
    t.match(await stage.nightly(createdAt + 1), { acted: 2, errors: [] });
    t.match((await stage.deployment()).goal, { direction: 'down', reason: 'nightly' });
    await stage.runUntilStatus('idle');
    t.match(await stage.ledger(), [{ reason: 'nightly', outcome: 'lived' }]);
  },
);

t.test('Given it goes down already, when the night comes, then the first reason stands', async (t) => {
  const stage = createJobsStage();
  const { id, createdAt } = await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  await stage.teardown({ target: { kind: 'id', id }, bearer: 'owner', precondition: null });
  await stage.nightly(createdAt + DAY_MS);
  t.match((await stage.deployment()).goal, { reason: 'owner' });
});

t.test(
  'Given other writes are faster, when the clean-up loses some races, then it wins; if it loses all, the run fails',
  async (t) => {
    const stage = createJobsStage();
    const { createdAt } = await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    const { decide } = stage.store;
    stage.store.decide = async () => false;
    t.match(await stage.nightly(createdAt + 1), { errors: ['the forced clean-up lost every race for its write'] });
    let tries = 0;
    stage.store.decide = async (decision) => {
      tries += 1;
      return tries > 4 && decide(decision);
    };
    t.match(await stage.nightly(createdAt + 1), { errors: [] });
    t.match((await stage.deployment()).goal, { reason: 'nightly' });
  },
);

t.test(
  'Given driver and hourly job are off, when only nights pass, then a demo goes down to a proven end',
  async (t) => {
    const stage = createJobsStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    let nights = 0;
    while ((await stage.status()) !== 'idle' && nights < 20) {
      stage.clock.advance(DAY_MS);
      t.same((await stage.nightly(stage.clock.now())).errors, []);
      nights += 1;
    }
    t.equal(await stage.status(), 'idle');
    t.ok(nights <= 6, `after ${nights} nights`);
    t.same([...stage.cloud.exists], []);
    t.same([...stage.cloud.armed.keys()], []);
  },
);

t.test(
  'Given something exists without a record, when it is seen twice, then the first alerts and the second adopts it',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    await stage.nightly(stage.clock.now());
    t.equal(await stage.status(), 'idle', 'a single sighting may be a release under way');
    t.match(await stage.store.list(), [{ id: ORPHAN, kind: 'orphan', attempts: 1 }]);
    t.match(stage.eventsNamed('orphan.sighted'), [{ level: 'error' }]);
    stage.clock.advance(DAY_MS);
    t.match(await stage.nightly(stage.clock.now()), { errors: [] });
    t.match(await stage.deployment(), { owner: ORPHAN, goal: { direction: 'down', reason: 'adopted_orphan' } });
    await stage.runUntilStatus('idle');
    t.same([...stage.cloud.exists], []);
    t.same(await stage.store.list(), []);
    t.match(await stage.ledger(), [{ id: ORPHAN, reason: 'adopted_orphan' }]);
  },
);

t.test('Given the sweep is not to be had, when the night comes, then the run fails and acts on nothing', async (t) => {
  const stage = createJobsStage();
  stage.cloud.build(ORPHAN);
  stage.cloud.faults.inventory = 'unknown';
  for (let nights = 0; nights < 3; nights += 1) {
    t.match(await stage.nightly(stage.clock.now()), { acted: 0, errors: ['the inventory could not be swept'] });
    stage.clock.advance(DAY_MS);
  }
  t.equal(await stage.status(), 'idle');
  t.same(await stage.store.list(), []);
  t.equal(stage.pipelines.all.length, 0);
});

t.test('Given a sweep that hangs for ever, when the night comes, then what runs goes down all the same', async (t) => {
  const stage = createJobsStage();
  const { createdAt } = await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  stage.cloud.sweep = () => new Promise(() => {});
  void stage.nightly(createdAt + 1);
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  t.equal(await stage.status(), 'destroying');
});

t.test('Given the running demo exists, when it is swept, then it is no orphan', async (t) => {
  const stage = createJobsStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  await stage.nightly(0);
  t.same(await stage.store.list(), []);
});

t.test(
  'Given schedules of other ids, when the night comes, then only those with nothing left are disarmed',
  async (t) => {
    const stage = createJobsStage();
    const { id } = await stage.start(VISITOR);
    const forgotten = '01930000-0000-7000-8000-0000000000bb';
    stage.cloud.build(ORPHAN);
    await stage.cloud.arm(ORPHAN, 0, 0);
    await stage.cloud.arm(forgotten, 0, 0);
    await stage.nightly(0);
    t.same([...stage.cloud.armed.keys()].toSorted(), [id, ORPHAN].toSorted(), 'what may still be needed stays armed');
    stage.cloud.faults.inventory = 'unknown';
    await stage.cloud.arm(forgotten, 0, 0);
    await stage.nightly(0);
    t.ok(stage.cloud.armed.has(forgotten), 'unknown is not empty');
  },
);

t.test(
  'Given the second destroyer cannot list, when the night comes, then the sweep is done all the same',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    stage.cloud.list = () => Promise.reject(new Error('no list'));
    t.match(await stage.nightly(0), { errors: ['no list'] });
    t.match(await stage.store.list(), [{ id: ORPHAN }]);
  },
);
