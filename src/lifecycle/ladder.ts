import type { DownReason } from './deployment.ts';
import { isDue } from './due.ts';
import { namedJob } from './facts.ts';
import type { JobOutcome } from './observation.ts';
import type { Situation } from './situation.ts';
import type { Step } from './step.ts';

/** Which part of the life a rung belongs to; `any` is asked whatever the goal. */
export type RungState = 'gone' | 'up' | 'any' | 'down';

/**
 * One rung: in this state, under this condition, take this step. The first rung that holds decides. The first three
 * words stand in the table of docs/architecture.md, which a test keeps equal to this list.
 */
export interface Rung {
  readonly state: RungState;
  readonly condition: string;
  readonly step: Step['do'];
  readonly take: (situation: Situation) => Step | null;
}

const goDown =
  (reason: DownReason, holds: (situation: Situation) => boolean) =>
  (situation: Situation): Step | null =>
    holds(situation) ? { do: 'go-down', reason } : null;

const NOTHING_MADE = { jobStarted: false, startedAt: null, finishedAt: null } as const;

const settleOpen = (situation: Situation, end: JobOutcome): Step | null =>
  situation.open === null ? null : { do: 'settle', requestId: situation.open.requestId, end };

/** Its fate is unknown; whether its job started is what was seen of it before, since only that makes it count. */
const settleUnknown = (situation: Situation): Step | null => {
  const { open, openPipelineId, observation } = situation;
  const seen = [observation.applyPipeline, observation.destroyPipeline].find((known) => known?.id === openPipelineId);
  const job = seen == null || open === null ? null : namedJob(seen, open.direction);
  const startedAt = job?.startedAt ?? null;
  return settleOpen(situation, { outcome: 'unknown', jobStarted: startedAt !== null, startedAt, finishedAt: null });
};

const canStillSend = ({ dues, now }: Situation): boolean => dues.resendUntil === null || now < dues.resendUntil;

const resendOpen = ({ open }: Situation): Step | null =>
  open === null ? null : { do: 'resend', requestId: open.requestId };

/** Up, until it is live. */
const BIRTH: readonly Rung[] = [
  {
    state: 'up',
    condition: 'the hard end has come',
    step: 'go-down',
    take: goDown('hard_end', (s) => isDue(s.dues.hardEndAt, s.now)),
  },
  {
    state: 'up',
    condition: 'its time is over',
    step: 'go-down',
    take: goDown('expired', (s) => isDue(s.dues.expiresAt, s.now)),
  },
  {
    state: 'up',
    condition: 'not live by the deploy deadline',
    step: 'go-down',
    take: goDown('deploy_timeout', (s) => isDue(s.dues.deployDeadlineAt, s.now)),
  },
  {
    state: 'up',
    condition: "GitLab's auto-stop job runs",
    step: 'go-down',
    take: goDown(
      'auto_stop',
      (s) => s.observation.applyPipeline?.jobs.some((job) => job.name === 'stop' && job.startedAt !== null) ?? false,
    ),
  },
  {
    state: 'up',
    condition: 'the second destroyer is not armed',
    step: 'arm',
    take: (s) => (s.deployment.armedAt === null ? { do: 'arm' } : null),
  },
  {
    state: 'up',
    condition: 'no apply was asked for',
    step: 'request',
    take: (s) => (s.apply === null ? { do: 'request', direction: 'apply', quarantined: false } : null),
  },
];

