/** A throw from 0 up to but without `sides`. The same seed throws the same. */
export type Dice = (sides: number) => number;

/** Mulberry32, a small generator that is good enough to shuffle calls: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export const createDice = (seed: number): Dice => {
  let state = seed | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
};
