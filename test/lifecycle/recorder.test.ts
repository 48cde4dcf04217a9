import t from 'tap';
import { LOG_CHUNKS_PER_JOB } from '../../src/adapters/store-bounds.ts';
import type { EventLog, LogChunk, LogReader, Recordings } from '../../src/lifecycle/ports.ts';
import { createRecorder } from '../../src/lifecycle/recorder.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryConditions } from '../fakes/memory-conditions.ts';
import { createMemoryLogs } from '../fakes/memory-logs.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { jobOf, minute, pipelineOf, tombstoneOfRun } from '../fakes/records.ts';
import { createStage, type LoggedEvent, type Stage, VISITOR } from '../fakes/stage.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

const idOf = (index: number): string => `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;
const RESUME = { byteOffset: 0, skipLines: 0, keptBytes: 0, leftOut: 0 };

const createDesk = () => {
  const faults = createStoreFaults();
  const conditions = createMemoryConditions(faults);
  const logs = createMemoryLogs(conditions);
  const { recordings } = createMemoryStore(faults);
  const clock = createFakeClock();
  const events: LoggedEvent[] = [];
  const log: EventLog = { event: (level, name, fields) => events.push({ level, name, fields }) };
  const write = (
    deploymentId: string,
    jobId: number,
    part: number,
    state: LogChunk['state'],
    lines: readonly string[],
  ) =>
    logs.writeChunk({ deploymentId, jobId }, part, { state, firstLine: 0, lines, resume: RESUME }, null, clock.now());
  const deps = { logs, recordings, clock, log };
  return { ...deps, faults, events, write, deps, recorder: createRecorder(deps) };
};

const RUN = tombstoneOfRun({
  id: idOf(1),
  applyPipeline: pipelineOf('apply', 'succeeded', {
    jobs: [
      jobOf('plan', 'succeeded', { id: 1, startedAt: minute(0), finishedAt: minute(1) }),
      jobOf('apply', 'succeeded', { id: 2, startedAt: minute(1), finishedAt: minute(11) }),
    ],
  }),
  destroyPipeline: null,
});

t.test('Given the logs of a run in parts, when it is recorded, then every part of every job is in it', async (t) => {
  const desk = createDesk();
  await desk.write(RUN.id, 1, 0, 'last', ['planned']);
  await desk.write(RUN.id, 2, 0, 'full', ['one', 'two']);
  await desk.write(RUN.id, 2, 1, 'full', ['three']);
  await desk.write(RUN.id, 2, 2, 'open', ['four']);
  desk.recorder.record(RUN);
  t.equal(await desk.recordings.read(), null, 'it did not wait');
  await desk.recorder.idle();
  const recording = await desk.recordings.read();
  t.match(recording, { id: RUN.id, linesTotal: 5, stages: [{ name: 'plan' }, { name: 'apply' }] });
  t.same(
    recording?.lines.map(({ stage, text }) => `${stage} ${text}`),
    ['plan planned', 'apply one', 'apply two', 'apply three', 'apply four'],
  );
  t.same(desk.events, [
    { level: 'info', name: 'recording.stored', fields: { deploymentId: RUN.id, lines: 5, linesTotal: 5 } },
  ]);
});

t.test('Given a run whose logs are gone, when it is recorded, then its stages are', async (t) => {
  const desk = createDesk();
  desk.recorder.record(RUN);
  await desk.recorder.idle();
  t.match(await desk.recordings.read(), { linesTotal: 0, lines: [], stages: [{}, {}] });
});

t.test('Given runs that are none to show, when they are over, then the one before stays', async (t) => {
  const desk = createDesk();
  desk.recorder.record(RUN);
  await desk.recorder.idle();
  const later = { ...RUN, createdAt: minute(500), id: idOf(2) };
  desk.recorder.record({ ...later, outcome: 'failed', liveAt: null });
  desk.recorder.record({ ...later, outcome: 'never_built', liveAt: null });
  desk.recorder.record({ ...later, sample: true });
  await desk.recorder.idle();
  t.match(await desk.recordings.read(), { id: RUN.id });
});

t.test('Given the same run again and again, when it is recorded, then it is read and stored once', async (t) => {
  const desk = createDesk();
  let stores = 0;
  const recordings: Pick<Recordings, 'store'> = {
    store: async (recording) => {
      stores += 1;
      await desk.recordings.store(recording);
    },
  };
  const recorder = createRecorder({ ...desk.deps, recordings });
  for (let time = 0; time < 5; time += 1) recorder.record(RUN);
  await recorder.idle();
  recorder.record(RUN);
  await recorder.idle();
  t.equal(stores, 1);
  recorder.record({ ...RUN, id: idOf(2), createdAt: minute(500) });
  recorder.record({ ...RUN, id: idOf(3), createdAt: minute(600) });
  await recorder.idle();
  t.equal(stores, 3, 'and others wait for their turn');
  t.match(await desk.recordings.read(), { id: idOf(3) });
});

t.test('Given another task is late, when it records an older run, then the later one stays', async (t) => {
  const desk = createDesk();
  desk.recorder.record({ ...RUN, id: idOf(2), createdAt: minute(500) });
  await desk.recorder.idle();
  const late = createRecorder(desk.deps);
  late.record(RUN);
  await late.idle();
  t.match(await desk.recordings.read(), { id: idOf(2) });
});

t.test(
  'Given the store is away, when a run is recorded, then that is logged and forgotten, and the next one is',
  async (t) => {
    const desk = createDesk();
    desk.faults.always('down');
    desk.recorder.record(RUN);
    await desk.recorder.idle();
    t.match(desk.events, [{ level: 'warn', name: 'recording.not_stored', fields: { deploymentId: RUN.id } }]);
    t.equal(desk.events.length, 1);
    desk.faults.heal();
    desk.recorder.record(RUN);
    await desk.recorder.idle();
    t.match(await desk.recordings.read(), { id: RUN.id }, 'as it is when the release is repeated');
  },
);

t.test('Given logs that never end, when a run is recorded, then only so much of them is read and held', async (t) => {
  const desk = createDesk();
  let reads = 0;
  const logs: LogReader = {
    readChunk: async () => {
      reads += 1;
      const lines = [...Array(19_999).fill(''), `end of part ${reads}`];
      return { state: 'full', firstLine: 0, lines, resume: RESUME, revision: 'r' };
    },
  };
  const recorder = createRecorder({ ...desk.deps, logs });
  recorder.record(RUN);
  await recorder.idle();
  t.equal(reads, 2 * 16, 'parts of two jobs');
  t.ok(LOG_CHUNKS_PER_JOB <= 16, 'which are all that are ever stored');
  const recording = await desk.recordings.read();
  t.equal(recording?.linesTotal, 2 * 16 * 20_000);
  t.ok((recording?.lines.length ?? 0) <= 128_000 / 20);
  const ends = ['plan', 'apply'].map((name) => recording?.lines.findLast(({ stage }) => stage === name)?.text);
  t.same(ends, ['end of part 16', 'end of part 32'], 'and how each job ended');
});

/** A whole life on the stage, with a real recorder beside the release that meets what is given. */
const liveAWhole = async (arrange: (stage: Stage) => { readonly record: (tombstone: Tombstone) => void }) => {
  let record: (tombstone: Tombstone) => void = () => undefined;
  const stage = createStage({ ports: { recordRun: (tombstone) => record(tombstone) } });
  record = arrange(stage).record;
  const { id, controlToken } = await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
  await stage.runUntilStatus('idle');
  return { stage, id };
};

t.test('Given storing hangs, when a run is over, then the lock is free and the ledger has it', async (t) => {
  const { stage, id } = await liveAWhole((stage) =>
    createRecorder({
      ...stage,
      logs: { readChunk: () => new Promise(() => undefined) },
      recordings: stage.store.recordings,
    }),
  );
  t.equal(await stage.store.active(), null);
  t.match(await stage.ledger(), [{ id, outcome: 'lived' }]);
  t.equal(await stage.store.recordings.read(), null);
});

t.test('Given storing fails, when a run is over, then the lock is free all the same, and it is told', async (t) => {
  const { stage, id } = await liveAWhole((stage) =>
    createRecorder({
      ...stage,
      logs: { readChunk: async () => null },
      recordings: { store: () => Promise.reject(new Error('too large')) },
    }),
  );
  t.equal(await stage.store.active(), null);
  t.equal(stage.eventsNamed('recording.not_stored').length, 1);
  t.same(stage.eventsNamed('deployment.step_failed'), []);
  t.match(await stage.ledger(), [{ id }]);
});

t.test('Given a run that lived, when it is over, then its stages are there to be watched again', async (t) => {
  const { stage, id } = await liveAWhole((stage) =>
    createRecorder({ ...stage, logs: { readChunk: async () => null }, recordings: stage.store.recordings }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  t.match(await stage.store.recordings.read(), { id, sample: false });
  const recording = await stage.store.recordings.read();
  t.ok(recording?.stages.some(({ direction }) => direction === 'up'));
  t.ok(recording?.stages.some(({ direction }) => direction === 'down'));
});

t.test(
  'Given the lock cannot be let go at first, when it is tried again, then the run is recorded again',
  async (t) => {
    let asked = 0;
    const stage: Stage = createStage({
      ports: {
        recordRun: () => {
          asked += 1;
          if (asked === 1) stage.storeFaults.always('down');
        },
      },
    });
    const { id, controlToken } = await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
    while (asked === 0) stage.clock.set((await stage.controller.advance()) ?? stage.clock.now() + 1_000);
    stage.storeFaults.heal();
    t.not(await stage.store.active(), null, 'it was asked for before the lock was let go');
    await stage.runUntilStatus('idle');
    t.equal(asked, 2);
  },
);
