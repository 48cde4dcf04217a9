/**
 * Puts a value at the end of a map, and forgets the first where there are more than `most`: the map is in the order of the
 * latest put, and never larger.
 */
export const putLatest = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void => {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
};
