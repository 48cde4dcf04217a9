import fc from 'fast-check';
import t from 'tap';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { etaOf, type Forecast, forecastFrom, percentile, progressOf } from '../../src/lifecycle/eta.ts';
import { jobOf, MINUTE_MS, minute, pipelineOf, START, tombstoneOfRun } from '../fakes/records.ts';

const forecastOf = (totalsSeconds: readonly number[]): Forecast => ({ totalsSeconds, stageSeconds: new Map() });
const seconds = (from: Instant, to: Instant | undefined) => ((to ?? Number.NaN) - from) / 1_000;

/** 600 to 790 in steps of 10, in an order without a trend: in each pair, from the outside in, the first or the last is smaller. */
const TWENTY = Array.from({ length: 20 }, (_, run) => {
  const pair = Math.min(run, 19 - run);
  const rises = [0, 1, 3, 9].includes(pair);
  return 600 + pair * 20 + (rises === run > 9 ? 10 : 0);
});

t.test('Given a sorted list, when a percentile is asked for, then it lies linearly between neighbours', async (t) => {
  t.equal(percentile([7], 0.05), 7);
  t.equal(percentile([10, 20], 0.5), 15);
  t.equal(percentile([0, 10, 20, 30, 40], 0.25), 5);
  t.equal(percentile([0, 100], 0.95), 100);
  t.equal(percentile([1, 2, 3], 0), 1);
  t.equal(percentile([1, 2, 3], 1), 3);
  t.throws(() => percentile([], 0.5), RangeError);
});

t.test('Given four runs, when a forecast is asked for, then there is none; with five there is', async (t) => {
  t.equal(etaOf(forecastOf([600, 610, 620, 630]), START, START), null);
  t.ok(etaOf(forecastOf([600, 610, 620, 630, 640]), START, START));
});

t.test(
  'Given twenty runs, when they are forecast, then it is their 5th to 95th percentile, rounded outwards',
  async (t) => {
    const eta = etaOf(forecastOf(TWENTY), START, START);
    t.same(
      TWENTY.toSorted(),
      Array.from({ length: 20 }, (_, index) => 600 + index * 10),
    );
    t.equal(seconds(START, eta?.earliest), 600);
    t.equal(seconds(START, eta?.likely), 695);
    t.equal(seconds(START, eta?.latest), 790);
  },
);

t.test(
  'Given fewer runs, when they are forecast, then the range is wider, by 30 % at five and less with each more',
  async (t) => {
    const five = etaOf(forecastOf([700, 700, 700, 700, 700]), START, START);
    t.equal(seconds(START, five?.earliest), 490);
    t.equal(seconds(START, five?.latest), 910);
    const widths = [5, 10, 15, 20, 30].map((count) => {
      const eta = etaOf(forecastOf(Array.from({ length: count }, () => 700)), START, START);
      return seconds(START, eta?.latest) - seconds(START, eta?.earliest);
    });
    t.same(widths, [420, 280, 140, 0, 0]);
  },
);

t.test(
  'Given it takes longer than ever, when the forecast is asked for, then nothing of it lies in the past',
  async (t) => {
    const now = minute(60);
    t.same(etaOf(forecastOf(TWENTY), START, now), { earliest: now, likely: now, latest: now });
    const between = etaOf(forecastOf(TWENTY), START, START + 700_000);
    t.same(between, { earliest: START + 700_000, likely: START + 700_000, latest: START + 790_000 });
  },
);

// Durations as they are: mostly around twelve minutes, and now and then one that drags on.
const aRunSeconds = fc.noBias(
  fc
    .tuple(
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.integer({ min: 0, max: 19 }),
      fc.integer({ min: 0, max: 600 }),
    )
    .map(([a, b, slow, drag]) => 720 + ((a + b) / 2_000) * 120 + (slow === 0 ? drag : 0)),
);

t.test(
  'Given twenty or more past runs, when a fresh one is forecast, then the range covers it in at least 90 %',
  async (t) => {
    let covered = 0;
    let asked = 0;
    fc.assert(
      fc.property(fc.noBias(fc.array(aRunSeconds, { minLength: 20, maxLength: 50 })), aRunSeconds, (history, fresh) => {
        const eta = etaOf(forecastOf(history), START, START);
        const readyAt = START + fresh * 1_000;
        asked += 1;
        if (eta !== null && readyAt >= eta.earliest && readyAt <= eta.latest) covered += 1;
        return eta !== null && eta.earliest <= eta.likely && eta.likely <= eta.latest;
      }),
      { seed: 2026, numRuns: 4_000 },
    );
    const share = covered / asked;
    t.ok(share >= 0.9, `covers ${Math.round(share * 1_000) / 10} %`);
    t.ok(share <= 0.97, 'and is no range that covers everything');
  },
);

