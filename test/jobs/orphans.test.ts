import t from 'tap';
import type { DeadLetter } from '../../src/lifecycle/ports.ts';
import { createJobsStage, type JobsStage } from '../fakes/jobs-stage.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { VISITOR } from '../fakes/stage.ts';

const ORPHAN = '01930000-0000-7000-8000-0000000000aa';

const busyStage = async (): Promise<JobsStage> => {
  const stage = createJobsStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  stage.cloud.build(ORPHAN);
  return stage;
};

const sightTwice = async (stage: JobsStage): Promise<boolean> => {
  await stage.handleOrphan(ORPHAN);
  stage.clock.advance(5 * MINUTE_MS);
  return stage.handleOrphan(ORPHAN);
};

const letterOf = async (stage: JobsStage): Promise<DeadLetter> => {
  const letter = (await stage.store.list()).find(({ id }) => id === ORPHAN);
  if (letter === undefined) throw new Error('there is no letter');
  return letter;
};

t.test(
  'Given two sightings, when they are less than the proof gap apart, then they are one look and nothing is done',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    t.equal(await stage.handleOrphan(ORPHAN), false);
    stage.clock.advance(5 * MINUTE_MS - 1);
    t.equal(await stage.handleOrphan(ORPHAN), false);
    t.equal(await stage.status(), 'idle');
    stage.clock.advance(1);
    t.equal(await stage.handleOrphan(ORPHAN), true);
    t.equal((await stage.deployment()).owner, ORPHAN);
  },
);

t.test(
  'Given another one runs, when an orphan is seen twice, then it is destroyed beside it, and revisited until it is gone',
  async (t) => {
    const stage = await busyStage();
    t.equal(await sightTwice(stage), true);
    const [destroy] = stage.pipelines.created('destroy');
    t.equal(destroy?.request.deploymentId, ORPHAN);
    t.equal(await stage.revisitOrphan(await letterOf(stage)), false, 'one runs already');
    t.equal(stage.pipelines.created('destroy').length, 1);
    await stage.runFor(10 * MINUTE_MS);
    await stage.pipelines.list(ORPHAN, 0);
    t.notOk(stage.cloud.exists.has(ORPHAN));
    t.equal(await stage.revisitOrphan(await letterOf(stage)), true);
    t.same(await stage.store.list(), []);
    t.equal(await stage.status(), 'live', 'the running one was left alone');
  },
);

t.test('Given a destroy beside it left something, when it is revisited, then another one is sent', async (t) => {
  const stage = await busyStage();
  stage.cloud.faults.survives = 1;
  await sightTwice(stage);
  await stage.runFor(10 * MINUTE_MS);
  t.equal(await stage.revisitOrphan(await letterOf(stage)), true);
  t.equal(stage.pipelines.created('destroy').length, 2);
});

t.test(
  'Given GitLab refuses or is away, when an orphan is to be destroyed, then that is a failure and not an act',
  async (t) => {
    const stage = await busyStage();
    stage.pipelines.faults.create.push('refuse');
    await t.rejects(sightTwice(stage), /refused to destroy an orphan: ref_not_found/);
    t.same(stage.eventsNamed('orphan.destroy_requested'), []);
    stage.pipelines.faults.down = true;
    await t.rejects(stage.handleOrphan(ORPHAN), { code: 'PIPELINES_UNAVAILABLE' });
  },
);

t.test(
  'Given the lock is taken in between, when an orphan is to be adopted, then it is destroyed beside the winner',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    const { active } = stage.store;
    let isRaced = false;
    stage.store.active = async () => {
      const record = await active();
      if (isRaced) return record;
      isRaced = true;
      stage.store.active = active;
      await stage.start(VISITOR);
      return record;
    };
    isRaced = true;
    await stage.handleOrphan(ORPHAN);
    stage.clock.advance(5 * MINUTE_MS);
    isRaced = false;
    t.equal(await stage.handleOrphan(ORPHAN), true);
    t.not((await stage.deployment()).owner, ORPHAN);
    t.equal(stage.pipelines.created('destroy')[0]?.request.deploymentId, ORPHAN);
  },
);

t.test(
  'Given it has its record or is not known for sure, when a letter is revisited, then nothing is done',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    await sightTwice(stage);
    t.equal((await stage.deployment()).owner, ORPHAN);
    t.equal(await stage.handleOrphan(ORPHAN), false);
    t.equal(await stage.revisitOrphan(await letterOf(stage)), false, 'its own record looks after it');

    const other = await busyStage();
    await other.handleOrphan(ORPHAN);
    for (const inventory of ['unknown', 'deleting'] as const) {
      other.cloud.faults.inventory = inventory;
      t.equal(await other.revisitOrphan(await letterOf(other)), false, inventory);
    }
    t.equal((await letterOf(other)).attempts, 1);
  },
);

t.test('Given an id that we cannot have made, when it is sighted, then nothing is done about it, ever', async (t) => {
  const stage = createJobsStage();
  const madeAt = stage.clock.now();
  const hex = (at: number) =>
    `${at.toString(16).padStart(12, '0').slice(0, 8)}-${at.toString(16).padStart(12, '0').slice(8)}`;
  const idOf = (at: number) => `${hex(at)}-7000-8000-0000000000aa`;
  const random = '0a8e1b9c-5d5f-4c3d-9e8f-0a1b2c3d4e5f';
  const toCome = idOf(madeAt + 1);
  for (const id of [random, toCome, 'blue']) {
    for (let count = 0; count < 3; count += 1) t.equal(await stage.handleOrphan(id), false, id);
  }
  t.same(await stage.store.list(), [], 'no letter');
  t.same(stage.eventsNamed('orphan.sighted'), []);
  t.equal(stage.eventsNamed('orphan.not_ours').length, 9);
  t.equal(await stage.status(), 'idle');
  t.same(stage.pipelines.created('destroy'), []);
  stage.cloud.build(toCome);
  stage.clock.advance(1);
  await stage.handleOrphan(toCome);
  t.equal((await stage.store.list()).length, 1, 'a clock that was late a moment ago is not late for ever');
});

t.test(
  'Given two tasks adopt the same orphan, when one is faster, then the other leaves it to its record',
  async (t) => {
    const stage = createJobsStage();
    stage.cloud.build(ORPHAN);
    await stage.handleOrphan(ORPHAN);
    stage.clock.advance(5 * MINUTE_MS);
    const { acquire } = stage.store;
    // The slower one stands still until the faster one has it, and its destroy is over.
    stage.store.acquire = async (record) => {
      stage.store.acquire = acquire;
      t.equal(await stage.handleOrphan(ORPHAN), true);
      return acquire(record);
    };
    t.equal(await stage.handleOrphan(ORPHAN), false);
    t.equal((await stage.deployment()).owner, ORPHAN);
    t.same(stage.pipelines.all, [], 'its own driver asks for the destroy');
  },
);
