import t from 'tap';
import { keepOf } from '../../src/lifecycle/recorded-lines.ts';
import { isWorthRecording, lengthMs, recordedJobs, recordingOf } from '../../src/lifecycle/recording.ts';
import { jobOf, minute, pipelineOf, START, tombstoneOfRun } from '../fakes/records.ts';

const MINUTE_MS = 60_000;

t.test('Given runs of all kinds, when each is gone, then only one that was built and lived is worth it', async (t) => {
  t.ok(isWorthRecording(tombstoneOfRun()));
  t.notOk(isWorthRecording(tombstoneOfRun({ outcome: 'failed', liveAt: null })));
  t.notOk(isWorthRecording(tombstoneOfRun({ outcome: 'never_built', liveAt: null })));
  t.notOk(isWorthRecording(tombstoneOfRun({ gone: { kind: 'never-built', at: minute(90) } })));
  t.notOk(isWorthRecording(tombstoneOfRun({ sample: true })));
});

const RUN = tombstoneOfRun({
  applyPipeline: pipelineOf('apply', 'succeeded', {
    jobs: [
      jobOf('plan', 'succeeded', { id: 1, startedAt: START - 2_000, finishedAt: minute(1) }),
      jobOf('apply', 'succeeded', { id: 2, stage: 'build', startedAt: minute(1), finishedAt: minute(11) }),
      jobOf('stop', 'manual', { id: 3, startedAt: minute(70), finishedAt: minute(80) }),
      jobOf('later', 'skipped', { id: 4, startedAt: null, finishedAt: null }),
    ],
  }),
  destroyPipeline: pipelineOf('destroy', 'canceled', {
    jobs: [
      jobOf('destroy', 'canceled', { id: 5, startedAt: minute(74), finishedAt: null }),
      jobOf('odd', 'failed', { id: 6, startedAt: minute(75), finishedAt: minute(74) }),
    ],
  }),
});

t.test('Given a run, when its jobs are recorded, then those that ran, in seconds after the click', async (t) => {
  const stage = { direction: 'up', state: 'succeeded' };
  t.strictSame(
    recordedJobs(RUN).map(({ job, stage }) => ({ id: job.id, ...stage })),
    [
      { id: 1, ...stage, name: 'plan', startedAtMs: 0, finishedAtMs: MINUTE_MS },
      { id: 2, ...stage, name: 'build', startedAtMs: MINUTE_MS, finishedAtMs: 11 * MINUTE_MS },
      {
        id: 5,
        name: 'destroy',
        direction: 'down',
        startedAtMs: 74 * MINUTE_MS,
        finishedAtMs: 90 * MINUTE_MS,
        state: 'canceled',
      },
      {
        id: 6,
        name: 'odd',
        direction: 'down',
        startedAtMs: 75 * MINUTE_MS,
        finishedAtMs: 75 * MINUTE_MS,
        state: 'failed',
      },
    ],
    'no clock that differs makes a time before the click, and none ends before it began',
  );
  t.same(recordedJobs(tombstoneOfRun({ applyPipeline: null, destroyPipeline: null })), []);
});

t.test(
  'Given a run and its logs, when they are put together, then lines are in order and the whole is told',
  async (t) => {
    const jobs = recordedJobs(RUN);
    const texts = [
      ['p1', 'p2', 'p3'],
      ['a1', 'a2'],
      ['d1', 'd2', 'd3'],
      ['o1', 'o2'],
    ];
    const logs = jobs.map((_, job) => ({ lines: keepOf(texts[job] ?? []), total: 10 }));
    const recording = recordingOf(RUN, jobs, logs);
    t.match(recording, {
      id: RUN.id,
      sample: false,
      createdAt: START,
      liveAt: minute(13),
      downAt: minute(73),
      goneAt: minute(90),
      linesTotal: 40,
    });
    t.same(
      recording.lines.map(({ atMs, stage, text }) => `${atMs / MINUTE_MS} ${stage} ${text}`),
      [
        '0 plan p1',
        '0.5 plan p2',
        '1 plan p3',
        '1 build a1',
        '11 build a2',
        '74 destroy d1',
        '75 odd o1',
        '75 odd o2',
        '82 destroy d2',
        '90 destroy d3',
      ],
    );
    t.equal(lengthMs(recording), 90 * MINUTE_MS);
    t.equal(lengthMs({ ...recording, downAt: null, goneAt: null, stages: [], lines: [] }), 13 * MINUTE_MS);
    t.throws(() => recordingOf(tombstoneOfRun({ liveAt: null }), [], []), RangeError);
  },
);
