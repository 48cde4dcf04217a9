import type { Clock } from './ports.ts';

/** A value that many ask for and few should have to fetch. */
export interface SharedRead<T> {
  get(): Promise<T>;
  /** What is held is not true any more. */
  drop(): void;
}

/** One value, read at most once per age and by one caller at a time. A failed read is not kept. */
export const createSharedRead = <T>(
  clock: Pick<Clock, 'monotonicMs'>,
  ageMs: number,
  read: () => Promise<T>,
): SharedRead<T> => {
  let held: { readonly at: number; readonly value: Promise<T> } | null = null;
  return {
    get: () => {
      const now = clock.monotonicMs();
      if (held !== null && now - held.at < ageMs) return held.value;
      const value = read();
      const fresh = { at: now, value };
      held = fresh;
      value.catch(() => {
        if (held === fresh) held = null;
      });
      return value;
    },
    drop: () => {
      held = null;
    },
  };
};
