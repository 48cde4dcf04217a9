import type { Deployment, Instant, Policy } from './deployment.ts';
import { nextDueAt } from './due.ts';
import { LADDER } from './ladder.ts';
import type { Observation } from './observation.ts';
import type { RungState } from './rung.ts';
import { situationOf } from './situation.ts';
import type { Decided } from './step.ts';

/** A wait is never longer than this, so that a changed clock or a lost timer costs a minute at most. */
export const LONGEST_WAIT_MS = 60_000;

const isAsked = (state: RungState, deployment: Deployment): boolean => {
  if (state === 'any') return true;
  if (state === 'gone') return deployment.gone !== null;
  return state === deployment.goal.direction;
};

/**
 * What to do next about this deployment: the first rung of the ladder that holds, or a wait until the next instant
 * at which one may. Pure: every time is an argument, and a boundary is due at its own millisecond.
 *
 * @param policy the durations, as of the deployment's start; passed so that a what-if can be asked
 */
export const decide = (deployment: Deployment, observation: Observation, policy: Policy, now: Instant): Decided => {
  const governed = policy === deployment.policy ? deployment : { ...deployment, policy };
  const situation = situationOf(governed, observation, now);
  for (const rung of LADDER) {
    if (!isAsked(rung.state, deployment)) continue;
    const step = rung.take(situation);
    if (step !== null) return { step, reason: rung.condition };
  }
  return { step: { do: 'wait', until: nextDueAt(situation.dues, now, LONGEST_WAIT_MS) }, reason: 'nothing is due' };
};
