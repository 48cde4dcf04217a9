import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { LADDER } from '../../src/lifecycle/ladder.ts';
import { type Figures, joinFigures, NO_FIGURES } from './batch.ts';
import { replay } from './replay.ts';

/**
 * Plays many histories of trouble, each made from a seed, until so many runs, deployments or seconds are over:
 * `npm run simulate -- --runs 1000 | --deployments 1000 | --seconds 60 [--from SEED] [--jobs 2]`.
 * `--seed N` plays that one alone and tells it; a failing one as its shortest form.
 */

const BATCH_RUNS = 50;
const PROGRESS_MS = 10_000;
/** After so many failures it is told what was found, rather than more of it. */
const MOST_FAILURES = 20;
/** Steps that are not written down one by one, being looks. */
const LOOKS: readonly string[] = ['look-up', 'poll', 'probe', 'read-inventory'];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string' },
    runs: { type: 'string' },
    deployments: { type: 'string' },
    seconds: { type: 'string' },
    jobs: { type: 'string' },
  },
});

const numberOf = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isNaN(value) || value < 0) throw new RangeError(`${text} is not a number`);
  return value;
};

const startedAt = performance.now();
const secondsSoFar = (): number => (performance.now() - startedAt) / 1_000;
const thousands = (value: number): string => Math.round(value).toLocaleString('en');

const progress = (figures: Figures): string =>
  [
    `${thousands(secondsSoFar())} s`,
    `${thousands(figures.runs)} runs`,
    `${thousands(figures.deployments)} deployments`,
    `${thousands(figures.deployments / secondsSoFar())} a second`,
    `${figures.failed.length} broken`,
  ].join(' · ');

const tellFigures = (figures: Figures): void => {
  const rules = LADDER.filter(({ step }) => !LOOKS.includes(step));
  const untaken = rules.filter(({ condition }) => (figures.steps[condition] ?? 0) === 0);
  say(`  runs               ${thousands(figures.runs)}`);
  say(`  deployments        ${thousands(figures.deployments)}, of which built something: ${thousands(figures.builds)}`);
  say(`  virtual time       ${thousands(figures.virtualHours / 24 / 365)} years`);
  say(`  requests, events   ${thousands(figures.requests)}, ${thousands(figures.events)}`);
  say(`  needed a person    ${thousands(figures.quarantined)}`);
  say(`  rules of the ladder that led to a step: ${rules.length - untaken.length} of ${rules.length}`);
  for (const { condition } of untaken) say(`    not: ${condition}`);
};

const simulate = async (firstSeed: number, isEnough: (figures: Figures) => boolean, jobs: number): Promise<Figures> => {
  let figures = NO_FIGURES;
  let nextSeed = firstSeed;
  let toldAt = performance.now();
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      while (!isEnough(figures) && figures.failed.length < MOST_FAILURES) {
        const { promise, resolve, reject } = Promise.withResolvers<Figures>();
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage({ firstSeed: nextSeed, runs: BATCH_RUNS });
        nextSeed += BATCH_RUNS;
        const batch = await promise;
        worker.removeAllListeners('error');
        figures = joinFigures(figures, batch);
        for (const { seed, what } of batch.failed) say(`BROKEN by seed ${seed}: ${what}`);
        if (performance.now() - toldAt < PROGRESS_MS) continue;
        toldAt = performance.now();
        say(progress(figures));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return figures;
};

if (values.seed !== undefined) {
  process.exitCode = (await replay(numberOf(values.seed, 0), say)) ? 0 : 1;
} else {
  const most = {
    runs: numberOf(values.runs, Number.POSITIVE_INFINITY),
    deployments: numberOf(values.deployments, Number.POSITIVE_INFINITY),
    seconds: numberOf(values.seconds, values.runs === undefined && values.deployments === undefined ? 20 : Infinity),
  };
  const from = numberOf(values.from, randomInt(2 ** 31));
  say(`seeds from ${from} on`);
  const isEnough = ({ runs, deployments }: Figures): boolean =>
    runs >= most.runs || deployments >= most.deployments || secondsSoFar() >= most.seconds;
  const figures = await simulate(from, isEnough, numberOf(values.jobs, availableParallelism()));
  say(progress(figures));
  tellFigures(figures);
  const [first] = figures.failed;
  if (first !== undefined) {
    await replay(first.seed, say);
    say(`Again: npm run simulate -- --seed ${first.seed}`);
    process.exitCode = 1;
  }
}
