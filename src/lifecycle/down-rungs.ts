import { isDue } from './due.ts';
import { lateStartsOverAt } from './facts.ts';
import { type Rung, wasSeenNotStarted } from './rung.ts';
import type { Situation } from './situation.ts';
import type { Step } from './step.ts';

const cancelOpen = ({ open, openPipelineId }: Situation, holds: boolean): Step | null =>
  holds && open !== null && openPipelineId !== null
    ? { do: 'cancel', requestId: open.requestId, pipelineId: openPipelineId }
    : null;

/** So soon after the lock nobody else can know the id. */
const UNKNOWN_TO_OTHERS_MS = 60_000;

/**
 * A request that was refused may have been doubled on its way, and somebody may start a pipeline by hand with the id of
 * a demo that is shown. Only where neither can be is it believed without a look that nothing was built.
 */
const isSeenUnused = ({ deployment, reading, apply, now }: Situation): boolean => {
  if (apply === null && now - deployment.createdAt < UNKNOWN_TO_OTHERS_MS) return true;
  return reading?.answer === 'empty' && reading.pipelinesQuiet && reading.at > lateStartsOverAt(deployment);
};

/** Down, while an attempt may still be open. */
export const DOWN_RUNGS: readonly Rung[] = [
  {
    state: 'down',
    condition: 'nothing was ever sent, or every request was refused, and no pipeline is there',
    step: 'prove',
    take: (s) =>
      s.open === null && s.neverBuilt && isSeenUnused(s)
        ? { do: 'prove', proof: { kind: 'never-built', at: s.now } }
        : null,
  },
  {
    state: 'down',
    condition: 'an apply is still open and not cancelled',
    step: 'cancel',
    take: (s) => cancelOpen(s, s.open?.direction === 'apply' && s.open.cancelRequestedAt === null),
  },
  {
    state: 'down',
    condition: 'the destroy takes too long or did not start in time',
    step: 'cancel',
    take: (s) =>
      cancelOpen(
        s,
        s.open?.direction === 'destroy' &&
          s.open.cancelRequestedAt === null &&
          (isDue(s.dues.destroyDeadlineAt, s.now) || wasSeenNotStarted(s)),
      ),
  },
  {
    state: 'down',
    condition: 'cancelled, but it goes on',
    step: 'cancel',
    take: (s) => cancelOpen(s, isDue(s.dues.cancelAgainAt, s.now)),
  },
  {
    state: 'down',
    condition: 'GitLab does not destroy for too long',
    step: 'hasten',
    take: (s) => (isDue(s.dues.hastenAt, s.now) ? { do: 'hasten' } : null),
  },
];

const hasUnscheduledLeftovers = ({ open, reading, deployment }: Situation): boolean =>
  open === null &&
  reading?.answer === 'leftovers' &&
  deployment.quarantinedAt === null &&
  deployment.nextAttemptAt === null;

const isQuarantineTurn = ({ deployment, dues, now }: Situation, remainder: 0 | 1): boolean =>
  deployment.quarantinedAt !== null && deployment.quarantineTries % 2 === remainder && isDue(dues.nextAttemptAt, now);

/** Down, and no attempt is open. */
export const END_RUNGS: readonly Rung[] = [
  {
    state: 'down',
    condition: 'proven gone',
    step: 'prove',
    take: (s) => (s.open === null && s.proof !== null ? { do: 'prove', proof: s.proof } : null),
  },
  {
    state: 'down',
    condition: 'an apply may have started, and nothing was destroyed yet',
    step: 'request',
    take: (s) =>
      s.open === null && s.applyMayHaveStarted && s.destroy === null
        ? { do: 'request', direction: 'destroy', quarantined: false }
        : null,
  },
  {
    state: 'down',
    condition: 'the next destroy is due',
    step: 'request',
    take: (s) =>
      s.open === null && s.deployment.quarantinedAt === null && isDue(s.dues.nextAttemptAt, s.now)
        ? { do: 'request', direction: 'destroy', quarantined: false }
        : null,
  },
  {
    state: 'down',
    condition: "quarantined, and GitLab's turn to destroy is due",
    step: 'request',
    take: (s) =>
      s.open === null && isQuarantineTurn(s, 0) ? { do: 'request', direction: 'destroy', quarantined: true } : null,
  },
  {
    state: 'down',
    condition: "quarantined, and the second destroyer's turn is due",
    step: 'use-second-destroyer',
    take: (s) => (s.open === null && isQuarantineTurn(s, 1) ? { do: 'use-second-destroyer' } : null),
  },
  {
    state: 'down',
    condition: 'leftovers, and attempts are left',
    step: 'schedule-destroy',
    take: (s) =>
      hasUnscheduledLeftovers(s) && s.deployment.countedDestroys < s.deployment.policy.maxDestroyAttempts
        ? { do: 'schedule-destroy' }
        : null,
  },
  {
    state: 'down',
    condition: 'leftovers, and no attempt is left',
    step: 'quarantine',
    take: (s) => (hasUnscheduledLeftovers(s) ? { do: 'quarantine' } : null),
  },
  {
    state: 'down',
    condition: 'something is being deleted and does not go',
    step: 'quarantine',
    take: (s) =>
      s.open === null && s.reading?.answer === 'deleting' && isDue(s.dues.stuckDeletingAt, s.now)
        ? { do: 'quarantine' }
        : null,
  },
];
