import type { Clock } from '../../src/lifecycle/ports.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  set(now: number): void;
}

/** A clock that moves only when told to; both of its faces move together. */
export const createFakeClock = (start = Date.parse('2026-11-20T09:00:00Z')): FakeClock => {
  let now = start;
  return {
    now: () => now,
    monotonicMs: () => now - start,
    advance: (ms) => {
      now += ms;
    },
    set: (to) => {
      now = Math.max(now, to);
    },
  };
};
