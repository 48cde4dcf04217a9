import type { Attempt, Deployment, Instant, Reply } from './deployment.ts';
import type { JobOutcome, JobState, Observation, ObservedJob, ObservedPipeline, PipelineLook } from './observation.ts';

/**
 * Questions about a record that more than one rule asks. Each is a pure reading of stored facts.
 */

/** The attempt whose end is not settled yet; there is at most one, and it is the last. */
export const openAttempt = (deployment: Deployment): Attempt | null => {
  const last = deployment.attempts.at(-1);
  return last !== undefined && last.settled === null ? last : null;
};

export const lastAttempt = (deployment: Deployment, direction: Attempt['direction']): Attempt | null =>
  deployment.attempts.findLast((attempt) => attempt.direction === direction) ?? null;

/** The answer to the attempt's latest send. An answer to an earlier send says nothing about the latest. */
export const replyOf = (deployment: Deployment, attempt: Attempt): Reply | null => {
  const reply = deployment.replies[attempt.requestId];
  if (reply === undefined) return null;
  return reply.kind === 'created' || reply.send === attempt.sends ? reply : null;
};

/** The pipeline recorded for a request, once any of its sends is known to have made one. */
export const recordedIdOf = (deployment: Deployment, requestId: string): number | null => {
  const reply = deployment.replies[requestId];
  return reply?.kind === 'created' ? reply.pipelineId : null;
};

/** The pipeline of an attempt. */
export const pipelineIdOf = (deployment: Deployment, { requestId }: Attempt): number | null =>
  recordedIdOf(deployment, requestId);

/** The latest look, if it was at this pipeline. */
export const lookAt = (observation: Observation, pipelineId: number): PipelineLook | null =>
  observation.look?.pipelineId === pipelineId ? observation.look : null;

/** The job whose end is the attempt's end: it carries the direction's own name. */
export const namedJob = (pipeline: ObservedPipeline, direction: Attempt['direction']): ObservedJob | null =>
  pipeline.jobs.find((job) => job.name === direction) ?? null;

const ENDED: Readonly<Partial<Record<JobState, JobOutcome['outcome']>>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'canceled',
};

/**
 * How the attempt ended, read off its named job; null while it has not. A pipeline that ended without ever making
 * the job run counts as canceled. A destroy is finished only when its whole pipeline is, since the inventory job
 * that follows may still tell more; an apply is finished with its job.
 */
export const jobOutcome = (pipeline: ObservedPipeline, direction: Attempt['direction']): JobOutcome | null => {
  const job = namedJob(pipeline, direction);
  const outcome = job === null ? undefined : ENDED[job.state];
  if (outcome === undefined || job === null) {
    if (!pipeline.terminal) return null;
    return {
      outcome: 'canceled',
      jobStarted: job?.startedAt != null,
      startedAt: job?.startedAt ?? null,
      finishedAt: null,
    };
  }
  if (direction === 'destroy' && !pipeline.terminal) return null;
  const startedAt = job.startedAt;
  return { outcome, jobStarted: startedAt !== null, startedAt, finishedAt: job.finishedAt };
};

/** The end of a pipeline of unknown fate. It counts as started only if that was seen of it before. */
export const unknownEnd = (observation: Observation, pipelineId: number | null): JobOutcome => {
  const { applyPipeline, destroyPipeline } = observation;
  const isApply = applyPipeline?.id === pipelineId;
  const seen = isApply ? applyPipeline : destroyPipeline;
  const job = seen?.id === pipelineId && seen !== null ? namedJob(seen, isApply ? 'apply' : 'destroy') : null;
  const startedAt = job?.startedAt ?? null;
  return { outcome: 'unknown', jobStarted: startedAt !== null, startedAt, finishedAt: null };
};

/**
 * True when GitLab answered that it made nothing, to the only send there was. A refusal of a later send says nothing
 * about an earlier one whose answer was lost: that one may still arrive.
 */
const wasOnlyRefused = (attempt: Attempt): boolean => attempt.settled?.outcome === 'refused' && attempt.sends === 1;

/**
 * When whatever was sent has arrived or never will, however late. Who sent it and who asks may be two machines, each with
 * a clock that is off in its own direction.
 */
export const arrivedBy = ({ lastSendAt }: Attempt, policy: Deployment['policy']): Instant =>
  lastSendAt + policy.sendWindowMs + policy.absenceProofMs + 2 * policy.clockMarginMs;

/**
 * When anything that starts late has become impossible: the latest `startBefore` of all applies, plus the margin. A
 * request that was refused may have been doubled on its way, and its double accepted: by then it can be seen.
 */
export const lateStartsOverAt = (deployment: Deployment): Instant =>
  deployment.attempts.reduce((latest, attempt) => {
    if (attempt.startBefore === null) return latest;
    const { policy } = deployment;
    const overAt = wasOnlyRefused(attempt) ? arrivedBy(attempt, policy) : attempt.startBefore + policy.clockMarginMs;
    return Math.max(latest, overAt);
  }, 0);

/** True when no apply was ever sent, or GitLab answered to each that it made nothing. */
export const wasNeverBuilt = (deployment: Deployment): boolean =>
  !deployment.applyMayHaveStarted &&
  deployment.attempts.every((attempt) => attempt.direction === 'apply' && wasOnlyRefused(attempt));

/** When the last attempt's end was settled; readings from before it say nothing about what is left now. */
export const lastSettledAt = (deployment: Deployment): Instant =>
  deployment.attempts.reduce((latest, attempt) => Math.max(latest, attempt.settled?.at ?? 0), 0);

/** Whether an apply may have started, by what was decided or by what was seen since. */
export const mayHaveBuilt = (deployment: Deployment, observation: Observation): boolean =>
  deployment.applyMayHaveStarted || observation.applyStartedAt !== null;
