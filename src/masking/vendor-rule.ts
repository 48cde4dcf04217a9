import type { Rule, ScanRule } from './rule.ts';

/** One vendor's token in one line: its name, the literals it is found by, its shape, one that is masked and what is not. */
export type Row = readonly [name: string, literals: readonly string[], shape: string, sample: string, leaves: string];

const W = 'Zx9Kq2Lm7Rt4Wv8Yb3Nc6Pd1Hf5Jg0SaTeUi';
/** Made-up runs of characters that samples are cut from. */
export const RUNS = {
  letters: W,
  long: W.repeat(7),
  lower: W.repeat(7).toLowerCase(),
  upper: W.repeat(2).toUpperCase(),
  hex: '0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9',
  uuid: '0a1b2c3d-4e5f-4071-a293-a4b5c6d7e8f9',
};
export const UUID_SHAPE = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const SHAPE_ENDS = '(?![A-Za-z0-9])';

/** The rule of a row. Neither a letter nor a digit stands beside a token. */
export const vendorRule = ([name, literals, shape, sample, leaves]: Row): Rule => ({
  name,
  literals,
  pattern: new RegExp(`(?<![A-Za-z0-9])(?:${shape})${SHAPE_ENDS}`, 'y'),
  startsWord: true,
  matches: [`Read «${sample}» from the store`, `{"value":"«${sample}»"}`],
  leaves: [leaves],
});

/** For a rule: where what tells a token stands inside of it or behind it: `before` ends at the literal, `from` begins there. */
export const around =
  (before: RegExp, longest: number, from: RegExp): ScanRule['find'] =>
  (line, start) => {
    from.lastIndex = start;
    if (!from.test(line.text)) return [];
    const end = from.lastIndex;
    const head = before.exec(line.text.slice(Math.max(0, start - longest - 1), start));
    return head === null ? [] : [{ start: start - head[0].length, end }];
  };
