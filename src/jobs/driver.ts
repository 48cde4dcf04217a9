import type { Controller } from '../lifecycle/controller.ts';
import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock } from '../lifecycle/ports.ts';

/** What the driver needs of timers, so that tests can hold them still. */
export interface Timers {
  set(callback: () => void, delayMs: number): { cancel(): void };
}

/** Timers of this process; they never keep it alive by themselves. */
export const processTimers: Timers = {
  set: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

export interface Driver {
  start(): void;
  /** Sets no timer any more and waits for the step under way. */
  stop(): Promise<void>;
  /** Something was written: look now. */
  wake(): void;
}

/** While nothing runs, or its clock was changed, the record is looked at this often. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Makes the reconcile timer: it lets the controller work and sleeps until the next due time, at most a minute. One
 * run at a time; a wake during a run makes another follow at once. It may be switched off, since boot and the jobs
 * do the same work later.
 */
export const createDriver = (controller: Pick<Controller, 'advance'>, clock: Clock, timers: Timers): Driver => {
  let isStopped = true;
  let isWoken = false;
  let running: Promise<void> | null = null;
  let timer: { cancel(): void } | null = null;

  const sleepUntil = (due: Instant | null): void => {
    if (isStopped) return;
    const delayMs = due === null ? LONGEST_SLEEP_MS : Math.min(Math.max(0, due - clock.now()), LONGEST_SLEEP_MS);
    timer = timers.set(run, delayMs);
  };

  const work = async (): Promise<void> => {
    let due: Instant | null = null;
    do {
      isWoken = false;
      // What is under way is finished, and nothing after it begun: others are there for that.
      due = await controller.advance(() => !isStopped);
    } while (isWoken && !isStopped);
    running = null;
    sleepUntil(due);
  };

  const run = (): void => {
    timer?.cancel();
    timer = null;
    if (isStopped) return;
    if (running !== null) {
      isWoken = true;
      return;
    }
    running = work();
  };

  return {
    start: () => {
      isStopped = false;
      run();
    },
    stop: async () => {
      isStopped = true;
      timer?.cancel();
      await running;
    },
    wake: run,
  };
};
