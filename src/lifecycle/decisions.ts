import {
  type Attempt,
  type DecidedFields,
  type Deployment,
  type DownReason,
  type Instant,
  MAX_ATTEMPTS,
} from './deployment.ts';
import type { Observation } from './observation.ts';
import type { Step } from './step.ts';

/** Steps that are decisions: each becomes one conditional write of these fields. */
export type DecisionStep = Extract<
  Step,
  {
    do:
      | 'arm'
      | 'preflight'
      | 'hasten'
      | 'request'
      | 'resend'
      | 'settle'
      | 'disown'
      | 'cancel'
      | 'go-live'
      | 'go-down'
      | 'schedule-destroy'
      | 'quarantine'
      | 'use-second-destroyer'
      | 'prove';
  }
>;

type Fields = Partial<DecidedFields>;

const withAttempt = (
  deployment: Deployment,
  requestId: string,
  change: (attempt: Attempt) => Partial<Attempt>,
): readonly Attempt[] =>
  deployment.attempts.map((attempt) =>
    attempt.requestId === requestId ? { ...attempt, ...change(attempt) } : attempt,
  );

/** Every apply stays, since the proof asks about it; of the destroys only the latest do. */
const bounded = (attempts: readonly Attempt[]): readonly Attempt[] => {
  const applies = attempts.filter((attempt) => attempt.direction === 'apply');
  const room = MAX_ATTEMPTS - applies.length;
  return [...applies, ...attempts.filter((attempt) => attempt.direction === 'destroy').slice(-room)];
};

/** The wait with that index; the last one repeats. */
const waitMs = (waitsMs: readonly number[], index: number): number => waitsMs[Math.min(index, waitsMs.length - 1)] ?? 0;

/** The replies that go with a step that writes these fields: one that is given up, or those left without an attempt. */
export const forgottenReplies = (
  deployment: Deployment,
  step: DecisionStep,
  { attempts }: Fields,
): readonly string[] => {
  if (step.do === 'disown') return [step.requestId];
  if (attempts === undefined) return [];
  return Object.keys(deployment.replies).filter((id) => !attempts.some(({ requestId }) => requestId === id));
};

const nextQuarantineTry = (deployment: Deployment, now: Instant): Fields => {
  const tries = deployment.quarantineTries + 1;
  return { quarantineTries: tries, nextAttemptAt: now + waitMs(deployment.policy.quarantineWaitsMs, tries) };
};

const newAttempt = (
  deployment: Deployment,
  step: Extract<Step, { do: 'request' }>,
  requestId: string,
  now: Instant,
): Attempt => ({
  requestId,
  direction: step.direction,
  requestedAt: now,
  lastSendAt: now,
  sends: 1,
  startBefore: step.direction === 'apply' ? now + deployment.policy.startDeadlineMs : null,
  cancelRequestedAt: null,
  lastCancelAt: null,
  settled: null,
});

const settled = (deployment: Deployment, step: Extract<Step, { do: 'settle' }>, now: Instant): Fields => {
  const attempt = deployment.attempts.find(({ requestId }) => requestId === step.requestId);
  const { outcome, jobStarted } = step.end;
  const mayHaveBuilt = jobStarted || outcome === 'unknown' || outcome === 'succeeded';
  const isApply = attempt?.direction === 'apply';
  return {
    attempts: withAttempt(deployment, step.requestId, () => ({ settled: { ...step.end, at: now } })),
    applyMayHaveStarted: deployment.applyMayHaveStarted || (isApply && mayHaveBuilt),
    countedDestroys: deployment.countedDestroys + (attempt?.direction === 'destroy' && jobStarted ? 1 : 0),
  };
};

/** Live from the moment our probe found it, and never past the next nightly clean-up. */
const live = (deployment: Deployment, url: string, at: Instant): Fields => {
  const night = deployment.nightlyAt ?? Number.POSITIVE_INFINITY;
  return {
    liveUrl: url,
    liveAt: at,
    expiresAt: Math.min(at + deployment.durationMs, night),
    maxExpiresAt: Math.min(at + deployment.policy.maxLifetimeMs, night),
  };
};

/** The goal only ever goes from up to down; the first reason stands. */
export const down = (deployment: Deployment, reason: DownReason, now: Instant): Fields =>
  deployment.goal.direction === 'down' ? {} : { goal: { direction: 'down', reason, since: now } };

const fieldsOf = (deployment: Deployment, step: DecisionStep, requestId: string, now: Instant): Fields => {
  switch (step.do) {
    case 'arm':
      return { armedAt: now };
    case 'preflight':
      return { preflightAt: now };
    case 'hasten':
      return { hastenedAt: now };
    case 'request':
      return {
        attempts: bounded([...deployment.attempts, newAttempt(deployment, step, requestId, now)]),
        ...(step.quarantined ? nextQuarantineTry(deployment, now) : { nextAttemptAt: null }),
      };
    case 'resend':
      return {
        attempts: withAttempt(deployment, step.requestId, (attempt) => ({ lastSendAt: now, sends: attempt.sends + 1 })),
      };
    case 'disown':
      return {};
    case 'settle':
      return settled(deployment, step, now);
    case 'cancel':
      return {
        attempts: withAttempt(deployment, step.requestId, (attempt) => ({
          cancelRequestedAt: attempt.cancelRequestedAt ?? now,
          lastCancelAt: now,
        })),
      };
    case 'go-live':
      return live(deployment, step.url, step.at);
    case 'go-down':
      return down(deployment, step.reason, now);
    case 'schedule-destroy': {
      const ended = deployment.attempts.filter((attempt) => attempt.direction === 'destroy').length;
      // Leftovers before any destroy need no wait; after that each try waits longer than the one before.
      return { nextAttemptAt: ended === 0 ? now : now + waitMs(deployment.policy.attemptWaitsMs, ended - 1) };
    }
    case 'quarantine':
      return {
        quarantinedAt: now,
        quarantineTries: 0,
        nextAttemptAt: now + waitMs(deployment.policy.quarantineWaitsMs, 0),
      };
    case 'use-second-destroyer':
      return nextQuarantineTry(deployment, now);
    case 'prove':
      return { gone: step.proof };
  }
};

/**
 * The fields that a decision writes. Every decision also latches what was seen meanwhile: once an apply was seen to
 * have started, that is remembered with the next write, whatever it is about.
 *
 * @param requestId the id for a new attempt; used by `request` alone
 */
export const fieldsFor = (
  deployment: Deployment,
  observation: Observation,
  step: DecisionStep,
  requestId: string,
  now: Instant,
): Fields => {
  const fields = fieldsOf(deployment, step, requestId, now);
  if (observation.applyStartedAt === null || deployment.applyMayHaveStarted) return fields;
  return { ...fields, applyMayHaveStarted: true };
};