/** Whatever the goal: an attempt whose answer is missing is resolved or waited out, one that runs is followed. */
const ATTEMPT: readonly Rung[] = [
  {
    state: 'any',
    condition: 'GitLab refused for now, and there is time to ask again',
    step: 'resend',
    take: (s) =>
      s.openReply?.kind === 'refused' &&
      s.openReply.retryable &&
      canStillSend(s) &&
      isDue(s.dues.resendAt, s.now) &&
      !isApplyGoingDown(s)
        ? resendOpen(s)
        : null,
  },
  {
    state: 'any',
    condition: 'GitLab refused for good, or there is no time or wish to ask again',
    step: 'settle',
    take: (s) =>
      s.openReply?.kind === 'refused' && (!s.openReply.retryable || !canStillSend(s) || isApplyGoingDown(s))
        ? settleOpen(s, { outcome: 'refused', ...NOTHING_MADE })
        : null,
  },
  {
    state: 'any',
    condition: 'its pipeline was found by name',
    step: 'adopt',
    take: ({ open, found }) =>
      open === null || found === null
        ? null
        : { do: 'adopt', requestId: open.requestId, pipelineId: found.id, sha: found.sha, webUrl: found.webUrl },
  },
  {
    state: 'any',
    condition: 'proven never to have arrived, and still wanted',
    step: 'resend',
    take: (s) => (s.isProvenAbsent && canStillSend(s) && !isApplyGoingDown(s) ? resendOpen(s) : null),
  },
  {
    state: 'any',
    condition: 'proven never to have arrived, and no longer wanted or possible',
    step: 'settle',
    take: (s) => (s.isProvenAbsent ? settleOpen(s, { outcome: 'absent', ...NOTHING_MADE }) : null),
  },
  {
    state: 'any',
    condition: 'GitLab no longer knows its pipeline',
    step: 'settle',
    take: (s) => (s.openLook !== null && s.openLook.pipeline === null ? settleUnknown(s) : null),
  },
  {
    state: 'any',
    condition: 'its job ended',
    step: 'settle',
    take: (s) => (s.openOutcome === null ? null : settleOpen(s, s.openOutcome)),
  },
  {
    state: 'any',
    condition: 'cancelled, and still not ended by the cancel deadline',
    step: 'settle',
    take: (s) => (isDue(s.dues.cancelDeadlineAt, s.now) ? settleUnknown(s) : null),
  },
  {
    state: 'any',
    condition: 'pipelines carry our id that must not go on',
    step: 'cancel-strangers',
    take: (s) =>
      s.strangers.length > 0 && isDue(s.dues.cancelStrangersAt, s.now)
        ? { do: 'cancel-strangers', pipelineIds: s.strangers }
        : null,
  },
];

const isApplyGoingDown = ({ open, deployment }: Situation): boolean =>
  open?.direction === 'apply' && deployment.goal.direction === 'down';

const LOOKS: readonly Rung[] = [
  {
    state: 'any',
    condition: 'no answer to the request, and a look is due',
    step: 'look-up',
    take: (s) =>
      s.open !== null && s.openPipelineId === null && s.openReply === null && isDue(s.dues.lookUpAt, s.now)
        ? { do: 'look-up' }
        : null,
  },
  {
    state: 'any',
    condition: 'sent more than once, and the check for a double is due',
    step: 'look-up',
    take: (s) => (isDue(s.dues.doubleCheckAt, s.now) ? { do: 'look-up' } : null),
  },
  {
    state: 'any',
    condition: 'its pipeline runs, and a poll is due',
    step: 'poll',
    take: (s) =>
      s.openPipelineId !== null && isDue(s.dues.pollAt, s.now) ? { do: 'poll', pipelineId: s.openPipelineId } : null,
  },
];

/** Nothing that merely was not looked at counts as not started: after an outage it may have run all the while. */
const wasSeenNotStarted = ({ dues, openLook }: Situation): boolean =>
  openLook !== null && isDue(dues.startDeadlineAt, openLook.at);

