import type { Attempt, Deployment, Instant, Proof, Reply } from './deployment.ts';
import { type Dues, duesOf } from './due.ts';
import {
  jobOutcome,
  lastAttempt,
  lookAt,
  mayHaveBuilt,
  openAttempt,
  pipelineIdOf,
  replyOf,
  unknownEnd,
  wasNeverBuilt,
} from './facts.ts';
import type { InventoryReading, JobOutcome, ListedPipeline, Observation, PipelineLook } from './observation.ts';
import { latestReading, proofOf } from './proof.ts';
import { hasRunningDouble, pipelineToKeep, strangersToCancel } from './strangers.ts';

/** Everything the ladder's predicates ask about, read off the facts once. */
export interface Situation {
  readonly deployment: Deployment;
  readonly observation: Observation;
  readonly now: Instant;
  readonly dues: Dues;
  readonly open: Attempt | null;
  readonly openReply: Reply | null;
  readonly openPipelineId: number | null;
  readonly openLook: PipelineLook | null;
  readonly openOutcome: JobOutcome | null;
  /** What the open attempt is settled with when its pipeline cannot be followed any more. */
  readonly openUnknownEnd: JobOutcome;
  readonly apply: Attempt | null;
  readonly destroy: Attempt | null;
  /** The pipeline found by name for an attempt whose answer was lost. */
  readonly found: ListedPipeline | null;
  /** True when a whole list, answered late enough, has no pipeline of the open attempt. */
  readonly isProvenAbsent: boolean;
  /** True when another pipeline of the open attempt's request runs, and the recorded one does not. */
  readonly hasRunningDouble: boolean;
  readonly strangers: readonly number[];
  readonly neverBuilt: boolean;
  /** Decided or seen; once true it stays so. */
  readonly applyMayHaveStarted: boolean;
  readonly reading: InventoryReading | null;
  readonly proof: Proof | null;
}

const findByName = (
  open: Attempt | null,
  openPipelineId: number | null,
  observation: Observation,
): ListedPipeline | null => {
  if (open === null || openPipelineId !== null || observation.listing === null) return null;
  const candidates = observation.listing.pipelines.filter((pipeline) => pipeline.requestId === open.requestId);
  return pipelineToKeep(candidates, null);
};

/** Reads the facts for one decision; pure. */
export const situationOf = (deployment: Deployment, observation: Observation, now: Instant): Situation => {
  const dues = duesOf(deployment, observation);
  const open = openAttempt(deployment);
  const openPipelineId = open === null ? null : pipelineIdOf(deployment, open);
  const openLook = openPipelineId === null ? null : lookAt(observation, openPipelineId);
  const found = findByName(open, openPipelineId, observation);
  const { absenceFrom } = dues;
  return {
    deployment,
    observation,
    now,
    dues,
    open,
    openReply: open === null ? null : replyOf(deployment, open),
    openPipelineId,
    openLook,
    openOutcome: openLook?.pipeline == null || open === null ? null : jobOutcome(openLook.pipeline, open.direction),
    openUnknownEnd: unknownEnd(observation, openPipelineId),
    apply: lastAttempt(deployment, 'apply'),
    destroy: lastAttempt(deployment, 'destroy'),
    found,
    isProvenAbsent:
      found === null && absenceFrom !== null && observation.listing !== null && observation.listing.at >= absenceFrom,
    hasRunningDouble: hasRunningDouble(deployment, observation.listing?.pipelines ?? []),
    strangers: observation.listing === null ? [] : strangersToCancel(deployment, observation.listing),
    neverBuilt: wasNeverBuilt(deployment) && observation.applyStartedAt === null,
    applyMayHaveStarted: mayHaveBuilt(deployment, observation),
    reading: latestReading(deployment, observation.readings),
    proof: proofOf(deployment, observation.readings),
  };
};
