import type { Controller } from '../lifecycle/controller.ts';
import type { Instant } from '../lifecycle/deployment.ts';
import type { DeadLetterStore } from '../lifecycle/ports.ts';
import { findItems, type JobSummary, runItems } from './job.ts';
import type { createRevisitOrphans } from './orphans.ts';

export interface HourlyDeps {
  readonly controller: Pick<Controller, 'work'>;
  readonly deadLetters: DeadLetterStore;
  readonly revisitOrphan: ReturnType<typeof createRevisitOrphans>;
  /** Runs the nightly slot that was missed, if one was; says how many it ran. */
  readonly catchUp: () => Promise<number>;
}

/**
 * The hourly duration checks: what is past its duration goes down, what is stuck moves on, what is quarantined has
 * its inventory read (the ladder does all three), known orphans are looked at again, missed slots are made up for.
 */
export const createHourly =
  (deps: HourlyDeps): ((slot: Instant) => Promise<JobSummary>) =>
  async () => {
    const orphans = async () => {
      const letters = await deps.deadLetters.list();
      return letters.filter(({ kind }) => kind !== 'job').map((letter) => () => deps.revisitOrphan(letter));
    };
    return runItems([
      async () => (await deps.controller.work()).steps > 0,
      ...(await findItems(orphans)),
      async () => (await deps.catchUp()) > 0,
    ]);
  };
