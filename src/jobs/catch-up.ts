import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock, EventLog, SlotStore } from '../lifecycle/ports.ts';
import type { JobName } from './job.ts';

export interface CatchUpDeps {
  readonly slots: Pick<SlotStore, 'lastCompleted'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: EventLog;
  /** True for exactly one caller per key. */
  readonly shouldRun: (key: string) => Promise<boolean>;
}

/** A job, as far as making up for its slots goes. */
export interface CaughtUpJob {
  readonly name: JobName;
  /** Its latest slot at or before that instant; null when there is none in the last day. */
  readonly slotBefore: (at: Instant) => Instant | null;
  readonly run: (slot: Instant) => Promise<unknown>;
}

/** A slot younger than this is not missed yet: whoever won it may still be at it. */
const SLOT_RUNS_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

/** Whether a slot was missed. A table that never completed a slot has missed none. */
const isMissed = (completed: Instant | null, slot: Instant): boolean => completed !== null && completed < slot;

/**
 * Makes the catch-up: it runs the slots that passed while nobody ran them and says how many. Safe to call on every task
 * at once. One run makes up for all slots of its job that were missed before it.
 */
export const createCatchUp =
  ({ slots, clock, log, shouldRun }: CatchUpDeps, jobs: readonly CaughtUpJob[]) =>
  async (names: readonly JobName[]): Promise<number> => {
    let ran = 0;
    for (const { name, slotBefore, run } of jobs) {
      if (!names.includes(name)) continue;
      const completed = await slots.lastCompleted(name);
      const slot = completed === null ? null : slotBefore(clock.now() - SLOT_RUNS_MS);
      if (slot === null || !isMissed(completed, slot)) continue;
      // Claimed under a key of its own, by the hour: a slot that was lost in a crash is still made up for, and one
      // whose catch-up failed as well is tried again.
      const hour = Math.floor(clock.now() / HOUR_MS);
      if (!(await shouldRun(`${name}:catch-up:${new Date(slot).toISOString()}:${hour}`))) continue;
      log.event('warn', 'cron.catching_up', { job: name, slot: new Date(slot).toISOString() });
      await run(slot);
      ran += 1;
    }
    return ran;
  };
