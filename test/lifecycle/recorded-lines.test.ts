import fc from 'fast-check';
import t from 'tap';
import {
  cutLine,
  KEPT_LINE_BYTES,
  type KeptLine,
  keepOf,
  RECORDING_COST,
  shareOut,
} from '../../src/lifecycle/recorded-lines.ts';
import { tellsCompletion } from '../../src/lifecycle/recorded-times.ts';
import { MASK } from '../../src/masking/spans.ts';

const COST_PER_LINE = 20;
const textsOf = (lines: readonly KeptLine[]): readonly string[] => lines.map(({ text }) => text);
const costOf = (lines: readonly KeptLine[]): number =>
  lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + COST_PER_LINE, 0);

/** A piece of a masked line as the masker gives it: text, a colour, a mask. */
const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => text.replaceAll(/[\n\x1b[\]]/g, '')),
  },
  { weight: 2, arbitrary: fc.constantFrom('\x1b[0m', '\x1b[1;32m', '\x1b[38;5;196m') },
  { weight: 1, arbitrary: fc.constant(MASK) },
);
const line = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(''));

/** What is left of a line without its colours and masks; no bracket of theirs may be among it. */
const withoutAtoms = (text: string): string => text.replaceAll(/\x1b\[[0-9;:]*m/g, '').replaceAll(MASK, '');

t.test('Given any line, when it is kept, then it fits, and no mask, colour or character of it is halved', async (t) => {
  fc.assert(
    fc.property(line, (text) => {
      const kept = cutLine(text);
      if (Buffer.byteLength(text) <= KEPT_LINE_BYTES) return kept === text;
      const head = kept.slice(0, -2).replace(/\x1b\[0m$/, '');
      return (
        Buffer.byteLength(kept) <= KEPT_LINE_BYTES &&
        kept.endsWith(' …') &&
        kept.isWellFormed() &&
        text.startsWith(head) &&
        !/[[\]\x1b]/.test(withoutAtoms(kept)) &&
        (!kept.includes('\x1b') || kept.endsWith('\x1b[0m …'))
      );
    }),
    { seed: 2026, numRuns: 1_000 },
  );
  t.pass('of 1,000 lines');
});

t.test(
  'Given a mask at every place of the cut, when a line is cut, then it is there as a whole or not at all',
  async (t) => {
    for (let before = KEPT_LINE_BYTES - 30; before <= KEPT_LINE_BYTES; before += 1) {
      const kept = cutLine(`${'x'.repeat(before)}${MASK}${'y'.repeat(100)}`);
      t.match(kept, /^x+(?:\[MASKED\]y*)? …$/);
    }
    t.equal(cutLine('x'.repeat(KEPT_LINE_BYTES)), 'x'.repeat(KEPT_LINE_BYTES), 'what fits is left alone');
    t.ok(cutLine('x'.repeat(KEPT_LINE_BYTES + 1)).endsWith('x …'));
    t.equal(cutLine(`\x1b[${'1;'.repeat(400)}m`), ' …', 'also when nothing of it fits');
  },
);

t.test('Given a log that fits, when it is kept, then all of it is', async (t) => {
  t.same(keepOf([]), []);
  t.same(textsOf(keepOf(['one'])), ['one']);
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
  t.same(textsOf(keepOf(lines)), lines);
});

t.test(
  'Given any logs, when they share the room, then it is never exceeded, in order, with first and last',
  async (t) => {
    const log = fc
      .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 2_500 }))
      .map(([lines, count]) => Array.from({ length: count }, (_, index) => lines[index % lines.length] ?? ''));
    fc.assert(
      fc.property(fc.array(log, { minLength: 1, maxLength: 5 }), (logs) => {
        const shares = shareOut(logs.map(keepOf));
        const isInOrder = shares.every((kept, job) => {
          let at = -1;
          const whole = (logs[job] ?? []).map(cutLine);
          for (const text of textsOf(kept)) at = whole.indexOf(text, at + 1);
          const ends = [kept[0]?.text, kept.at(-1)?.text];
          return ends[0] === whole[0] && ends[1] === whole.at(-1);
        });
        return isInOrder && shares.reduce((sum, kept) => sum + costOf(kept), 0) <= RECORDING_COST;
      }),
      { seed: 2026, numRuns: 15 },
    );
    t.pass('of 15 runs');
  },
);

t.test(
  'Given the longest lines of as many jobs as there can be, when they share, then each has its ends',
  async (t) => {
    const logs = Array.from({ length: 64 }, (_, job) =>
      Array.from({ length: 300 }, (_, index) => `${job} ${index} ${'é'.repeat(20_000)}`),
    );
    const shares = shareOut(logs.map(keepOf));
    t.ok(shares.reduce((sum, kept) => sum + costOf(kept), 0) <= RECORDING_COST);
    t.same(
      shares.map((kept) => [kept[0]?.text.split(' ', 2), kept.at(-1)?.text.split(' ', 2)]),
      logs.map((_, job) => [
        [`${job}`, '0'],
        [`${job}`, '299'],
      ]),
    );
  },
);

t.test('Given a log that is too long, when it is thinned, then evenly, and what is complete stays', async (t) => {
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    index % 200 === 100
      ? `\x1b[0m\x1b[1maws_subnet.a${index}: Creation complete after 3s [id=subnet-${index}]\x1b[0m`
      : `aws_subnet.a${index}: still busy with something of no interest`,
  );
  const [kept = []] = shareOut([keepOf(lines)]);
  t.ok(costOf(kept) > RECORDING_COST * 0.85, 'the room is used');
  t.equal(textsOf(kept).filter(tellsCompletion).length, 100, 'each completion');
  const quarters = [0, 1, 2, 3].map(
    (quarter) =>
      textsOf(kept).filter((text) => Math.floor(Number(/a(\d+):/.exec(text)?.[1]) / 5_000) === quarter).length,
  );
  t.ok(Math.max(...quarters) - Math.min(...quarters) <= 0.05 * kept.length, `evenly: ${quarters.join(', ')}`);
});

t.test('Given more completions than fit, when they are thinned, then they alone fill the room, evenly', async (t) => {
  const lines = Array.from({ length: 8_000 }, (_, index) => `a.b${index}: Creation complete after ${index}s`);
  const [kept = []] = shareOut([keepOf(lines)]);
  t.ok(kept.length > 2_000 && costOf(kept) <= RECORDING_COST);
});

t.test('Given a long and a short log, when they share, then the short one is whole', async (t) => {
  const long = Array.from({ length: 20_000 }, (_, index) => `plan ${index} ${'x'.repeat(50)}`);
  const short = Array.from({ length: 300 }, (_, index) => `verify ${index}`);
  const [ofLong = [], ofShort = []] = shareOut([keepOf(long), keepOf(short)]);
  t.same(textsOf(ofShort), short);
  t.ok(costOf(ofLong) > RECORDING_COST / 2);
});
