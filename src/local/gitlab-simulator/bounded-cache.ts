import { putLatest } from '../../lifecycle/put-latest.ts';

/** A cache that forgets what was asked for longest ago. */
export interface BoundedCache<Key, Value> {
  /** The value kept for the key, or the one that `make` gives, which is then kept. */
  get(key: Key, make: () => Value): Value;
}

/** Makes an empty cache for at most that many values. */
export function createBoundedCache<Key, Value>(maximum: number): BoundedCache<Key, Value> {
  const values = new Map<Key, Value>();
  return {
    get(key, make) {
      const value = values.get(key) ?? make();
      putLatest(values, key, value, maximum);
      return value;
    },
  };
}
