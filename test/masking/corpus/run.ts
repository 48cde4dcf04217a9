import { FAMILIES, UNTOUCHED } from './corpus.ts';
import { type Family, fillHarmless, type Sample, textOf } from './family.ts';
import { faultsOf } from './judge.ts';
import { createRandom } from './random.ts';
import { stamp, surround } from './surroundings.ts';

/** What is judged: a function from a text, and the values that it is told, to the masked text. */
export type Mask = (text: string, known: readonly string[]) => string;

/** How a family fared. A fault says what was shown or lost, and of which text. */
export type FamilyResult = {
  readonly name: string;
  readonly core: boolean;
  readonly samples: number;
  readonly faults: readonly { readonly text: string; readonly masked: string; readonly what: string }[];
};

// A seed per family, so that a new family does not change what the others draw.
const seedOf = (seed: number, name: string): number =>
  Array.from(name).reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, seed);

/** The samples of a family: every template, `rounds` times. */
export const samplesOf = (family: Family, seed: number, rounds: number): Sample[] => {
  const random = createRandom(seedOf(seed, family.name));
  return Array.from({ length: rounds }, () => family.makers.map((make) => surround(random, make(random)))).flat();
};

/** Runs every family through `mask`. */
export const judgeFamilies = (mask: Mask, seed: number, rounds: number): FamilyResult[] =>
  FAMILIES.map((family) => {
    const samples = samplesOf(family, seed, rounds);
    const faults = samples.flatMap((sample) => {
      const text = textOf(sample);
      const masked = mask(text, sample.known);
      const what = faultsOf(sample, masked).join(' and ');
      return what === '' ? [] : [{ text, masked, what }];
    });
    return { name: family.name, core: family.core, samples: samples.length, faults };
  });

/** Lines that nothing in may be masked, by topic: every template, `rounds` times, every other time as in a trace. */
export const untouchedLines = (seed: number, rounds: number): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(UNTOUCHED).map(([topic, templates]) => {
      const random = createRandom(seedOf(seed, topic));
      const linesOf = (round: number): string[] =>
        templates.map((template) => {
          const line = fillHarmless(random, template);
          return round % 2 === 0 ? line : stamp(random, line);
        });
      return [topic, Array.from({ length: rounds }, (_, round) => linesOf(round)).flat()];
    }),
  );
