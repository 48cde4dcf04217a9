import type { DownReason } from './deployment.ts';
import { isDue } from './due.ts';
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

/** A rung's `take` that sends the goal down for this reason, if that holds. */
export const goDown =
  (reason: DownReason, holds: (situation: Situation) => boolean) =>
  (situation: Situation): Step | null =>
    holds(situation) ? { do: 'go-down', reason } : null;

/** Nothing that merely was not looked at counts as not started: after an outage it may have run all the while. */
export const wasSeenNotStarted = ({ dues, openLook }: Situation): boolean =>
  openLook !== null && isDue(dues.startDeadlineAt, openLook.at);
