import { setTimeout as delay } from 'node:timers/promises';
import type { Chances } from './chances.ts';
import type { Seat } from './seats.ts';

/** Lets servers die, pause and leave at any moment, one or all of them, until the signal says that it is enough. */
export const upheave = async (chances: Chances, seats: readonly Seat[], signal: AbortSignal): Promise<void> => {
  const all = (act: (seat: Seat) => void) => (): void => seats.forEach(act);
  const one = (act: (seat: Seat) => void) => (): void => act(chances.one(seats));
  while (!signal.aborted) {
    // A start takes seconds of a small machine: more of them, and nothing else would ever get done.
    await delay(chances.between(3_000, 10_000), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    chances.weighted([
      [6, one((seat) => seat.kill())],
      [2, all((seat) => seat.kill())],
      [5, one((seat) => seat.pause())],
      [2, all((seat) => seat.pause())],
      [4, one((seat) => seat.leave())],
    ])();
  }
};
