import type { Timers } from '../../src/jobs/driver.ts';
import type { FakeClock } from './fake-clock.ts';

export interface FakeTimers extends Timers {
  /** Moves the clock on, and stops at each timer that is due on the way to let it do its work. */
  advance(ms: number): Promise<void>;
  /** How many are set at this moment. */
  count(): number;
}

/** Timers that go off only when their clock is moved by `advance`. */
export const createFakeTimers = (clock: FakeClock): FakeTimers => {
  const pending = new Set<{ readonly at: number; readonly callback: () => void }>();
  // Promises settle and injected requests take a few turns of the event loop, none of which takes any time here.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  return {
    set: (callback, delayMs) => {
      const timer = { at: clock.monotonicMs() + delayMs, callback };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    advance: async (ms) => {
      const end = clock.monotonicMs() + ms;
      await settle();
      for (;;) {
        const next = [...pending].toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        clock.advance(next.at - clock.monotonicMs());
        pending.delete(next);
        next.callback();
        await settle();
      }
      clock.advance(end - clock.monotonicMs());
      await settle();
    },
    count: () => pending.size,
  };
};
