import type { Instant } from './deployment.ts';
import type { ObservedJob, ObservedPipeline } from './observation.ts';
import type { Tombstone } from './tombstone.ts';

/** What the ledger says about how long things take. Seconds. */
export interface Forecast {
  /** From the click to live, of the latest runs that lived; oldest first. */
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
/** Older runs say little: what is built, and how fast it is built, changes. */
const MOST_RUNS = 30;
/** The shares of runs that are faster than the range, and slower. */
const LOWEST_SHARE = 0.05;
/**
 * How much the range is widened on each side at the fewest runs, by the larger of a share of its end and a share of its
 * width; it shrinks to nothing at enough runs. Of five runs the extremes hold only two thirds of what is to come
 * ((n-1)/(n+1) of any distribution); these two are what it takes to hold nine tenths of those in test/lifecycle/eta-coverage.test.ts.
 */
const WIDEST_MARGIN = { ofEnd: 0.3, ofWidth: 0.5 };

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
  const lived = tombstones
    .filter((tombstone) => tombstone.liveAt !== null)
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, MOST_RUNS);
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
  return { totalsSeconds: totals.toReversed(), stageSeconds };
};

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * From the 5th to the 95th percentile, each rounded outwards to a run that there was: so it holds at least nine tenths
 * of what is to come whatever the distribution, if there are nineteen runs or more (the k-th of n runs from each end
 * leave out 2k/(n+1); https://en.wikipedia.org/wiki/Prediction_interval#Non-parametric_methods). Widened for fewer. Never below zero.
 */
const rangeOf = (totals: readonly number[]): Range => {
  const sorted = totals.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.floor((sorted.length + 1) * LOWEST_SHARE));
  const low = sorted[rank - 1] ?? 0;
  const high = sorted[sorted.length - rank] ?? low;
  const shortage = Math.max(0, (ENOUGH_RUNS - sorted.length) / (ENOUGH_RUNS - FEWEST_RUNS));
  const margin = (end: number): number =>
    shortage * Math.max(WIDEST_MARGIN.ofEnd * end, WIDEST_MARGIN.ofWidth * (high - low));
  return { low: Math.max(0, low - margin(low)), high: high + margin(high) };
};

/** How much longer each run takes than the one before, by least squares. Seconds; 0 for a single run. */
const trendOf = (totals: readonly number[]): number => {
  const middle = (totals.length - 1) / 2;
  const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  let together = 0;
  let squares = 0;
  totals.forEach((total, run) => {
    together += (run - middle) * (total - mean);
    squares += (run - middle) ** 2;
  });
  return squares === 0 ? 0 : together / squares;
};

/** The range of the runs as they were, and as they would be if they went on getting slower or faster: both of them. */
const rangeWithTrend = (totals: readonly number[]): Range => {
  const trend = trendOf(totals);
  const asWas = rangeOf(totals);
  const asNow = rangeOf(totals.map((total, run) => total + trend * (totals.length - run)));
  return { low: Math.min(asWas.low, asNow.low), high: Math.max(asWas.high, asNow.high) };
};

/**
 * When it is likely to be live: the 5th to 95th percentile of past totals from twenty runs on, widened below that and
 * where they drift, and none under five. Nothing of it lies before now; past the range all of it is equal to now, and
 * the page says that it takes longer than ever.
 */
export const etaOf = (forecast: Forecast, createdAt: Instant, now: Instant): Eta | null => {
  const { totalsSeconds: totals } = forecast;
  if (totals.length < FEWEST_RUNS) return null;
  const { low, high } = rangeWithTrend(totals);
  const sorted = totals.toSorted((a, b) => a - b);
  const at = (seconds: number): Instant => Math.max(now, createdAt + Math.round(seconds * 1000));
  return { earliest: at(low), likely: at(percentile(sorted, 0.5)), latest: at(high) };
};

/** A stage that takes longer than ever is shown as nearly done, never as done. */
const MOST_OF_A_RUNNING_STAGE = 0.95;

/** What took no time at all still has to be weighed. */
const SHORTEST_STAGE_SECONDS = 1;

/** Of a job's expected time, the share that has gone by while it runs or until it ended without success. */
const shareOf = ({ startedAt, finishedAt }: ObservedJob, expectedSeconds: number, now: Instant): number => {
  if (startedAt === null) return 0;
  const share = ((finishedAt ?? now) - startedAt) / 1000 / expectedSeconds;
  return Math.min(Math.max(share, 0), MOST_OF_A_RUNNING_STAGE);
};

/**
 * How far the way up is, 0 to 1, weighted by how long each stage usually takes; equal weights without a history. It
 * never goes back while jobs start and end: what failed or was cancelled keeps what it had.
 */
export const progressOf = (pipeline: ObservedPipeline | null, forecast: Forecast, now: Instant): number => {
  if (pipeline === null) return 0;
  let done = 0;
  let whole = 0;
  for (const job of shownJobs(pipeline)) {
    const known = forecast.stageSeconds.get(job.stage);
    const expected = Math.max(known ?? SHORTEST_STAGE_SECONDS, SHORTEST_STAGE_SECONDS);
    whole += expected;
    if (job.state === 'succeeded') done += expected;
    else if (known !== undefined) done += expected * shareOf(job, expected, now);
  }
  return whole === 0 ? 0 : Math.min(done / whole, 1);
};

/** The jobs may all be done and the link not answer yet: until it is live it is nearly there, and not more. */
const MOST_BEFORE_LIVE = 0.99;

/** As `progressOf`, for the way of a deployment: 1 from the moment on that it was live, and never before. */
export const progressToLive = (
  pipeline: ObservedPipeline | null,
  liveAt: Instant | null,
  forecast: Forecast,
  now: Instant,
): number => (liveAt === null ? Math.min(progressOf(pipeline, forecast, now), MOST_BEFORE_LIVE) : 1);
