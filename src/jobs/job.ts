import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock, DeadLetterStore, EventLog, SlotStore } from '../lifecycle/ports.ts';

export type JobName = 'hourly' | 'nightly';

/** What one run did. Failures are collected item by item: one never stops the others. */
export interface JobSummary {
  readonly examined: number;
  readonly acted: number;
  readonly errors: readonly string[];
}

export interface JobStatus {
  readonly name: JobName;
  readonly lastRunAt: Instant | null;
  readonly lastResult: 'succeeded' | 'failed' | null;
  readonly nextRunAt: Instant | null;
}

/** One item of a run: does something and says whether it acted. */
export type JobItem = () => Promise<boolean>;

/** Runs the items one after the other; a failing one is noted by its message and the next one follows. */
export const runItems = async (items: readonly JobItem[]): Promise<JobSummary> => {
  let acted = 0;
  const errors: string[] = [];
  for (const item of items) {
    try {
      if (await item()) acted += 1;
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { examined: items.length, acted, errors };
};

export interface RunDeps {
  readonly slots: SlotStore;
  readonly deadLetters: DeadLetterStore;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** How many error texts a summary line carries. */
const ERRORS_LOGGED = 5;

/**
 * Runs a job for a slot and writes one summary line, so that silence is visible. Only a run without errors
 * completes its slot; one with errors leaves a dead letter, which the next good run takes away. Never throws.
 */
export const runJob = async (
  deps: RunDeps,
  name: JobName,
  slot: Instant,
  body: (slot: Instant) => Promise<JobSummary>,
): Promise<JobSummary> => {
  const startedAt = deps.clock.monotonicMs();
  let summary: JobSummary;
  try {
    summary = await body(slot);
    if (summary.errors.length === 0) {
      await deps.slots.completeSlot(name, slot);
      await deps.deadLetters.remove(`job:${name}`);
    } else {
      const lastError = summary.errors.slice(0, ERRORS_LOGGED).join('; ');
      await deps.deadLetters.note({ id: `job:${name}`, kind: 'job', lastError }, deps.clock.now());
    }
  } catch (error) {
    summary = { examined: 0, acted: 0, errors: [error instanceof Error ? error.message : String(error)] };
  }
  deps.log.event(summary.errors.length === 0 ? 'info' : 'error', 'job.completed', {
    job: name,
    slot: new Date(slot).toISOString(),
    examined: summary.examined,
    acted: summary.acted,
    errors: summary.errors.slice(0, ERRORS_LOGGED),
    elapsedMs: Math.round(deps.clock.monotonicMs() - startedAt),
  });
  return summary;
};
