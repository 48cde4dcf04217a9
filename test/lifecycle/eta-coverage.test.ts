import t from 'tap';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { etaOf, forecastFrom } from '../../src/lifecycle/eta.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { createDice } from '../fakes/dice.ts';
import { START, tombstoneOfRun } from '../fakes/records.ts';

/** How long the run of that number takes, in seconds; the numbers count from the oldest on. */
type Durations = (random: Random, run: number) => number;

interface Random {
  /** From 0 up to but without 1. */
  uniform(): number;
  /** Of mean 0 and deviation 1 (Box and Muller). */
  normal(): number;
}

const SEED = 2026;
const HISTORIES = 1_500;
const RUNS = [5, 8, 12, 20, 50];
const HOUR_MS = 3_600_000;
const RESOLUTION = 1_000_000_000;

const createRandom = (seed: number): Random => {
  const dice = createDice(seed);
  const uniform = (): number => dice(RESOLUTION) / RESOLUTION;
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
};

const DISTRIBUTIONS: Readonly<Record<string, Durations>> = {
  'normal, 5 %': ({ normal }) => 720 * (1 + 0.05 * normal()),
  'normal, 25 %': ({ normal }) => Math.max(60, 720 * (1 + 0.25 * normal())),
  'log-normal, 0.2': ({ normal }) => 720 * Math.exp(0.2 * normal()),
  'log-normal, 0.5': ({ normal }) => 720 * Math.exp(0.5 * normal()),
  'two humps, even': ({ uniform, normal }) => (uniform() < 0.5 ? 700 : 1_000) * (1 + 0.03 * normal()),
  'two humps, one in five slow': ({ uniform, normal }) => (uniform() < 0.8 ? 700 : 1_000) * (1 + 0.03 * normal()),
  'two humps, one in ten very slow': ({ uniform, normal }) => (uniform() < 0.9 ? 700 : 1_500) * (1 + 0.05 * normal()),
  'slower by 1 % with each run': ({ normal }, run) => 720 * (1 + 0.01 * run + 0.1 * normal()),
  'slower by 0.5 %, hardly scattered': ({ normal }, run) => 720 * (1 + 0.005 * run + 0.05 * normal()),
  'faster by 0.5 % with each run': ({ normal }, run) => 1_000 * (1 - 0.005 * run + 0.1 * normal()),
};

/** The ledger as it comes: the newest first, and a failed run in between. */
const ledgerOf = (totalsSeconds: readonly number[]): readonly Tombstone[] =>
  totalsSeconds
    .flatMap((seconds, run) => {
      const createdAt: Instant = START + run * HOUR_MS;
      const lived = tombstoneOfRun({ createdAt, liveAt: createdAt + seconds * 1_000 });
      return run === 3
        ? [lived, tombstoneOfRun({ createdAt: createdAt + 1, liveAt: null, outcome: 'failed' })]
        : [lived];
    })
    .toReversed();

/** Of many histories the share in which the run that follows was ready within the range, and how wide that was. */
const coverageOf = (durations: Durations, runs: number) => {
  const random = createRandom(SEED);
  let covered = 0;
  let width = 0;
  for (let history = 0; history < HISTORIES; history += 1) {
    const totals = Array.from({ length: runs }, (_, run) => durations(random, run));
    const eta = etaOf(forecastFrom(ledgerOf(totals)), START, START);
    const readyAt = START + durations(random, runs) * 1_000;
    if (eta === null) continue;
    if (readyAt >= eta.earliest && readyAt <= eta.latest) covered += 1;
    width += (eta.latest - eta.earliest) / 1_000 / HISTORIES;
  }
  return { share: covered / HISTORIES, width };
};

for (const [name, durations] of Object.entries(DISTRIBUTIONS)) {
  t.test(`Given runs that are ${name}, when a next one is forecast, then the range holds nine of ten`, async (t) => {
    for (const runs of RUNS) {
      const { share } = coverageOf(durations, runs);
      t.ok(share >= 0.9, `of ${runs} runs: ${(share * 100).toFixed(1)} %`);
    }
  });
}

t.test('Given more and more usual runs, when a next one is forecast, then the range is of use', async (t) => {
  const durations: Durations = ({ normal }) => 720 * (1 + 0.1 * normal());
  const widths = RUNS.map((runs) => coverageOf(durations, runs));
  t.ok((widths[0]?.width ?? 0) < 720, 'with five runs less than it takes');
  // Nine of ten of these lie within 1.645 deviations of 72 s on each side, which are 237 s.
  for (const { share, width } of widths.slice(-2)) {
    t.ok(width < 237 * 1.4, `with enough runs not much wider than it has to be: ${Math.round(width)} s`);
    t.ok(share < 0.97, 'and it does not hold everything');
  }
});

t.test('Given four runs, when a next one is forecast, then nothing is claimed', async (t) => {
  t.equal(etaOf(forecastFrom(ledgerOf([700, 710, 720, 730])), START, START), null);
});
