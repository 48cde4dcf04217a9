import t from 'tap';
import type { Observation } from '../../src/lifecycle/observation.ts';
import { startedJobs } from '../../src/lifecycle/started-jobs.ts';
import { joinController } from '../fakes/crowd.ts';
import {
  jobOf,
  listedOf,
  lookedAt,
  MINUTE_MS,
  minute,
  observationOf,
  pipelineOf,
  SECOND_MS,
} from '../fakes/records.ts';
import { createStage, VISITOR } from '../fakes/stage.ts';

const jobsIn = (fields: Partial<Observation>) => startedJobs(observationOf(fields));

t.test('Given jobs of both pipelines, when their logs are to be kept, then it is those that began', async (t) => {
  const jobs = [
    jobOf('plan', 'succeeded', { id: 1 }),
    jobOf('apply', 'running', { id: 2 }),
    jobOf('verify', 'waiting', { id: 3 }),
    jobOf('check', 'skipped', { id: 4, startedAt: null }),
  ];
  const destroy = pipelineOf('destroy', 'failed', { jobs: [jobOf('destroy', 'failed', { id: 5 })] });
  t.same(jobsIn({}), []);
  t.same(jobsIn({ ...lookedAt(pipelineOf('apply', 'running', { jobs }), minute(1)), destroyPipeline: destroy }), [
    { id: 1, name: 'plan', isOver: true },
    { id: 2, name: 'apply', isOver: false },
    { id: 5, name: 'destroy', isOver: true },
  ]);
});

t.test(
  'Given a job last seen to run, when its pipeline has ended, then it is over, by this very look only',
  async (t) => {
    const running = (fields = {}) => lookedAt(pipelineOf('apply', 'running', fields), minute(1));
    const listed = (at: number, fields = {}) => ({
      ...running(),
      observedAt: minute(9),
      listing: { at, pipelines: [listedOf('destroy', { terminal: true }), listedOf('apply', fields)] },
    });
    const isOver = (fields: Partial<Observation>) => jobsIn(fields)[0]?.isOver;
    t.equal(isOver(running()), false);
    t.equal(isOver(running({ terminal: true })), true);
    t.equal(isOver(listed(minute(9), { terminal: true })), true);
    t.equal(isOver(listed(minute(9), { terminal: false })), false);
    t.equal(isOver(listed(minute(8), { terminal: true })), false, 'it may have been opened again since');
  },
);

t.test('Given a whole life, when looks are stored, then each log is offered to its end', async (t) => {
  const stage = createStage();
  const { id } = await stage.start({ ...VISITOR, durationMs: 5 * MINUTE_MS });
  await stage.runFor(30 * SECOND_MS);
  await stage.runUntilThat((record) => record?.observation.applyPipeline?.jobs[0]?.state === 'running');
  t.match(stage.collected.get(id), [{ name: 'apply', isOver: false }]);
  await stage.runUntilStatus('idle');
  t.match(stage.collected.get(id), [
    { name: 'apply', isOver: true },
    { name: 'destroy', isOver: true },
  ]);
});

t.test('Given a look that another task has taken over, when it ends, then no logs are collected for it', async (t) => {
  const stage = createStage();
  const { id } = await stage.start(VISITOR);
  await stage.runUntilThat((record) => record?.observation.applyPipeline?.jobs[0]?.state === 'running');
  stage.collected.clear();
  stage.clock.advance(MINUTE_MS);
  const late = joinController(stage, async (called, call) => {
    const { observedBy, observedAt } = (await stage.active()).observation;
    // Somebody else takes the look up while this task reads the pipeline.
    if (called === 'read') {
      await stage.store.claimLook({ owner: id, previousBy: observedBy, observedAt, observedBy: 'another' });
    }
    return call();
  });
  t.match(await late.step(), { kind: 'lost', decided: { step: { do: 'poll' } } });
  t.same([...stage.collected], []);
});
