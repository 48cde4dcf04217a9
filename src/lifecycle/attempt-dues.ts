import type { Attempt, Deployment, Instant } from './deployment.ts';
import type { Dues } from './due.ts';
import { arrivedBy, lookAt, namedJob, replyOf } from './facts.ts';
import type { Observation } from './observation.ts';
import { strangersToCancel } from './strangers.ts';

/** After a failure to ask GitLab the next try waits this many polls, so that an outage is not hammered. */
const FAILING_POLLS = 3;
/** A cancel that did not take is asked for again after this many polls. */
const CANCEL_AGAIN_POLLS = 6;

/** Not before this, whatever is asked of GitLab: the pause after a failure. */
export const gitlabPauseUntil = (deployment: Deployment, observation: Observation): Instant =>
  observation.gitlabFailingSince === null
    ? 0
    : Math.max(observation.observedAt, observation.gitlabFailedAt ?? 0) + FAILING_POLLS * deployment.policy.pollMs;

/** What a request waits for whose answer is missing, or was a refusal. */
export const duesOfUnresolved = (deployment: Deployment, observation: Observation, attempt: Attempt): Partial<Dues> => {
  const { policy } = deployment;
  const pause = gitlabPauseUntil(deployment, observation);
  const absenceFrom = arrivedBy(attempt, policy);
  const wasRefused = replyOf(deployment, attempt)?.kind === 'refused';
  // A lost answer is looked for as soon as nobody can still be sending. After a refusal one look has to do, when a
  // double of the request would show.
  const firstLookAt = wasRefused ? absenceFrom : attempt.lastSendAt + policy.sendWindowMs;
  return {
    lookUpAt: Math.max(firstLookAt, (observation.listingTriedAt ?? 0) + policy.pollMs, pause),
    absenceFrom,
    // A destroy may always run, but not be asked for without end: what comes after the attempt has its turn, too.
    resendUntil:
      attempt.startBefore === null
        ? attempt.requestedAt + policy.startDeadlineMs
        : attempt.startBefore - policy.clockMarginMs,
  };
};

/**
 * A request may have been carried out twice on its way, or have been sent again. Its pipelines are listed as soon as
 * nobody can still be sending, before a double gets to run, and once more when nothing can still arrive.
 */
const doubleCheckAt = (deployment: Deployment, observation: Observation, attempt: Attempt): Instant | null => {
  const { sendWindowMs, pollMs } = deployment.policy;
  const sentBy = attempt.lastSendAt + sendWindowMs;
  const listedAt = observation.listing?.at ?? 0;
  const check = [sentBy, arrivedBy(attempt, deployment.policy)].find((at) => listedAt < at);
  if (check === undefined) return null;
  const triedAt = observation.listingTriedAt ?? 0;
  return Math.max(check, triedAt + pollMs, gitlabPauseUntil(deployment, observation));
};

/** What an attempt waits for whose pipeline is known. */
export const duesOfPipeline = (
  deployment: Deployment,
  observation: Observation,
  attempt: Attempt,
  id: number,
): Partial<Dues> => {
  const { policy } = deployment;
  const look = lookAt(observation, id);
  const job = look?.pipeline == null ? null : namedJob(look.pipeline, attempt.direction);
  const startedAt = job?.startedAt ?? null;
  const isDestroy = attempt.direction === 'destroy';
  const isCanceling = attempt.cancelRequestedAt !== null;
  const startDeadlineAt = attempt.lastSendAt + policy.startDeadlineMs + policy.clockMarginMs;
  const pause = gitlabPauseUntil(deployment, observation);
  return {
    pollAt: Math.max((look?.at ?? 0) + policy.pollMs, pause),
    startDeadlineAt: startedAt === null ? startDeadlineAt : null,
    cancelAgainAt: attempt.lastCancelAt === null ? null : attempt.lastCancelAt + CANCEL_AGAIN_POLLS * policy.pollMs,
    cancelDeadlineAt: isCanceling ? attempt.cancelRequestedAt + policy.cancelDeadlineMs : null,
    // One whose start was never seen is given up as if it had started at the last possible moment.
    destroyDeadlineAt: isDestroy ? (startedAt ?? startDeadlineAt) + policy.destroyDeadlineMs : null,
    doubleCheckAt: doubleCheckAt(deployment, observation, attempt),
  };
};

/** At once when they are first seen, before they get to do anything; after that they are given time to end. */
export const cancelStrangersAt = (deployment: Deployment, observation: Observation): Instant | null => {
  const { listing, strangersCancelledAt } = observation;
  if (listing === null || strangersToCancel(deployment, listing).length === 0) return null;
  const againAt =
    strangersCancelledAt === null ? 0 : strangersCancelledAt + CANCEL_AGAIN_POLLS * deployment.policy.pollMs;
  return Math.max(againAt, listing.at, gitlabPauseUntil(deployment, observation));
};
