import type { Attempt, Deployment, Instant } from './deployment.ts';
import { namedJob } from './facts.ts';
import type {
  InventoryReading,
  ListedPipeline,
  Observation,
  ObservedPipeline,
  ProbeRecord,
  ProbeVerdict,
} from './observation.ts';
import { appendReading, readingsCountFrom } from './proof.ts';
import { hasUnrecordedApply } from './strangers.ts';

/**
 * What an observation becomes when something was seen. Each takes the observation as claimed, so that `observedAt`
 * is when the look was taken up, which is never later than what the answer tells about.
 */

const applyStart = (pipeline: ObservedPipeline | null, at: Instant): Instant | null => {
  const job = pipeline === null ? null : namedJob(pipeline, 'apply');
  if (job === null) return null;
  return job.startedAt ?? (job.state === 'running' ? at : null);
};

/** A pipeline was looked at. One that GitLab no longer knows keeps what was last seen of it, for the page. */
export const sawPipeline = (
  claimed: Observation,
  pipelineId: number,
  direction: Attempt['direction'],
  pipeline: ObservedPipeline | null,
): Observation => ({
  ...claimed,
  gitlabFailingSince: null,
  look: { pipelineId, at: claimed.observedAt, pipeline },
  applyPipeline: direction === 'apply' && pipeline !== null ? pipeline : claimed.applyPipeline,
  destroyPipeline: direction === 'destroy' && pipeline !== null ? pipeline : claimed.destroyPipeline,
  applyStartedAt: claimed.applyStartedAt ?? (direction === 'apply' ? applyStart(pipeline, claimed.observedAt) : null),
});

/** The whole list came. An apply in it that we did not record may have built something, whatever its fate. */
export const sawList = (
  claimed: Observation,
  deployment: Deployment,
  pipelines: readonly ListedPipeline[],
): Observation => {
  const isUnresolved = (pipeline: ListedPipeline): boolean =>
    deployment.attempts.some((attempt) => attempt.settled === null && attempt.requestId === pipeline.requestId);
  const strange = pipelines.filter((pipeline) => !isUnresolved(pipeline));
  return {
    ...claimed,
    gitlabFailingSince: null,
    listing: { at: claimed.observedAt, pipelines },
    listingTriedAt: claimed.observedAt,
    applyStartedAt: claimed.applyStartedAt ?? (hasUnrecordedApply(deployment, strange) ? claimed.observedAt : null),
  };
};

/**
 * GitLab could not be asked. Only an unbroken failure is measured: the next answer clears it.
 *
 * @param what what it was to be asked for
 * @param at when that was given up
 */
export const gitlabFailed = (claimed: Observation, what: 'list' | 'strangers' | 'other', at: Instant): Observation => ({
  ...claimed,
  gitlabFailingSince: claimed.gitlabFailingSince ?? claimed.observedAt,
  gitlabFailedAt: at,
  listingTriedAt: what === 'other' ? claimed.listingTriedAt : claimed.observedAt,
  // What could not be asked for is asked for again later, and keeps nothing else from its turn.
  strangersCancelledAt: what === 'strangers' ? at : claimed.strangersCancelledAt,
});

/** The apply job's outputs were asked for: a link, none yet, or one that is not allowed. */
export const sawOutputs = (claimed: Observation, url: string | null, problem: string | null): Observation => ({
  ...claimed,
  gitlabFailingSince: null,
  outputs: { at: claimed.observedAt, url, problem },
});

const nextProbe = (earlier: ProbeRecord | null, verdict: ProbeVerdict, at: Instant): ProbeRecord => {
  const lastFoundAt = earlier?.lastFoundAt ?? null;
  if (verdict === 'found') return { at, verdict, failures: 0, failingSince: null, lastFoundAt: at };
  if (verdict === 'unknown') {
    return { at, verdict, failures: earlier?.failures ?? 0, failingSince: earlier?.failingSince ?? null, lastFoundAt };
  }
  return {
    at,
    verdict,
    failures: (earlier?.failures ?? 0) + 1,
    failingSince: earlier?.failingSince ?? at,
    lastFoundAt,
  };
};

/** The public URL was asked. An unknown verdict neither counts as a failure nor clears one. */
export const sawProbe = (claimed: Observation, verdict: ProbeVerdict): Observation => ({
  ...claimed,
  probe: nextProbe(claimed.probe, verdict, claimed.observedAt),
});

const isSomethingRunning = ({ listing, observedAt }: Observation): boolean =>
  listing !== null && listing.at === observedAt && listing.pipelines.some((pipeline) => !pipeline.terminal);

/**
 * The inventory was read, after the list of pipelines was (or could not be). A pipeline of ours that was seen to run
 * breaks a run of empty readings, since what it does may come after the first of them.
 */
export const sawInventory = (
  claimed: Observation,
  deployment: Deployment,
  reading: Omit<InventoryReading, 'at' | 'deletingSince'>,
): Observation => {
  const earlier = claimed.readings.findLast(({ answer }) => answer !== 'unknown');
  const wasDeleting = earlier?.answer === 'deleting' ? earlier.deletingSince : null;
  const deletingSince = reading.answer === 'deleting' ? (wasDeleting ?? claimed.observedAt) : null;
  return {
    ...claimed,
    readings: appendReading(
      isSomethingRunning(claimed) ? [] : claimed.readings,
      { ...reading, at: claimed.observedAt, deletingSince },
      readingsCountFrom(deployment),
    ),
  };
};
