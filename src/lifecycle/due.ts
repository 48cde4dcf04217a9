import { cancelStrangersAt, duesOfPipeline, duesOfUnresolved, gitlabPauseUntil } from './attempt-dues.ts';
import type { Deployment, Instant } from './deployment.ts';
import { lastAttempt, lastSettledAt, namedJob, openAttempt, pipelineIdOf } from './facts.ts';
import { afterLookUnderWay, lookUnderWayUntil } from './look-under-way.ts';
import type { Observation } from './observation.ts';
import { countingReadings, latestReading, readingsCountFrom } from './proof.ts';

/**
 * When things become due. Every rule that waits for a time asks here, so that the timer can be set to the earliest
 * of the same instants. Null: not something this deployment waits for. An instant is due at its own millisecond.
 */
export type Dues = Readonly<Record<DueName, Instant | null>>;

export type DueName =
  | 'expiresAt'
  | 'hardEndAt'
  | 'deployDeadlineAt'
  | 'resendUntil'
  | 'lookUpAt'
  | 'absenceFrom'
  | 'doubleCheckAt'
  | 'pollAt'
  | 'startDeadlineAt'
  | 'cancelAgainAt'
  | 'cancelDeadlineAt'
  | 'destroyDeadlineAt'
  | 'outputsAt'
  | 'liveDeadlineAt'
  | 'probeAt'
  | 'unhealthyAt'
  | 'hastenAt'
  | 'nextAttemptAt'
  | 'inventoryAt'
  | 'stuckDeletingAt'
  | 'cancelStrangersAt';

const NEVER: Dues = Object.freeze({
  expiresAt: null,
  hardEndAt: null,
  deployDeadlineAt: null,
  resendUntil: null,
  lookUpAt: null,
  absenceFrom: null,
  doubleCheckAt: null,
  pollAt: null,
  startDeadlineAt: null,
  cancelAgainAt: null,
  cancelDeadlineAt: null,
  destroyDeadlineAt: null,
  outputsAt: null,
  liveDeadlineAt: null,
  probeAt: null,
  unhealthyAt: null,
  hastenAt: null,
  nextAttemptAt: null,
  inventoryAt: null,
  stuckDeletingAt: null,
  cancelStrangersAt: null,
});

const duesOfBirth = (deployment: Deployment, observation: Observation): Partial<Dues> => {
  const apply = lastAttempt(deployment, 'apply');
  if (apply?.settled?.outcome !== 'succeeded') return {};
  const { policy } = deployment;
  return {
    outputsAt: Math.max(
      (observation.outputs?.at ?? 0) + policy.pollMs,
      observation.outputs?.url == null ? gitlabPauseUntil(deployment, observation) : 0,
    ),
    probeAt: (observation.probe?.at ?? 0) + policy.pollMs,
    liveDeadlineAt: apply.settled.at + policy.liveDeadlineMs,
  };
};

const duesOfLife = (deployment: Deployment, observation: Observation): Partial<Dues> => {
  const { policy } = deployment;
  const failingSince = observation.probe?.failingSince ?? null;
  // Jobs after the apply may still run when the demo is live already; they are shown as closely as the others.
  const liveMs = observation.applyPipeline?.terminal === false ? policy.pollMs : policy.livePollMs;
  return {
    probeAt: (observation.probe?.at ?? 0) + policy.probeMs,
    unhealthyAt: failingSince === null ? null : failingSince + policy.unhealthyMs,
    pollAt: Math.max((observation.look?.at ?? 0) + liveMs, gitlabPauseUntil(deployment, observation)),
  };
};

const duesOfUp = (deployment: Deployment, observation: Observation): Partial<Dues> => {
  const isLive = deployment.liveAt !== null;
  return {
    expiresAt: deployment.expiresAt,
    hardEndAt: deployment.hardEndAt,
    deployDeadlineAt: isLive ? null : deployment.createdAt + deployment.policy.deployDeadlineMs,
    ...(isLive ? duesOfLife(deployment, observation) : duesOfBirth(deployment, observation)),
  };
};