t.test('Given the ledger, when it is read, then only runs that lived count, and stages by their median', async (t) => {
  const run = (applySeconds: number) =>
    tombstoneOfRun({
      applyPipeline: pipelineOf('apply', 'succeeded', {
        jobs: [
          jobOf('apply', 'succeeded', { stage: 'deploy', startedAt: START, finishedAt: START + applySeconds * 1_000 }),
          jobOf('stop', 'manual', { startedAt: START, finishedAt: minute(90) }),
          jobOf('later', 'waiting', { startedAt: null, finishedAt: null }),
        ],
      }),
    });
  const forecast = forecastFrom([
    run(100),
    run(300),
    run(200),
    tombstoneOfRun({ liveAt: null, outcome: 'failed' }),
    tombstoneOfRun({ applyPipeline: null, liveAt: minute(10) }),
  ]);
  t.same(forecast.totalsSeconds, [600, 780, 780, 780]);
  t.same(
    [...forecast.stageSeconds],
    [
      ['deploy', 200],
      ['destroy', 700],
    ],
    'the way down as well',
  );
});

const twoStages = (
  first: Parameters<typeof jobOf>[2],
  second: Parameters<typeof jobOf>[2],
  states: ['running' | 'succeeded', 'waiting' | 'running' | 'succeeded'],
) =>
  pipelineOf('apply', 'running', {
    jobs: [jobOf('plan', states[0], first), jobOf('apply', states[1], second), jobOf('stop', 'manual')],
  });
const WEIGHTED: Forecast = {
  totalsSeconds: [],
  stageSeconds: new Map([
    ['plan', 60],
    ['apply', 540],
  ]),
};

t.test(
  'Given stages of known length, when one runs, then progress is weighted by it and never done before its end',
  async (t) => {
    const begun = { startedAt: START };
    const started = twoStages(begun, {}, ['running', 'waiting']);
    t.equal(progressOf(null, WEIGHTED, START), 0);
    t.equal(progressOf(started, WEIGHTED, START), 0);
    t.equal(progressOf(started, WEIGHTED, START + 30_000), 0.05);
    t.equal(
      progressOf(started, WEIGHTED, START + 10 * MINUTE_MS),
      0.095,
      '95 % of a stage that takes longer than ever',
    );
    t.equal(progressOf(started, WEIGHTED, START - MINUTE_MS), 0, "GitLab's clock is ahead of ours");
    t.equal(progressOf(twoStages(begun, begun, ['succeeded', 'running']), WEIGHTED, START), 0.1);
    t.equal(progressOf(twoStages(begun, begun, ['succeeded', 'succeeded']), WEIGHTED, START), 1);
  },
);

t.test('Given no history, when stages run, then each weighs the same and only a finished one counts', async (t) => {
  const nothing: Forecast = { totalsSeconds: [], stageSeconds: new Map() };
  t.equal(progressOf(twoStages({ startedAt: START }, {}, ['running', 'waiting']), nothing, minute(5)), 0);
  t.equal(progressOf(twoStages({ startedAt: START }, {}, ['succeeded', 'running']), nothing, minute(5)), 0.5);
  t.equal(progressOf(pipelineOf('apply', 'running', { jobs: [] }), nothing, minute(5)), 0);
});

t.test(
  'Given many runs, when they are read off the ledger, then only the latest thirty count, oldest first',
  async (t) => {
    const runs = Array.from({ length: 40 }, (_, run) =>
      tombstoneOfRun({ createdAt: minute(run), liveAt: minute(run) + (100 + run) * 1_000 }),
    );
    t.same(
      forecastFrom(runs.toReversed()).totalsSeconds,
      Array.from({ length: 30 }, (_, run) => 110 + run),
    );
    t.same(forecastFrom(runs), forecastFrom(runs.toReversed()), 'in whatever order they come');
  },
);

t.test('Given runs that get slower, when the next one is forecast, then the range goes on with them', async (t) => {
  const slower = Array.from({ length: 20 }, (_, run) => 600 + run * 10);
  const eta = etaOf(forecastOf(slower), START, START);
  t.equal(seconds(START, eta?.earliest), 600, 'what was is still possible');
  t.equal(seconds(START, eta?.latest), 800, 'and what would be next is as well');
  const faster = etaOf(forecastOf(slower.toReversed()), START, START);
  t.equal(seconds(START, faster?.earliest), 590);
  t.equal(seconds(START, faster?.latest), 790);
});
