import fc from 'fast-check';
import t from 'tap';
import { type Forecast, progressToLive } from '../../src/lifecycle/eta.ts';
import type { ObservedJob } from '../../src/lifecycle/observation.ts';
import { activeView } from '../../src/lifecycle/view.ts';
import {
  APPLIED,
  APPLYING,
  DESTROYING,
  jobOf,
  LIVE,
  lookedAt,
  minute,
  pipelineOf,
  recordOf,
  START,
} from '../fakes/records.ts';

const NAMES = ['plan', 'apply', 'verify'];

/** How one job goes: how long after the one before it starts and how long it takes, in seconds, and how it ends. */
interface Course {
  readonly wait: number;
  readonly takes: number;
  readonly ends: 'succeeded' | 'failed' | 'canceled';
}

const course: fc.Arbitrary<Course> = fc.record({
  wait: fc.integer({ min: 0, max: 60 }),
  takes: fc.integer({ min: 0, max: 900 }),
  ends: fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'failed', 'canceled'),
});

/** The jobs as they are seen at that second; after one that did not succeed nothing starts. */
const jobsAt = (courses: readonly Course[], second: number): readonly ObservedJob[] => {
  let free = 0;
  let goesOn = true;
  return courses.map(({ wait, takes, ends }, index) => {
    const name = NAMES[index] ?? '';
    const from = free + wait;
    const to = from + takes;
    free = to;
    if (!goesOn || second < from) return jobOf(name, 'waiting', { startedAt: null, finishedAt: null });
    const startedAt = START + from * 1_000;
    if (second < to) return jobOf(name, 'running', { startedAt, finishedAt: null });
    goesOn = ends === 'succeeded';
    return jobOf(name, ends, { startedAt, finishedAt: START + to * 1_000 });
  });
};

const forecast: fc.Arbitrary<Forecast> = fc
  .array(fc.option(fc.integer({ min: 0, max: 600 }), { nil: null }), { minLength: 3, maxLength: 3 })
  .map((medians) => ({
    totalsSeconds: [],
    stageSeconds: new Map(medians.flatMap((median, index) => (median === null ? [] : [[NAMES[index] ?? '', median]]))),
  }));

t.test('Given any run, when time goes by and jobs start and end, then progress never goes back', async (t) => {
  fc.assert(
    fc.property(fc.array(course, { minLength: 3, maxLength: 3 }), forecast, (courses, known) => {
      let before = 0;
      for (let second = 0; second <= 3_000; second += 7) {
        const pipeline = pipelineOf('apply', 'running', { jobs: jobsAt(courses, second) });
        const record = recordOf(APPLYING, lookedAt(pipeline, START + second * 1_000));
        const { progress } = activeView(record, known, START + second * 1_000);
        if (!(progress >= before && progress < 1)) return false;
        before = progress;
      }
      return true;
    }),
    { seed: 2026, numRuns: 150 },
  );
  t.pass('in 150 runs');
});

t.test(
  'Given every job is done, when the link does not answer yet, then it is not whole; when it is live, it is',
  (t) => {
    const pipeline = pipelineOf('apply', 'succeeded');
    const nothing: Forecast = { totalsSeconds: [], stageSeconds: new Map() };
    const progressOf = (fields: Parameters<typeof recordOf>[0]): number =>
      activeView(recordOf(fields, lookedAt(pipeline, minute(12))), nothing, minute(12)).progress;
    t.equal(progressOf(APPLIED), 0.99);
    t.equal(progressOf(LIVE), 1);
    t.equal(progressOf(DESTROYING), 1, 'and it stays so on the way down');
    t.equal(progressToLive(null, minute(13), nothing, minute(14)), 1, 'also when its pipeline is gone');
    t.end();
  },
);

t.test('Given a stage that took no time before, when it begins, then progress is a number', async (t) => {
  const forecastOfNone: Forecast = { totalsSeconds: [], stageSeconds: new Map([['apply', 0]]) };
  const pipeline = pipelineOf('apply', 'running', { jobs: [jobOf('apply', 'running', { startedAt: START })] });
  t.equal(progressToLive(pipeline, null, forecastOfNone, START), 0);
  t.equal(progressToLive(pipeline, null, forecastOfNone, minute(1)), 0.95);
});
