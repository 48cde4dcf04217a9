import type { Instant } from './deployment.ts';
import type { ObservedPipeline } from './observation.ts';
import type { Tombstone } from './tombstone.ts';

/** What the ledger says about how long things take. Seconds. */
export interface Forecast {
  /** Sorted: from the click to live, of every run that lived. */
  readonly totalsSeconds: readonly number[];
  /** Median per stage, in the order in which the stages run. */
  readonly stageSeconds: ReadonlyMap<string, number>;
}

export interface Eta {
  readonly earliest: Instant;
  readonly likely: Instant;
  readonly latest: Instant;
}

/** Under this many runs a forecast would be a guess, so there is none. */
export const FEWEST_RUNS = 5;
/** From this many runs on the percentiles can be trusted as they are. */
const ENOUGH_RUNS = 20;
/** How much the range is widened on each side at the fewest runs; it shrinks to nothing at enough runs. */
const WIDEST_MARGIN = 0.3;

/**
 * The value below which that share of what is yet to come is expected to lie, linearly between neighbours (type 6 in
 * https://doi.org/10.1080/00031305.1996.10473566): of few values the extremes are less extreme than those to come.
 * Throws on an empty list.
 */
export const percentile = (sorted: readonly number[], share: number): number => {
  const position = Math.min(Math.max((sorted.length + 1) * share - 1, 0), sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('a percentile needs at least one value');
  return below + (above - below) * (position - Math.floor(position));
};

/** Jobs that are part of the way up, in the order they were given: the manual stop job is not. */
export const shownJobs = (pipeline: ObservedPipeline) => pipeline.jobs.filter((job) => job.name !== 'stop');

/** Reads durations off the ledger's entries; runs that never lived say nothing about how long a good one takes. */
export const forecastFrom = (tombstones: readonly Tombstone[]): Forecast => {
  const lived = tombstones.filter((tombstone) => tombstone.liveAt !== null);
  const perStage = new Map<string, number[]>();
  for (const { applyPipeline, destroyPipeline } of lived) {
    const jobs = [applyPipeline, destroyPipeline].flatMap((pipeline) => (pipeline === null ? [] : shownJobs(pipeline)));
    for (const { stage, startedAt, finishedAt } of jobs) {
      if (startedAt === null || finishedAt === null) continue;
      perStage.set(stage, [...(perStage.get(stage) ?? []), (finishedAt - startedAt) / 1000]);
    }
  }
  const stageSeconds = new Map<string, number>();
  for (const [stage, seconds] of perStage) {
    stageSeconds.set(
      stage,
      percentile(
        seconds.toSorted((a, b) => a - b),
        0.5,
      ),
    );
  }
  const totals = lived.map(({ liveAt, createdAt }) => ((liveAt ?? createdAt) - createdAt) / 1000);
  return { totalsSeconds: totals.toSorted((a, b) => a - b), stageSeconds };
};

/**
 * When it is likely to be live: the 5th to 95th percentile of past totals from twenty runs on, widened below that,
 * and none under five. Never below now; past the range the latest is null-free but equal to now, and the page says
 * that it takes longer than ever.
 */
export const etaOf = (forecast: Forecast, createdAt: Instant, now: Instant): Eta | null => {
  const { totalsSeconds: totals } = forecast;
  if (totals.length < FEWEST_RUNS) return null;
  const shortage = Math.max(0, (ENOUGH_RUNS - totals.length) / (ENOUGH_RUNS - FEWEST_RUNS));
  const margin = WIDEST_MARGIN * shortage;
  const at = (seconds: number): Instant => Math.max(now, createdAt + Math.round(seconds * 1000));
  return {
    earliest: at(percentile(totals, 0.05) * (1 - margin)),
    likely: at(percentile(totals, 0.5)),
    latest: at(percentile(totals, 0.95) * (1 + margin)),
  };
};

/** A stage that takes longer than ever is shown as nearly done, never as done. */
const MOST_OF_A_RUNNING_STAGE = 0.95;

/** How far the way up is, 0 to 1, weighted by how long each stage usually takes; equal weights without a history. */
export const progressOf = (pipeline: ObservedPipeline | null, forecast: Forecast, now: Instant): number => {
  if (pipeline === null) return 0;
  let done = 0;
  let whole = 0;
  for (const job of shownJobs(pipeline)) {
    const expected = forecast.stageSeconds.get(job.stage) ?? 1;
    whole += expected;
    if (job.state === 'succeeded') done += expected;
    if (job.state !== 'running' || job.startedAt === null) continue;
    const share = forecast.stageSeconds.has(job.stage) ? (now - job.startedAt) / 1000 / expected : 0;
    done += expected * Math.min(Math.max(share, 0), MOST_OF_A_RUNNING_STAGE);
  }
  return whole === 0 ? 0 : Math.min(done / whole, 1);
};