const inventoryDueAt = (deployment: Deployment, observation: Observation): Instant => {
  const { policy } = deployment;
  const latest = latestReading(deployment, observation.readings);
  // The first reading follows the end of the last attempt at once: leftovers are worth knowing early.
  if (latest === null) return lastSettledAt(deployment) + 1;
  if (deployment.quarantinedAt !== null && latest.answer !== 'empty') return latest.at + policy.quarantineInventoryMs;
  if (latest.answer !== 'empty' || !latest.pipelinesQuiet) return latest.at + policy.inventoryMs;
  const first = countingReadings(deployment, observation.readings)[0];
  // One millisecond later than the last instant that does not count yet.
  return first === undefined
    ? Math.max(readingsCountFrom(deployment) + 1, latest.at + 1)
    : first.at + policy.proofGapMs;
};

/** When the latest destroy that ran came to its end. */
const lastDestroyAt = ({ attempts }: Deployment): Instant =>
  attempts.reduce(
    (latest, { direction, settled }) =>
      direction === 'destroy' && settled?.jobStarted ? Math.max(latest, settled.at) : latest,
    0,
  );

/** True while the open attempt is a destroy whose job was seen to have started. */
const destroyRuns = (deployment: Deployment, { destroyPipeline }: Observation): boolean => {
  const open = openAttempt(deployment);
  if (open?.direction !== 'destroy' || destroyPipeline?.id !== pipelineIdOf(deployment, open)) return false;
  return namedJob(destroyPipeline, 'destroy')?.startedAt != null;
};

const stuckDeletingAt = ({ policy }: Deployment, { readings }: Observation): Instant | null => {
  const since = readings.at(-1)?.deletingSince ?? null;
  return since === null ? null : since + policy.destroyDeadlineMs + policy.hardEndMarginMs;
};

const duesOfDown = (deployment: Deployment, observation: Observation): Partial<Dues> => {
  if (deployment.goal.direction === 'up') return {};
  const { policy } = deployment;
  const failingSince = observation.gitlabFailingSince;
  const downSince = deployment.goal.since;
  // In quarantine GitLab and the second destroyer take turns by a plan of their own.
  const waitsForDestroy = deployment.quarantinedAt === null && !destroyRuns(deployment, observation);
  const stuckSince =
    failingSince !== null
      ? Math.max(failingSince, downSince)
      : waitsForDestroy
        ? Math.max(downSince, lastDestroyAt(deployment))
        : null;
  return {
    // Asked again after the same time while nothing moves, so that one lost request costs no more than that.
    hastenAt: stuckSince === null ? null : Math.max(stuckSince, deployment.hastenedAt ?? 0) + policy.hastenAfterMs,
    nextAttemptAt: deployment.nextAttemptAt,
    // Being deleted costs no attempt, so without an end of its own it could go on unseen.
    stuckDeletingAt: deployment.quarantinedAt === null ? stuckDeletingAt(deployment, observation) : null,
    inventoryAt: openAttempt(deployment) === null ? inventoryDueAt(deployment, observation) : null,
  };
};

/** All the instants this record waits for. */
export const duesOf = (deployment: Deployment, observation: Observation): Dues => {
  const open = openAttempt(deployment);
  const pipelineId = open === null ? null : pipelineIdOf(deployment, open);
  const ofGoal =
    deployment.goal.direction === 'up' ? duesOfUp(deployment, observation) : duesOfDown(deployment, observation);
  const ofAttempt =
    open === null
      ? {}
      : pipelineId === null
        ? duesOfUnresolved(deployment, observation, open)
        : duesOfPipeline(deployment, observation, open, pipelineId);
  const dues: Dues = {
    ...NEVER,
    ...ofGoal,
    ...ofAttempt,
    cancelStrangersAt: cancelStrangersAt(deployment, observation),
  };
  return afterLookUnderWay(dues, lookUnderWayUntil(observation, deployment.policy.absenceProofMs));
};

/** The earliest due instant after now, and never later than `atMostMs` from now. */
export const nextDueAt = (dues: Dues, now: Instant, atMostMs: number): Instant =>
  Object.values(dues).reduce<Instant>(
    (earliest, due) => (due !== null && due > now && due < earliest ? due : earliest),
    now + atMostMs,
  );

/** True when that instant has come. */
export const isDue = (due: Instant | null, now: Instant): boolean => due !== null && now >= due;
