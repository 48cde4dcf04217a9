import { isDue } from './due.ts';
import type { JobOutcome } from './observation.ts';
import type { Rung } from './rung.ts';
import type { Situation } from './situation.ts';
import type { Step } from './step.ts';

const NOTHING_MADE = { jobStarted: false, startedAt: null, finishedAt: null } as const;

const settleOpen = (situation: Situation, end: JobOutcome): Step | null =>
  situation.open === null ? null : { do: 'settle', requestId: situation.open.requestId, end };

const canStillSend = ({ dues, now }: Situation): boolean => dues.resendUntil === null || now < dues.resendUntil;

const resendOpen = ({ open }: Situation): Step | null =>
  open === null ? null : { do: 'resend', requestId: open.requestId };

const isApplyGoingDown = ({ open, deployment }: Situation): boolean =>
  open?.direction === 'apply' && deployment.goal.direction === 'down';

/** Whatever the goal: an attempt whose answer is missing is resolved or waited out, one that runs is followed. */
export const ATTEMPT_RUNGS: readonly Rung[] = [
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
    take: (s) => (s.openLook !== null && s.openLook.pipeline === null ? settleOpen(s, s.openUnknownEnd) : null),
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
    take: (s) => (isDue(s.dues.cancelDeadlineAt, s.now) ? settleOpen(s, s.openUnknownEnd) : null),
  },
  {
    state: 'any',
    condition: 'its recorded pipeline waits, and a double of it runs',
    step: 'disown',
    take: (s) =>
      s.open !== null && s.hasRunningDouble && !isApplyGoingDown(s)
        ? { do: 'disown', requestId: s.open.requestId }
        : null,
  },
];