/** Up: from the end of the apply to the end of the life. */
const LIFE: readonly Rung[] = [
  {
    state: 'up',
    condition: 'the apply did not start in time',
    step: 'go-down',
    take: goDown('not_started', wasSeenNotStarted),
  },
  {
    state: 'up',
    condition: 'the apply was never made or never started',
    step: 'go-down',
    take: goDown(
      'not_started',
      (s) => s.apply?.settled != null && s.apply.settled.outcome !== 'unknown' && !s.apply.settled.jobStarted,
    ),
  },
  {
    state: 'up',
    condition: "the apply's fate is unknown",
    step: 'go-down',
    take: goDown('deploy_unknown', (s) => s.apply?.settled?.outcome === 'unknown'),
  },
  {
    state: 'up',
    condition: 'the apply failed',
    step: 'go-down',
    take: goDown('deploy_failed', (s) => s.apply?.settled != null && s.apply.settled.outcome !== 'succeeded'),
  },
  {
    state: 'up',
    condition: 'the public URL answered with our id',
    step: 'go-live',
    take: ({ deployment, observation }) =>
      deployment.liveAt === null && observation.probe?.verdict === 'found' && observation.outputs?.url != null
        ? { do: 'go-live', url: observation.outputs.url, at: observation.probe.at }
        : null,
  },
  {
    state: 'up',
    condition: 'the pipeline named a link that is not allowed',
    step: 'go-down',
    take: goDown('not_live', (s) => s.deployment.liveAt === null && s.observation.outputs?.problem != null),
  },
  {
    state: 'up',
    condition: 'applied, and not live by the live deadline',
    step: 'go-down',
    take: goDown('not_live', (s) => s.deployment.liveAt === null && isDue(s.dues.liveDeadlineAt, s.now)),
  },
  {
    state: 'up',
    condition: 'live, and not healthy for too long',
    step: 'go-down',
    // A probe at the end of that time, not the clock alone: one failure before a pause of ours is not ten minutes.
    take: goDown(
      'unhealthy',
      ({ dues, observation: { probe } }) => probe?.verdict === 'absent' && isDue(dues.unhealthyAt, probe.at),
    ),
  },
  {
    state: 'up',
    condition: 'applied, and its link is not known',
    step: 'read-live-url',
    take: (s) => {
      if (s.observation.outputs?.url != null || !isDue(s.dues.outputsAt, s.now)) return null;
      const job = s.observation.applyPipeline === null ? null : namedJob(s.observation.applyPipeline, 'apply');
      return job === null ? null : { do: 'read-live-url', jobId: job.id };
    },
  },
  {
    state: 'up',
    condition: 'its link is known, and a probe is due',
    step: 'probe',
    take: (s) => {
      const url = s.deployment.liveUrl ?? s.observation.outputs?.url ?? null;
      return url !== null && isDue(s.dues.probeAt, s.now) ? { do: 'probe', url } : null;
    },
  },
  {
    state: 'up',
    condition: 'live, and a look at its pipeline is due',
    step: 'poll',
    take: (s) =>
      s.deployment.liveAt !== null && s.observation.applyPipeline !== null && isDue(s.dues.pollAt, s.now)
        ? { do: 'poll', pipelineId: s.observation.applyPipeline.id }
        : null,
  },
];

const DOWN: readonly Rung[] = [
  {
    state: 'down',
    condition: 'nothing was ever sent, or every request was refused',
    step: 'prove',
    take: (s) => (s.open === null && s.neverBuilt ? { do: 'prove', proof: { kind: 'never-built', at: s.now } } : null),
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

const cancelOpen = ({ open, openPipelineId }: Situation, holds: boolean): Step | null =>
  holds && open !== null && openPipelineId !== null
    ? { do: 'cancel', requestId: open.requestId, pipelineId: openPipelineId }
    : null;

/** Down, and no attempt is open. */
const END: readonly Rung[] = [
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
    condition: 'a look at what is left is due',
    step: 'read-inventory',
    take: (s) => (s.open === null && isDue(s.dues.inventoryAt, s.now) ? { do: 'read-inventory' } : null),
  },
];

const hasUnscheduledLeftovers = ({ open, reading, deployment }: Situation): boolean =>
  open === null &&
  reading?.answer === 'leftovers' &&
  deployment.quarantinedAt === null &&
  deployment.nextAttemptAt === null;

const isQuarantineTurn = ({ deployment, dues, now }: Situation, remainder: 0 | 1): boolean =>
  deployment.quarantinedAt !== null && deployment.quarantineTries % 2 === remainder && isDue(dues.nextAttemptAt, now);

const GONE: Rung = {
  state: 'gone',
  condition: 'proven gone; the end order is left',
  step: 'release',
  take: (s) => (s.deployment.gone === null ? null : { do: 'release' }),
};

/** The ladder, top to bottom: the first rung that holds decides. */
export const LADDER: readonly Rung[] = [GONE, ...BIRTH, ...ATTEMPT, ...DOWN, ...LOOKS, ...LIFE, ...END];
