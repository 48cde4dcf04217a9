import type { Attempt, Deployment, Instant, Outcome } from './deployment.ts';
import type { Observation } from './observation.ts';
import { hasUnrecordedApply } from './strangers.ts';

/**
 * Ends after which no script can be at work. A job that failed is not among them: when its script failed, Terraform gave
 * its lock back, and when its runner was lost, nobody knows whether the script was. An apply that is over otherwise was
 * seen to end, or was never there.
 */
const SEEN_ENDED: ReadonlySet<Outcome> = new Set<Outcome>(['succeeded', 'canceled', 'refused', 'absent']);

const hasEnded = ({ direction, settled }: Attempt): boolean => {
  if (settled === null) return false;
  // Of two destroys at work at the same time neither builds anything, so of a failed one no more is asked.
  return SEEN_ENDED.has(settled.outcome) || (direction === 'destroy' && settled.outcome === 'failed');
};

/** A turn of GitLab's is the first in a quarantine, and one of the second destroyer's the next. */
const TURNS_WITHOUT_SECOND_DESTROYER = 1;

/** Whether a build of the second destroyer may be under way: of its builds nobody tells us. */
const mayBuildRun = ({ hardEndAt, hastenedAt, quarantineTries, policy }: Deployment, now: Instant): boolean =>
  hastenedAt !== null ||
  quarantineTries > TURNS_WITHOUT_SECOND_DESTROYER ||
  now >= hardEndAt + policy.secondDestroyerDelayMs - policy.clockMarginMs;

/**
 * Whether everything that may have held the deployment's Terraform state is known to have ended, so that a destroy need
 * not spare a lock because it is young: every attempt before it, and no build of the second destroyer can have begun.
 * Only a yes is sure. A killed apply leaves such a lock, and of an adopted orphan we know nothing.
 *
 * @param requestId the destroy that is about to be sent
 */
export const haveHoldersEnded = (
  deployment: Deployment,
  { listing }: Pick<Observation, 'listing'>,
  requestId: string,
  now: Instant,
): boolean => {
  const earlier = deployment.attempts.filter((attempt) => attempt.requestId !== requestId);
  const isApplyKnown = earlier.some(({ direction }) => direction === 'apply');
  if (!isApplyKnown || !earlier.every(hasEnded) || mayBuildRun(deployment, now)) return false;
  return listing === null || !hasUnrecordedApply(deployment, listing.pipelines);
};
