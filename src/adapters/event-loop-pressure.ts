import { monitorEventLoopDelay } from 'node:perf_hooks';

const SAMPLE_MS = 500;
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_MS = 1_000_000;

/** A request that waits so long before anybody looks at it is better told to come back. */
const HIGH_MS = 200;
/** Lower than where it began, or it would be switched on and off all the time. */
const RELIEVED_MS = 80;
/** Late turns are a start, a collection of garbage or a big answer; two seconds of them are a flood. */
const SAMPLES_UNTIL_HIGH = 4;

/** How late the event loop was on the average since it was asked last, in milliseconds. */
export interface LoopDelay {
  takeMs(): number;
  stop(): void;
}

/**
 * Makes the measure of this process. The histogram counts its own rhythm as delay, which is taken off. It is never reset:
 * that would also forget the delay that is going on.
 */
export const createLoopDelay = (): LoopDelay => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let taken = { count: 0, sum: 0 };
  return {
    takeMs: () => {
      const { count, mean } = histogram;
      const sum = count === 0 ? 0 : mean * count;
      const fresh = { count: count - taken.count, sum: sum - taken.sum };
      taken = { count, sum };
      // Nothing was measured if it is asked twice at a time.
      if (fresh.count === 0) return 0;
      return Math.max(0, fresh.sum / fresh.count / NANOSECONDS_PER_MS - RESOLUTION_MS);
    },
    stop: () => histogram.disable(),
  };
};

interface Timers {
  set(callback: () => void, delayMs: number): { cancel(): void };
}

export interface LoopPressure {
  isHigh(): boolean;
  stop(): Promise<void>;
}

/** Makes the judgement whether the event loop is so late that reads have to be sent away: looked at twice a second. */
export const createLoopPressure = (delay: LoopDelay, timers: Timers): LoopPressure => {
  let isHigh = false;
  let lateSamples = 0;
  let timer: { cancel(): void } | null = null;
  const sample = (): void => {
    const ms = delay.takeMs();
    lateSamples = ms >= HIGH_MS ? lateSamples + 1 : 0;
    isHigh = isHigh ? ms >= RELIEVED_MS : lateSamples >= SAMPLES_UNTIL_HIGH;
    timer = timers.set(sample, SAMPLE_MS);
  };
  timer = timers.set(sample, SAMPLE_MS);
  return {
    isHigh: () => isHigh,
    stop: async () => {
      timer?.cancel();
      delay.stop();
    },
  };
};
