import type { ScheduledTask } from 'node-cron';
import type { Instant } from '../lifecycle/deployment.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A slot that is not completed by then was missed by every task, and by the catch-up as well. */
const SILENT_AFTER_MS = 20 * 60_000;

/**
 * How many instants are looked at in one go. One match takes some 20 µs; a day of minutes is found at once, and what
 * lies further apart within a few rounds of the background checks.
 */
const MOST_MATCHES = 1_500;

/** How far apart the instants are that may be slots of a job: seconds where its pattern has them, else minutes. */
export const slotStepMs = (task: Pick<ScheduledTask, 'getPattern'>): number =>
  task.getPattern().trim().split(/\s+/).length > 5 ? SECOND_MS : MINUTE_MS;

/** A walk over the slots after an instant, which goes on where it stopped. */
interface Walk {
  readonly after: Instant;
  readonly until: Instant;
  readonly found: readonly Instant[];
}

/**
 * Makes the question whether a job is silent, from the last slot that any task completed. The first slot after it must
 * be completed within 20 minutes, however far apart the slots are. A table that never completed a slot has missed none;
 * but when the second slot since this process started is 20 minutes old and none was ever completed, it is silent too.
 * Restarts begin that anew. Slots are walked over once, and never beyond what the answer needs.
 */
export const createSilence = (
  task: Pick<ScheduledTask, 'match' | 'getPattern'>,
  startedAt: Instant,
): ((lastCompleted: Instant | null, now: Instant) => boolean) => {
  const stepMs = slotStepMs(task);
  let walk: Walk = { after: startedAt, until: startedAt, found: [] };

  const walkOn = ({ after, until, found }: Walk, wanted: number, end: Instant): Walk => {
    const slots = [...found];
    let at = until;
    for (let matches = 0; matches < MOST_MATCHES && slots.length < wanted; matches += 1) {
      const next = Math.floor(at / stepMs) * stepMs + stepMs;
      if (next > end) break;
      at = next;
      if (task.match(new Date(at))) slots.push(at);
    }
    return { after, until: at, found: slots };
  };

  return (lastCompleted, now) => {
    const after = lastCompleted ?? startedAt;
    if (walk.after !== after) walk = { after, until: after, found: [] };
    const wanted = lastCompleted === null ? 2 : 1;
    walk = walkOn(walk, wanted, now - SILENT_AFTER_MS);
    const slot = walk.found[wanted - 1];
    return slot !== undefined && slot <= now - SILENT_AFTER_MS;
  };
};
