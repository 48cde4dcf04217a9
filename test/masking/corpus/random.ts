import { createDice, type Dice } from '../../fakes/dice.ts';

/** What the values of the corpus are drawn with. The same seed draws the same. */
export type Random = {
  readonly dice: Dice;
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
  chars(alphabet: string, length: number): string;
};

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALPHANUMERIC = LOWER.toUpperCase() + LOWER + DIGITS;

/** The alphabets that a pattern names by a letter, as in `{h40}`. */
export const ALPHABETS: Readonly<Record<string, string>> = {
  h: `${DIGITS}abcdef`,
  H: `${DIGITS}ABCDEF`,
  d: DIGITS,
  w: ALPHANUMERIC,
  u: `${ALPHANUMERIC}-_`,
  b: `${ALPHANUMERIC}+/`,
  a: LOWER + DIGITS,
  A: LOWER.toUpperCase() + DIGITS,
  l: LOWER,
  L: LOWER.toUpperCase(),
  x: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  // What Kubernetes makes suffixes of: no vowels, so that no word comes out.
  k: 'bcdfghjklmnpqrstvwxz2456789',
};

export const createRandom = (seed: number): Random => {
  const dice = createDice(seed);
  return {
    dice,
    between: (from, to) => from + dice(to - from + 1),
    pick: (list) => {
      const picked = list[dice(list.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    chars: (alphabet, length) => Array.from({ length }, () => alphabet[dice(alphabet.length)]).join(''),
  };
};

const RUN = /\{([a-zA-Z])(\d+)(?:-(\d+))?\}/g;

/**
 * Fills the runs of a pattern: `{h40}` is 40 hexadecimal digits, `{w20-24}` 20 to 24 letters and digits. Everything else
 * stays as it is.
 */
export const fill = (random: Random, pattern: string): string =>
  pattern.replace(RUN, (_, letter: string, from: string, to: string | undefined) => {
    const alphabet = ALPHABETS[letter];
    if (alphabet === undefined) throw new RangeError(`no alphabet is called ${letter}`);
    return random.chars(alphabet, random.between(Number(from), Number(to ?? from)));
  });
