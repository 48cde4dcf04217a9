import type { Deployment } from './deployment.ts';
import { openAttempt, pipelineIdOf, recordedIdOf } from './facts.ts';
import type { ListedPipeline, Observation } from './observation.ts';

/**
 * Of several pipelines with the same request id, the one to keep: the one whose job runs, else the recorded one,
 * else the lower id. Null for an empty list.
 */
export const pipelineToKeep = (
  candidates: readonly ListedPipeline[],
  recordedId: number | null,
): ListedPipeline | null => {
  const alive = candidates.filter((pipeline) => !pipeline.terminal);
  const byId = (alive.length > 0 ? alive : candidates).toSorted((a, b) => a.id - b.id);
  const running = byId.filter((pipeline) => pipeline.running);
  const pool = running.length > 0 ? running : byId;
  return pool.find((pipeline) => pipeline.id === recordedId) ?? pool[0] ?? null;
};

/** A whole list, and when it was asked for. */
export type Listing = NonNullable<Observation['listing']>;

/**
 * Pipelines that carry our id and must not go on: a double of a request, an apply nobody asked for, and with the
 * goal down any apply that was re-opened. Destroys of other requests are left alone: they do what we want, and the
 * proof waits for them.
 */
export const strangersToCancel = (deployment: Deployment, { at, pipelines: listed }: Listing): readonly number[] => {
  const open = openAttempt(deployment);
  // A list from before the end of an attempt does not know that its pipeline has ended.
  const endedSince = new Set(
    deployment.attempts
      .filter(({ settled }) => settled !== null && settled.outcome !== 'unknown' && settled.at > at)
      .map(({ requestId }) => recordedIdOf(deployment, requestId)),
  );
  const openId = open === null ? null : pipelineIdOf(deployment, open);
  const isKept = (pipeline: ListedPipeline): boolean => {
    const recordedId = recordedIdOf(deployment, pipeline.requestId);
    // Which of them is ours is decided first, by recording it; only then is a double a stranger.
    if (open !== null && openId === null && pipeline.requestId === open.requestId) return true;
    // Of an attempt that is over only the recorded one was ours; a double of it must not run after it.
    const sameRequest = listed.filter((other) => other.requestId === pipeline.requestId);
    const isOpen = open?.requestId === pipeline.requestId;
    const keptId = isOpen ? pipelineToKeep(sameRequest, recordedId)?.id : recordedId;
    if (recordedId !== null && keptId !== pipeline.id) return false;
    if (pipeline.direction === 'destroy') return true;
    if (recordedId === null) return false;
    return deployment.goal.direction === 'up' || pipeline.id === openId;
  };
  return listed
    .filter((pipeline) => !pipeline.terminal && !endedSince.has(pipeline.id) && !isKept(pipeline))
    .map((pipeline) => pipeline.id);
};

/**
 * Whether the recorded pipeline of the open attempt waits while a double of the same request runs: then that one is
 * ours, and the recorded one the stranger.
 */
export const hasRunningDouble = (deployment: Deployment, listed: readonly ListedPipeline[]): boolean => {
  const open = openAttempt(deployment);
  const openId = open === null ? null : pipelineIdOf(deployment, open);
  const recorded = listed.find(({ id }) => id === openId);
  // One that has ended, or that GitLab does not show, tells its own end.
  if (recorded === undefined || recorded.running || recorded.terminal) return false;
  return listed.some((other) => other.requestId === open?.requestId && other.running);
};

/** True when the list has an apply that we did not record: whatever its fate, it may have built something. */
export const hasUnrecordedApply = (deployment: Deployment, listed: readonly ListedPipeline[]): boolean =>
  listed.some(
    (pipeline) => pipeline.direction === 'apply' && recordedIdOf(deployment, pipeline.requestId) !== pipeline.id,
  );
