import type { Deployment, Instant } from './deployment.ts';
import type { ActiveRecord } from './ports.ts';

export type Status = 'idle' | 'queued' | 'deploying' | 'live' | 'destroying' | 'quarantined';

/** The one word for where a deployment stands. Derived from the facts, never stored; no record is `idle`. */
export const statusOf = (record: ActiveRecord | null): Status => {
  if (record === null) return 'idle';
  const { deployment, observation } = record;
  if (deployment.quarantinedAt !== null && deployment.gone === null) return 'quarantined';
  if (deployment.goal.direction === 'down') return 'destroying';
  if (deployment.liveAt !== null) return 'live';
  const anyJobStarted = observation.applyPipeline?.jobs.some((job) => job.startedAt !== null) ?? false;
  return anyJobStarted ? 'deploying' : 'queued';
};

/** Since when it stands there; the start of its first job where that is what made the difference. Null for no record. */
export const statusSinceOf = (record: ActiveRecord | null): Instant | null => {
  if (record === null) return null;
  const { deployment, observation } = record;
  const { createdAt, goal, liveAt, quarantinedAt, gone } = deployment;
  if (quarantinedAt !== null && gone === null) return quarantinedAt;
  if (goal.direction === 'down') return goal.since;
  if (liveAt !== null) return liveAt;
  const starts = (observation.applyPipeline?.jobs ?? []).flatMap(({ startedAt }) => startedAt ?? []);
  return starts.length === 0 ? createdAt : Math.min(...starts);
};

/** A teardown may be asked for in any state that has something to destroy and is not going down already. */
export const canDestroy = (deployment: Deployment): boolean => deployment.goal.direction === 'up';

/** Only a live demo has an end that can be moved. */
export const canExtend = (deployment: Deployment): boolean =>
  deployment.goal.direction === 'up' && deployment.liveAt !== null;

/** After two failed probes in a row the link is withheld: a dead link is never called live. */
const FAILURES_BEFORE_WITHHOLDING = 2;

/** The link to show, or null while it is not known or does not answer. */
export const shownLiveUrl = ({ deployment, observation }: ActiveRecord): string | null => {
  if (deployment.liveAt === null || deployment.goal.direction === 'down') return null;
  return (observation.probe?.failures ?? 0) >= FAILURES_BEFORE_WITHHOLDING ? null : deployment.liveUrl;
};

/**
 * When it should have been gone long ago: longer past its end, or past the moment it was to go down, than a destroy and
 * the policy's margin take. What is said to be `deleting` for ever, and costs no attempt, is seen by this.
 */
export const isOverdue = ({ goal, expiresAt, createdAt, policy }: Deployment, now: Instant): boolean => {
  const byTime = expiresAt ?? createdAt + policy.deployDeadlineMs;
  const endAt = goal.direction === 'down' ? Math.min(goal.since, byTime) : byTime;
  return now > endAt + policy.destroyDeadlineMs + policy.hardEndMarginMs;
};
