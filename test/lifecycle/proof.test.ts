import fc from 'fast-check';
import t from 'tap';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { InventoryReading } from '../../src/lifecycle/observation.ts';
import {
  appendReading,
  countingReadings,
  latestReading,
  proofOf,
  readingsCountFrom,
} from '../../src/lifecycle/proof.ts';
import { sawInventory } from '../../src/lifecycle/seen.ts';
import {
  APPLYING,
  attemptOf,
  DESTROYED,
  deploymentOf,
  downSince,
  LIVE,
  listedOf,
  MINUTE_MS,
  minute,
  observationOf,
  readingOf,
  settledAs,
} from '../fakes/records.ts';

const empty = (at: Instant) => readingOf('empty', at);
const noisy = (at: Instant) => readingOf('empty', at, { pipelinesQuiet: false });
const GONE = deploymentOf(DESTROYED);

t.test(
  'Given two empty readings, when they are five minutes apart, then it is proven; a millisecond less, it is not',
  async (t) => {
    t.same(proofOf(GONE, [empty(minute(27)), empty(minute(32))]), {
      kind: 'two-empty-readings',
      at: minute(32),
      firstAt: minute(27),
      secondAt: minute(32),
    });
    t.equal(proofOf(GONE, [empty(minute(27)), empty(minute(32) - 1)]), null);
    t.equal(proofOf(GONE, [empty(minute(27))]), null);
    t.equal(proofOf(GONE, []), null);
  },
);

t.test('Given the goal is up, when everything is empty, then nothing is proven', async (t) => {
  t.equal(proofOf(deploymentOf(LIVE), [empty(minute(27)), empty(minute(40))]), null);
});

t.test('Given a reading as early as the last end, when it is counted, then only a later one counts', async (t) => {
  t.equal(readingsCountFrom(GONE), minute(26));
  t.same(countingReadings(GONE, [empty(minute(26)), empty(minute(26) + 1)]), [empty(minute(26) + 1)]);
  t.equal(latestReading(GONE, [empty(minute(26))]), null);
  t.same(latestReading(GONE, [empty(minute(26) + 1)]), empty(minute(26) + 1));
});

t.test('Given an apply that may still start late, when it is empty before that, then it does not count', async (t) => {
  const settled = settledAs('canceled', minute(2), false);
  const deployment = deploymentOf({
    ...APPLYING,
    goal: downSince(minute(1)),
    attempts: [attemptOf('apply', { settled })],
  });
  t.equal(readingsCountFrom(deployment), minute(11));
  t.equal(proofOf(deployment, [empty(minute(4)), empty(minute(12))]), null);
  t.ok(proofOf(deployment, [empty(minute(11) + 1), empty(minute(16) + 1)]));
});

t.test(
  'Given readings that are unknown, noisy or not empty, when proof is sought, then none of them counts',
  async (t) => {
    for (const reading of [
      readingOf('unknown', minute(32)),
      noisy(minute(32)),
      readingOf('deleting', minute(32)),
      readingOf('leftovers', minute(32)),
    ]) {
      t.equal(proofOf(GONE, [empty(minute(27)), reading]), null, reading.answer);
    }
  },
);

const appended = (readings: readonly InventoryReading[]) =>
  readings.reduce<readonly InventoryReading[]>((kept, reading) => appendReading(kept, reading, minute(26)), []);

t.test('Given a run of readings, when they are appended, then the first and the latest empty one stay', async (t) => {
  t.same(appended([empty(minute(27)), empty(minute(28)), empty(minute(29))]), [empty(minute(27)), empty(minute(29))]);
  t.same(appended([empty(minute(27)), readingOf('unknown', minute(28)), empty(minute(33))]), [
    empty(minute(27)),
    empty(minute(33)),
  ]);
  t.same(appended([empty(minute(27)), readingOf('leftovers', minute(28)), empty(minute(33))]), [empty(minute(33))]);
  t.same(appended([readingOf('leftovers', minute(27)), empty(minute(28))]), [empty(minute(28))]);
  t.same(appended([empty(minute(20)), empty(minute(27))]), [empty(minute(27))], 'one that does not count is no first');
});

t.test(
  'Given our pipeline was seen to run, when the inventory is empty, then the run of empty readings begins anew',
  async (t) => {
    const running = { at: minute(32), pipelines: [listedOf('apply', { id: 9, requestId: 'foreign' })] };
    const claimed = observationOf({ observedAt: minute(32), readings: [empty(minute(27))], listing: running });
    const after = sawInventory(claimed, GONE, { answer: 'empty', count: 0, detail: [], pipelinesQuiet: false });
    t.same(after.readings, [noisy(minute(32))]);
    const unheard = sawInventory({ ...claimed, listing: { ...running, at: minute(20) } }, GONE, {
      answer: 'empty',
      count: 0,
      detail: [],
      pipelinesQuiet: false,
    });
    t.same(unheard.readings, [empty(minute(27)), noisy(minute(32))], 'a list that could not be had says nothing');
  },
);

const anyReading = fc.record({
  answer: fc.constantFrom('empty' as const, 'deleting' as const, 'leftovers' as const, 'unknown' as const),
  quiet: fc.boolean(),
  gapMs: fc.integer({ min: 0, max: 6 * MINUTE_MS }),
});

t.test(
  'Given any history of readings, when it proves, then two quiet empty ones frame it and nothing was seen between',
  async (t) => {
    let proven = 0;
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 12 }), (steps) => {
        let at = minute(26);
        let kept: readonly InventoryReading[] = [];
        const all: InventoryReading[] = [];
        for (const { answer, quiet, gapMs } of steps) {
          at += gapMs;
          const reading = readingOf(answer, at, { pipelinesQuiet: quiet });
          all.push(reading);
          kept = appendReading(kept, reading, readingsCountFrom(GONE));
          if (kept.length > 3) return false;
          const proof = proofOf(GONE, kept);
          if (proof?.kind !== 'two-empty-readings') continue;
          proven += 1;
          const isFrame = (wanted: Instant) =>
            all.some((one) => one.at === wanted && one.answer === 'empty' && one.pipelinesQuiet);
          const between = all.filter((one) => one.at > proof.firstAt && one.at < proof.secondAt);
          const isUnbroken = between.every((one) => one.answer === 'empty' || one.answer === 'unknown');
          if (!isFrame(proof.firstAt) || !isFrame(proof.secondAt) || !isUnbroken) return false;
          if (proof.firstAt <= minute(26) || proof.secondAt - proof.firstAt < 5 * MINUTE_MS) return false;
        }
        return true;
      }),
      { seed: 2026, numRuns: 2_000 },
    );
    t.ok(proven > 50, `the histories do reach a proof (${proven})`);
  },
);
