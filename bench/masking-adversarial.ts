import { maskSecrets } from '../src/masking/mask.ts';
import { RULES } from '../src/masking/rules.ts';

/** What it costs to mask one text, in milliseconds a megabyte. */
export type Cost = { readonly name: string; readonly unit: string; readonly isOneLine: boolean; readonly ms: number };

const PUNCTUATION = ['"', "'", '`', '[', '{', '(', '<', '=', ':', '-', '/', '.', '\\', '|', ' '];
const BEHIND = ['', ' ', '=', ': ', '"'];
const LINE = 120;
const EACH = 100_000;

const filled = (unit: string, characters: number): string =>
  unit.repeat(Math.ceil(characters / unit.length)).slice(0, characters);

/** A text of nothing but one unit: in one line, or in lines of usual length. */
export const textOfUnit = (unit: string, isOneLine: boolean, characters: number): string =>
  isOneLine ? filled(unit, characters) : filled(`${filled(unit, LINE)}\n`, characters);

/** The time for one text, the better of two runs: the first also compiles. */
export const msPerMegabyte = (text: string): number => {
  const run = (): number => {
    const start = performance.now();
    maskSecrets(text);
    return performance.now() - start;
  };
  return (Math.min(run(), run()) * 1e6) / text.length;
};

/** Runs of every literal that any rule begins at, with what makes a rule go on behind it, from the cheapest on. */
export const adversarialCosts = (): Cost[] => {
  const literals = [...new Set(RULES.flatMap((rule) => rule.literals))];
  const units = [...PUNCTUATION, ...literals.flatMap((literal) => BEHIND.map((behind) => literal + behind))];
  return units
    .flatMap((unit) =>
      [true, false].map((isOneLine) => ({
        name: `${JSON.stringify(unit)}, ${isOneLine ? 'one line' : 'lines'}`,
        unit,
        isOneLine,
        ms: msPerMegabyte(textOfUnit(unit, isOneLine, EACH)),
      })),
    )
    .toSorted((a, b) => a.ms - b.ms);
};
