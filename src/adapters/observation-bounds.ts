import type {
  InventoryReading,
  ListedPipeline,
  Observation,
  ObservedJob,
  ObservedPipeline,
} from '../lifecycle/observation.ts';

/**
 * What was seen comes from outside and has no size of its own, yet DynamoDB refuses any item beyond 400 KB
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), and a refused write of the
 * lock would stop the clean-up. So everything observed is cut to these bounds before it is stored. Bytes are UTF-8.
 */
export const OBSERVATION_BOUNDS = Object.freeze({
  /** Together with the byte bounds of a job this keeps the jobs of one pipeline within 8 KB. */
  jobs: 32,
  jobNameBytes: 64,
  jobStageBytes: 32,
  jobFailureReasonBytes: 48,
  listedPipelines: 32,
  pipelineNameBytes: 255,
  statusBytes: 64,
  shaBytes: 64,
  requestIdBytes: 64,
  linkBytes: 1024,
  problemBytes: 300,
  /** One more than the lifecycle ever keeps, so that this never takes away what a proof needs. */
  readings: 4,
  readingDetails: 10,
  readingDetailBytes: 200,
});

/** The jobs that something is decided from; they are kept whatever else has to go. */
const DECISIVE_JOBS: ReadonlySet<string> = new Set(['apply', 'destroy', 'inventory', 'stop']);

const LINK_TOO_LONG = 'The link is too long to be stored';

const encoder = new TextEncoder();

/**
 * The longest beginning of the text that fits into `maxBytes` of UTF-8, never half a character. Lone surrogates
 * become U+FFFD here, since they would on the wire as well and then no longer compare equal.
 */
export const cutToBytes = (text: string, maxBytes: number): string => {
  const wellFormed = text.toWellFormed();
  // A UTF-16 unit never needs more than three bytes, so most texts are settled without counting.
  if (wellFormed.length * 3 <= maxBytes) return wellFormed;
  const { read } = encoder.encodeInto(wellFormed, new Uint8Array(maxBytes));
  return wellFormed.slice(0, read);
};

const cutOrNull = (text: string | null, maxBytes: number): string | null =>
  text === null ? null : cutToBytes(text, maxBytes);

const fits = (text: string, maxBytes: number): boolean => cutToBytes(text, maxBytes) === text;

/** Half a link would be a wrong link, so one that does not fit is left out. */
const linkOrEmpty = (link: string): string => (fits(link, OBSERVATION_BOUNDS.linkBytes) ? link : '');

/** Keeps at most `count`, those of the lowest rank first, and leaves the kept ones in their order. */
const keepFirstByRank = <T>(values: readonly T[], count: number, compare: (a: T, b: T) => number): readonly T[] => {
  if (values.length <= count) return values;
  const kept = new Set(values.toSorted(compare).slice(0, count));
  return values.filter((value) => kept.has(value));
};

const jobRank = (job: ObservedJob): number => (DECISIVE_JOBS.has(job.name) ? 0 : 1);

const boundJob = (job: ObservedJob): ObservedJob => ({
  ...job,
  name: cutToBytes(job.name, OBSERVATION_BOUNDS.jobNameBytes),
  stage: cutToBytes(job.stage, OBSERVATION_BOUNDS.jobStageBytes),
  failureReason: cutOrNull(job.failureReason, OBSERVATION_BOUNDS.jobFailureReasonBytes),
});

/** A pipeline cut to the bounds. The jobs that something is decided from stay; of the rest the first ones do. */
export const boundPipeline = (pipeline: ObservedPipeline): ObservedPipeline => ({
  ...pipeline,
  name: cutToBytes(pipeline.name, OBSERVATION_BOUNDS.pipelineNameBytes),
  status: cutToBytes(pipeline.status, OBSERVATION_BOUNDS.statusBytes),
  sha: cutToBytes(pipeline.sha, OBSERVATION_BOUNDS.shaBytes),
  webUrl: linkOrEmpty(pipeline.webUrl),
  jobs: keepFirstByRank(pipeline.jobs, OBSERVATION_BOUNDS.jobs, (a, b) => jobRank(a) - jobRank(b)).map(boundJob),
});

/**
 * What has not ended comes first, because a cut list must never look quiet; then the newest, because the attempt
 * that is still open is the latest one and must never look absent.
 */
const compareListed = (a: ListedPipeline, b: ListedPipeline): number =>
  Number(a.terminal) - Number(b.terminal) || b.id - a.id;

const boundListed = (pipeline: ListedPipeline): ListedPipeline => ({
  ...pipeline,
  requestId: cutToBytes(pipeline.requestId, OBSERVATION_BOUNDS.requestIdBytes),
  sha: cutToBytes(pipeline.sha, OBSERVATION_BOUNDS.shaBytes),
  webUrl: linkOrEmpty(pipeline.webUrl),
});

const boundListing = (listing: NonNullable<Observation['listing']>): NonNullable<Observation['listing']> => ({
  at: listing.at,
  pipelines: keepFirstByRank(listing.pipelines, OBSERVATION_BOUNDS.listedPipelines, compareListed).map(boundListed),
});

const boundOutputs = (outputs: NonNullable<Observation['outputs']>): NonNullable<Observation['outputs']> => {
  if (outputs.url !== null && !fits(outputs.url, OBSERVATION_BOUNDS.linkBytes)) {
    return { at: outputs.at, url: null, problem: LINK_TOO_LONG };
  }
  return { ...outputs, problem: cutOrNull(outputs.problem, OBSERVATION_BOUNDS.problemBytes) };
};

const boundReading = (reading: InventoryReading): InventoryReading => ({
  ...reading,
  detail: reading.detail
    .slice(0, OBSERVATION_BOUNDS.readingDetails)
    .map((line) => cutToBytes(line, OBSERVATION_BOUNDS.readingDetailBytes)),
});

const boundOrNull = <T>(value: T | null, bound: (value: T) => T): T | null => (value === null ? null : bound(value));

/**
 * The observation cut to `OBSERVATION_BOUNDS`, so that it always fits into its item. Cutting twice changes
 * nothing more.
 */
export const boundObservation = (observation: Observation): Observation => ({
  ...observation,
  look: boundOrNull(observation.look, (look) => ({ ...look, pipeline: boundOrNull(look.pipeline, boundPipeline) })),
  applyPipeline: boundOrNull(observation.applyPipeline, boundPipeline),
  destroyPipeline: boundOrNull(observation.destroyPipeline, boundPipeline),
  listing: boundOrNull(observation.listing, boundListing),
  outputs: boundOrNull(observation.outputs, boundOutputs),
  readings: observation.readings.slice(-OBSERVATION_BOUNDS.readings).map(boundReading),
});
