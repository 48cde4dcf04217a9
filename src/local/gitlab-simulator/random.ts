import { createHash } from 'node:crypto';

/** Repeatable randomness: the same seed text always gives the same sequence. Not for keys. */
export interface SeededRandom {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(minimum: number, maximum: number): number;
  /** A string of that length over the alphabet. */
  characters(alphabet: string, length: number): string;
  hex(length: number): string;
}

export const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const ALPHANUMERIC = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER_ALPHANUMERIC}`;
export const BASE64_CHARACTERS = `${ALPHANUMERIC}+/`;
export const BASE64URL_CHARACTERS = `${ALPHANUMERIC}-_`;
export const HEX_CHARACTERS = '0123456789abcdef';

/** Makes a generator (mulberry32) whose whole sequence is fixed by the text. */
export function createSeededRandom(seedText: string): SeededRandom {
  let state = createHash('sha256').update(seedText).digest().readUInt32LE(0);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  function integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(next() * (maximum - minimum + 1));
  }

  function characters(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(integer(0, alphabet.length - 1))).join('');
  }

  return { next, integer, characters, hex: (length) => characters(HEX_CHARACTERS, length) };
}
