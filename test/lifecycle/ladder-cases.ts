import type { Deployment, Instant } from '../../src/lifecycle/deployment.ts';
import type { Observation } from '../../src/lifecycle/observation.ts';
import type { Step } from '../../src/lifecycle/step.ts';
import { APPLYING, attemptOf, DESTROYED, downSince, minute, readingOf, START } from '../fakes/records.ts';

export interface Case {
  /** The condition of the rung that must decide. */
  readonly rung: string;
  readonly step: Partial<Step>;
  readonly deployment: Partial<Deployment>;
  readonly observation?: Partial<Observation>;
}

/** A case with a deadline: the rung decides at that millisecond and after it, and not before. */
export interface TimedCase extends Omit<Case, 'observation'> {
  readonly due: Instant;
  readonly observation?: Partial<Observation> | ((at: Instant) => Partial<Observation>);
}

export const ADOPTED: Partial<Deployment> = { goal: downSince(START), armedAt: null, applyMayHaveStarted: true };
export const UNANSWERED: Partial<Deployment> = { attempts: [attemptOf('apply')] };
export const cancelled = (at: Instant): Partial<Deployment> => ({
  ...APPLYING,
  goal: downSince(at),
  attempts: [attemptOf('apply', { cancelRequestedAt: at, lastCancelAt: at })],
});
export const quarantined = (tries: number): Partial<Deployment> => ({
  ...DESTROYED,
  countedDestroys: 3,
  quarantinedAt: minute(60),
  quarantineTries: tries,
  nextAttemptAt: minute(120),
});
export const LEFTOVERS: Partial<Observation> = { readings: [readingOf('leftovers', minute(27))] };
