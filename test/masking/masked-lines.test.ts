import fc from 'fast-check';
import t from 'tap';
import { CUT_MARKER, LINE_LIMIT } from '../../src/masking/line-renderer.ts';
import { MASK, type MaskOptions } from '../../src/masking/mask.ts';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import {
  cutTraces,
  KEY_BEGIN,
  KEY_END,
  KEY_ID,
  KEY_LINE,
  PERSONAL_TOKEN,
  SECRET_KEY,
  stamp,
  traces,
} from './samples.ts';

function maskedLines(chunks: readonly string[], options: MaskOptions = {}): string[] {
  const lines = createMaskedLines(options);
  return [...chunks.flatMap((chunk) => lines.write(chunk)), ...lines.end()];
}

t.test('Given a trace with secrets, when it is turned into masked lines', async (t) => {
  t.test('then what the runner put inside a secret does not hide it', async (t) => {
    const trace = [
      `${stamp()}section_start:1795165295:step_script\r\x1b[0K`,
      `${stamp('+')}\x1b[36;1mStep\x1b[0;m`,
      `${stamp(' ', '01E')}+ export AWS_SECRET_ACCESS_KEY=${SECRET_KEY.slice(0, 9)}`,
      `${stamp('+', '01E')}${SECRET_KEY.slice(9)} --output text`,
      `${stamp()}\x1b[1m${PERSONAL_TOKEN.slice(0, 8)}\x1b[0K\x1b[31m${PERSONAL_TOKEN.slice(8)}\x1b[0m`,
      `${stamp()}${KEY_ID.slice(0, 5)}\x08\x00${KEY_ID.slice(5)}`,
      `${stamp()}${KEY_BEGIN}`,
      `${stamp()}${KEY_LINE}`,
      `${stamp()}${KEY_END}`,
      `${stamp()}10% ${KEY_ID}\r100%`,
    ];
    t.strictSame(maskedLines([`${trace.join('\n')}\n`]), [
      '\x1b[36;1mStep\x1b[0;m',
      `+ export AWS_SECRET_ACCESS_KEY=${MASK} --output text`,
      `\x1b[1m${MASK}\x1b[31m\x1b[0m`,
      MASK,
      KEY_BEGIN,
      MASK,
      KEY_END,
      '100%',
    ]);
  });
  t.test('then known values and account ids are masked if asked for', async (t) => {
    t.strictSame(
      maskedLines(['VelvetFalcon9098 arn:aws:iam::123456789012:role/demo'], {
        known: ['VelvetFalcon9098'],
        accountIds: true,
      }),
      [`${MASK} arn:aws:iam::${MASK}:role/demo`],
    );
  });
  t.test('then a secret across the cut of a long line is masked before the cut', async (t) => {
    for (const before of [LINE_LIMIT - 30, LINE_LIMIT - 10, LINE_LIMIT - 1]) {
      const [line] = maskedLines([`${'x '.repeat(before / 2)}${PERSONAL_TOKEN}${' y'.repeat(20_000)}`]);
      t.notMatch(line, /glpat/);
      t.ok(line?.endsWith(CUT_MARKER));
      t.ok((line?.length ?? 0) <= LINE_LIMIT + CUT_MARKER.length);
    }
  });
  t.test('then a line without an end is bounded', async (t) => {
    const lines = createMaskedLines();
    for (let round = 0; round < 200; round += 1) t.strictSame(lines.write('word '.repeat(10_000)), []);
    const [line] = lines.end();
    t.equal(line?.length, LINE_LIMIT + CUT_MARKER.length);
  });
});

t.test(
  'Given any trace in any chunks, when it is turned into masked lines, then they are those of the whole',
  async () => {
    fc.assert(
      fc.property(
        cutTraces,
        ({ text, chunks }) => JSON.stringify(maskedLines(chunks)) === JSON.stringify(maskedLines([text])),
      ),
      { numRuns: 1000 },
    );
  },
);

t.test('Given any trace, when a successor starts where it may, then it goes on with the same lines', async () => {
  fc.assert(
    fc.property(traces, fc.nat({ max: 2_000 }), (text, cut) => {
      const first = createMaskedLines();
      first.write(text.slice(0, cut));
      const skipped = first.resumableNewlines();
      const rest = text.split('\n').slice(skipped).join('\n');
      const expected = maskedLines([text]);
      const resumed = maskedLines([rest]);
      return JSON.stringify(expected.slice(expected.length - resumed.length)) === JSON.stringify(resumed);
    }),
    { numRuns: 1000 },
  );
});

t.test('Given an open private key, when asked where a successor may start, then it is before the key', async (t) => {
  const lines = createMaskedLines();
  lines.write(`one\ntwo\n${KEY_BEGIN}\n${KEY_LINE}\n${KEY_LINE}\n`);
  t.equal(lines.resumableNewlines(), 2);
  lines.write(`${KEY_END}\nthree\nfour\n`);
  t.equal(lines.resumableNewlines(), 7);
});
