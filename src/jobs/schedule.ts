import { createTask, type ScheduledTask } from 'node-cron';
import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock, EventLog, SlotStore } from '../lifecycle/ports.ts';
import { createCatchUp } from './catch-up.ts';
import { type JobCompletion, type JobName, type JobStatus, type JobSummary, type RunDeps, runJob } from './job.ts';
import { createSilence, slotStepMs } from './silence.ts';

export interface ScheduledJob {
  readonly name: JobName;
  /** Five fields, or six with seconds first. */
  readonly expression: string;
  readonly run: (slot: Instant) => Promise<JobSummary>;
}

export interface ScheduleDeps extends RunDeps {
  readonly timeZone: string;
}

export interface Schedule {
  start(): void;
  stop(): Promise<void>;
  /** Runs these jobs' slots that passed while nobody ran them; says how many. Safe to call on every task at once. */
  catchUp(names: readonly JobName[]): Promise<number>;
  nextSlot(name: JobName): Instant | null;
  statuses(): readonly JobStatus[];
  /** From the store, so that it says the same on every task and after a restart. Throws as the store does. */
  completions(): Promise<readonly JobCompletion[]>;
}

/** A slot's item may be forgotten after this; by then no task can still ask for the slot. */
const SLOT_KEPT_MS = 2 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;
/** How far back a missed slot is looked for. One run makes up for all that were missed before it. */
const LOOK_BACK_MS = 26 * 3_600_000;

/**
 * Elects one task per slot by a conditional put. It fails closed: without the store nobody runs, and the catch-up
 * makes up for it.
 */
export const createCoordinator = (slots: SlotStore, clock: Clock) => ({
  shouldRun: (key: string): Promise<boolean> => slots.claimSlot(key, clock.now() + SLOT_KEPT_MS),
});

/**
 * Makes the look back over a task's slots: the latest one at or before now, or null if there is none in the last day.
 * Each minute is matched once, however often it is asked, since one match costs more than it seems.
 */
export const createPreviousSlot = (
  task: Pick<ScheduledTask, 'match' | 'getPattern'>,
): ((now: Instant) => Instant | null) => {
  const stepMs = slotStepMs(task);
  // With seconds a slot is never far; looking back a whole day second by second would be work for nothing.
  const lookBackMs = stepMs < 60_000 ? HOUR_MS : LOOK_BACK_MS;
  let seen: { readonly until: Instant; readonly slot: Instant | null } | null = null;

  const latestAfter = (until: Instant, from: Instant): Instant | null => {
    for (let slot = from; slot > until; slot -= stepMs) if (task.match(new Date(slot))) return slot;
    return null;
  };

  return (now) => {
    const from = Math.floor(now / stepMs) * stepMs;
    const oldest = from - lookBackMs;
    // A clock that was set back has to look anew.
    const known = seen !== null && seen.until <= from && seen.until >= oldest ? seen : null;
    const slot = latestAfter(known?.until ?? oldest - stepMs, from) ?? known?.slot ?? null;
    seen = { until: from, slot };
    return slot !== null && slot >= oldest ? slot : null;
  };
};

const quietLogger = (log: EventLog) => ({
  info: () => {},
  debug: () => {},
  warn: (message: string) => log.event('warn', 'cron.warning', { message }),
  error: (message: string | Error) => log.event('error', 'cron.error', { message: String(message) }),
});

/** Makes the node-cron tasks of the jobs: one run per slot over all tasks, no overlap, nothing before `start`. */
export const createSchedule = (deps: ScheduleDeps, jobs: readonly ScheduledJob[]): Schedule => {
  const coordinator = createCoordinator(deps.slots, deps.clock);
  const results = new Map<
    JobName,
    { readonly at: Instant; readonly slot: Instant; readonly result: 'succeeded' | 'failed' }
  >();
  const underWay = new Set<Promise<unknown>>();
  const startedAt = deps.clock.now();

  const runSlot = async (job: ScheduledJob, slot: Instant): Promise<void> => {
    const run = runJob(deps, job.name, slot, job.run);
    underWay.add(run);
    const summary = await run.finally(() => underWay.delete(run));
    results.set(job.name, { at: deps.clock.now(), slot, result: summary.errors.length === 0 ? 'succeeded' : 'failed' });
  };

  const entries = jobs.map((job) => {
    const task = createTask(job.expression, ({ date }) => runSlot(job, date.getTime()), {
      name: job.name,
      timezone: deps.timeZone,
      noOverlap: true,
      distributed: true,
      runCoordinator: coordinator,
      suppressMissedWarning: true,
      logger: quietLogger(deps.log),
    });
    task.on('execution:missed', ({ date }) => {
      deps.log.event('warn', 'cron.slot_missed', { job: job.name, slot: date.toISOString() });
    });
    return { job, task, missedSlot: createPreviousSlot(task), isSilent: createSilence(task, startedAt) };
  });

  const catchUp = createCatchUp(
    { ...deps, shouldRun: coordinator.shouldRun },
    entries.map(({ job, missedSlot }) => ({
      name: job.name,
      slotBefore: missedSlot,
      run: (slot) => runSlot(job, slot),
    })),
  );

  return {
    start: () => {
      for (const { task } of entries) task.start();
    },
    stop: async () => {
      for (const { task } of entries) await task.destroy();
      await Promise.allSettled(underWay);
    },
    catchUp,
    nextSlot: (name) => {
      const task = entries.find(({ job }) => job.name === name)?.task;
      // `getNextRun` answers null before the start, which would look like no clean-up at all.
      return task?.getNextRuns(1)[0]?.getTime() ?? null;
    },
    completions: () =>
      Promise.all(
        entries.map(async ({ job, isSilent }) => {
          const lastCompletedSlot = await deps.slots.lastCompleted(job.name);
          return { name: job.name, lastCompletedSlot, isSilent: isSilent(lastCompletedSlot, deps.clock.now()) };
        }),
      ),
    statuses: () =>
      entries.map(({ job, task }) => ({
        name: job.name,
        lastRunAt: results.get(job.name)?.at ?? null,
        lastSlot: results.get(job.name)?.slot ?? null,
        lastResult: results.get(job.name)?.result ?? null,
        nextRunAt: task.getNextRuns(1)[0]?.getTime() ?? null,
      })),
  };
};
