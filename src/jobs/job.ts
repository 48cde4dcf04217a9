import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock, DeadLetterStore, EventLog, SlotStore } from '../lifecycle/ports.ts';
import { maskSecrets } from '../masking/mask.ts';

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
  /** The slot that it was run for. */
  readonly lastSlot: Instant | null;
  readonly lastResult: 'succeeded' | 'failed' | null;
  readonly nextRunAt: Instant | null;
}

/** How far a job has come, whichever task ran it. */
export interface JobCompletion {
  readonly name: JobName;
  /** Null when it never completed one. */
  readonly lastCompletedSlot: Instant | null;
  /** True when a later slot should have been completed by now: nobody runs it, or it keeps failing. */
  readonly isSilent: boolean;
}

/** One item of a run: does something and says whether it acted. */
export type JobItem = () => Promise<boolean>;

const NOTHING_DONE: JobSummary = Object.freeze({ examined: 0, acted: 0, errors: [] });

/** Texts of errors are stored and shown to the owner, so they take the same way as a log's. */
const messageOf = (error: unknown): string => maskSecrets(error instanceof Error ? error.message : String(error));

/** Runs the items one after the other; a failing one is noted by its message and the next one follows. */
export const runItems = async (items: readonly JobItem[]): Promise<JobSummary> => {
  let acted = 0;
  const errors: string[] = [];
  for (const item of items) {
    try {
      if (await item()) acted += 1;
    } catch (error) {
      errors.push(messageOf(error));
    }
  }
  return { examined: items.length, acted, errors };
};

/** What two parts of a run did together. */
export const joined = (first: JobSummary, second: JobSummary): JobSummary => ({
  examined: first.examined + second.examined,
  acted: first.acted + second.acted,
  errors: [...first.errors, ...second.errors],
});

/** Finding the items may fail as well, and must not keep the others from being done: it becomes an item that fails. */
export const findItems = async (find: () => Promise<readonly JobItem[]>): Promise<readonly JobItem[]> => {
  try {
    return await find();
  } catch (error) {
    return [() => Promise.reject(error)];
  }
};

export interface RunDeps {
  readonly slots: SlotStore;
  readonly deadLetters: DeadLetterStore;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** How many error texts a summary line carries. */
const ERRORS_LOGGED = 5;

const orFailed = async (part: () => Promise<JobSummary>): Promise<JobSummary> => {
  try {
    return await part();
  } catch (error) {
    return { ...NOTHING_DONE, errors: [messageOf(error)] };
  }
};

const record = async (
  { slots, deadLetters, clock }: RunDeps,
  name: JobName,
  slot: Instant,
  errors: readonly string[],
): Promise<JobSummary> => {
  if (errors.length === 0) {
    await slots.completeSlot(name, slot);
    await deadLetters.remove(`job:${name}`);
  } else {
    const lastError = errors.slice(0, ERRORS_LOGGED).join('; ');
    await deadLetters.note({ id: `job:${name}`, kind: 'job', lastError }, clock.now());
  }
  return NOTHING_DONE;
};

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
  const done = await orFailed(() => body(slot));
  // Not being able to record the end is a failure of its own, and hides none of those before it.
  const recorded = await orFailed(() => record(deps, name, slot, done.errors));
  const summary = joined(done, recorded);
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
