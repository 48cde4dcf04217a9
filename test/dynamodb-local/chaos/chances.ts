import { createDice } from '../../fakes/dice.ts';

/** Chance that can be replayed. */
export interface Chances {
  /** From `least` up to and including `most`. */
  between(least: number, most: number): number;
  /** True in that many of a hundred cases; a tenth of a per cent counts. */
  percent(chance: number): boolean;
  /** One of them; each is as likely as its weight says. Throws when there is none. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T;
  one<T>(choices: readonly T[]): T;
  /** Chances of its own: how often one part throws the dice changes nothing for the others. */
  branch(name: string): Chances;
}

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: a number of 32 bits for each name. */
const hash = (name: string): number =>
  [...name].reduce((mixed, letter) => Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);

/** Chances that the seed decides. */
export const createChances = (seed: number): Chances => {
  const dice = createDice(seed);
  const weighted = <T>(choices: readonly (readonly [number, T])[]): T => {
    let left = dice(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    throw new Error('there is nothing to choose from');
  };
  return {
    between: (least, most) => least + dice(most - least + 1),
    percent: (chance) => dice(1_000) < chance * 10,
    weighted,
    one: (choices) => weighted(choices.map((choice) => [1, choice])),
    branch: (name) => createChances(seed ^ hash(name)),
  };
};
