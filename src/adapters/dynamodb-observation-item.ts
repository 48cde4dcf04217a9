import type {
  InventoryAnswer,
  InventoryReading,
  JobState,
  ListedPipeline,
  Observation,
  ObservedJob,
  ObservedPipeline,
  PipelineLook,
  ProbeRecord,
  ProbeVerdict,
} from '../lifecycle/observation.ts';
import { addedLater, type Codec, flag, integer, list, nullable, record, text, word } from './item-codec.ts';

/** How what was seen is laid out in an item. */

const jobState = word<JobState>({
  waiting: true,
  running: true,
  succeeded: true,
  failed: true,
  canceled: true,
  skipped: true,
  manual: true,
});

const job: Codec<ObservedJob> = record<ObservedJob>({
  id: integer,
  name: text,
  stage: text,
  state: jobState,
  startedAt: nullable(integer),
  finishedAt: nullable(integer),
  failureReason: nullable(text),
});

export const pipelineCodec: Codec<ObservedPipeline> = record<ObservedPipeline>({
  id: integer,
  name: text,
  status: text,
  terminal: flag,
  sha: text,
  webUrl: text,
  createdAt: nullable(integer),
  startedAt: nullable(integer),
  finishedAt: nullable(integer),
  jobs: list(job),
});

const look: Codec<PipelineLook> = record<PipelineLook>({
  pipelineId: integer,
  at: integer,
  pipeline: nullable(pipelineCodec),
});

const listed: Codec<ListedPipeline> = record<ListedPipeline>({
  id: integer,
  direction: word({ apply: true, destroy: true }),
  requestId: text,
  terminal: flag,
  running: flag,
  sha: text,
  webUrl: text,
});

const reading: Codec<InventoryReading> = record<InventoryReading>({
  at: integer,
  answer: word<InventoryAnswer>({ empty: true, deleting: true, leftovers: true, unknown: true }),
  count: integer,
  detail: list(text),
  pipelinesQuiet: flag,
  deletingSince: addedLater(nullable(integer), null),
});

const probe: Codec<ProbeRecord> = record<ProbeRecord>({
  at: integer,
  verdict: word<ProbeVerdict>({ found: true, absent: true, unknown: true }),
  failures: integer,
  failingSince: nullable(integer),
  lastFoundAt: nullable(integer),
});

/** What was seen, without the claim: that stands beside it in the item and is written on its own. */
export type Seen = Omit<Observation, 'observedAt' | 'observedBy'>;

export const seenCodec: Codec<Seen> = record<Seen>({
  lookEndedAt: integer,
  gitlabFailingSince: nullable(integer),
  gitlabFailedAt: addedLater(nullable(integer), null),
  look: nullable(look),
  applyPipeline: nullable(pipelineCodec),
  destroyPipeline: nullable(pipelineCodec),
  applyStartedAt: nullable(integer),
  listing: nullable(record<NonNullable<Observation['listing']>>({ at: integer, pipelines: list(listed) })),
  listingTriedAt: nullable(integer),
  strangersCancelledAt: addedLater(nullable(integer), null),
  outputs: nullable(
    record<NonNullable<Observation['outputs']>>({ at: integer, url: nullable(text), problem: nullable(text) }),
  ),
  probe: nullable(probe),
  readings: list(reading),
});
