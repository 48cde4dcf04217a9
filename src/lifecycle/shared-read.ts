import type { Clock } from './ports.ts';

/** A value that many ask for and few should have to fetch. */
export interface SharedRead<T> {
  get(): Promise<T>;
  /** What `get` would answer without reading anew; null if it would read. The same promise for the same read. */
  held(): Promise<T> | null;
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
  const fresh = (now: number): Promise<T> | null => (held !== null && now - held.at < ageMs ? held.value : null);
  return {
    held: () => fresh(clock.monotonicMs()),
    get: () => {
      const now = clock.monotonicMs();
      const known = fresh(now);
      if (known !== null) return known;
      const value = read();
      const begun = { at: now, value };
      held = begun;
      value.catch(() => {
        if (held === begun) held = null;
      });
      return value;
    },
    drop: () => {
      held = null;
    },
  };
};
