import fc from 'fast-check';
import t from 'tap';
import { createMaskedTrace, type MaskedLine, type TracePosition } from '../../src/adapters/masked-trace.ts';
import { createMaskedLines, type MaskedLines } from '../../src/masking/masked-lines.ts';
import { KEY_BEGIN, KEY_END, KEY_LINE, stamp, traces } from '../masking/samples.ts';
import { maskedAtOnce } from './log-world.ts';

const START: TracePosition = { byteOffset: 0, skipLines: 0 };

const masker = () => createMaskedLines({ accountIds: true });

/** Reads the trace from there on, in pieces of that size, up to a byte or to its end. */
const readFrom = (from: TracePosition, bytes: Uint8Array, size: number, until: number | null): MaskedLine[] => {
  const trace = createMaskedTrace(from, masker());
  const lines: MaskedLine[] = [];
  const end = until ?? bytes.length;
  while (trace.byteOffset() < end) {
    const at = trace.byteOffset();
    trace.write(bytes.slice(at, Math.min(end, at + size)), (line) => lines.push(line));
  }
  if (until === null) trace.end((line) => lines.push(line));
  return lines;
};

const textsOf = (lines: readonly MaskedLine[]): string[] => lines.map(({ text }) => text);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

t.test('Given any trace in any pieces, when it is read, then its lines are those of the whole', async () => {
  fc.assert(
    fc.property(traces, fc.integer({ min: 1, max: 200 }), (text, size) => {
      const lines = textsOf(readFrom(START, encode(text), size, null));
      return JSON.stringify(lines) === JSON.stringify(maskedAtOnce(text));
    }),
    { numRuns: 500 },
  );
});

t.test('Given any line of any trace, when a successor starts at its place, then it goes on behind it', async () => {
  fc.assert(
    fc.property(traces, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 200 }), (text, cut, pick, size) => {
      const bytes = encode(text);
      const first = readFrom(START, bytes, size, cut % (bytes.length + 1));
      const kept = first.slice(0, first.length === 0 ? 0 : 1 + (pick % first.length));
      const rest = readFrom(kept.at(-1)?.position ?? START, bytes, size, null);
      return JSON.stringify([...textsOf(kept), ...textsOf(rest)]) === JSON.stringify(maskedAtOnce(text));
    }),
    { numRuns: 2_000 },
  );
});

t.test('Given the last lines of a trace, when a successor starts behind any of them, then none is twice', async (t) => {
  for (const text of ['a\nb', 'a\nb\n', 'a', '\n', `${stamp()}a\n${stamp('+')}b\n${stamp()}c`, 'é\nü']) {
    const bytes = encode(text);
    const all = readFrom(START, bytes, 3, null);
    t.same(textsOf(all), maskedAtOnce(text));
    for (const [index, { position }] of all.entries()) {
      t.same(textsOf(readFrom(position, bytes, 3, null)), textsOf(all).slice(index + 1), `${text} behind ${index}`);
    }
  }
});

t.test('Given a private key, when its lines are given, then the place to start again stays before it', async (t) => {
  const before = `${stamp()}one\n`;
  const key = [KEY_BEGIN, KEY_LINE, KEY_LINE, KEY_END].map((line) => `${stamp()}${line}\n`).join('');
  const after = `${stamp()}two\n${stamp()}three\n`;
  const lines = readFrom(START, encode(before + key + after), 10, null);
  t.same(
    lines.map(({ text, position }) => [text, position.byteOffset, position.skipLines]),
    [
      ['one', before.length, 0],
      [KEY_BEGIN, before.length, 1],
      ['[MASKED]', before.length, 2],
      ['[MASKED]', before.length, 3],
      [KEY_END, before.length + key.length, 0],
      ['two', before.length + key.length + stamp().length + 4, 0],
      ['three', before.length + key.length + stamp().length + 4, 1],
    ],
  );
});

t.test(
  'Given bytes that are no text and marks of byte order, when it is read from anywhere, then it is the same',
  async (t) => {
    const bytes = Uint8Array.from([
      0xef, 0xbb, 0xbf, 0x61, 0xe2, 0x0a, 0xef, 0xbb, 0xbf, 0x62, 0x0a, 0xff, 0x63, 0x0a, 0xe2,
    ]);
    const all = readFrom(START, bytes, 100, null);
    t.same(textsOf(all), ['\ufeffa\ufffd', '\ufeffb', '\ufffdc', '\ufffd']);
    t.same(textsOf(readFrom(START, bytes, 1, null)), textsOf(all));
    for (const [index, { position }] of all.entries()) {
      t.same(textsOf(readFrom(position, bytes, 1, null)), textsOf(all).slice(index + 1));
    }
  },
);

t.test(
  'Given a masker that tells no place to start again, when lines come, then they count from the start',
  async (t) => {
    const masked: MaskedLines = { ...masker(), resumableNewlines: () => 0 };
    const trace = createMaskedTrace({ byteOffset: 40, skipLines: 1 }, masked);
    const lines: MaskedLine[] = [];
    trace.write(encode('a\nb\nc\nd\n'), (line) => lines.push(line));
    t.same(lines, [
      { text: 'b', position: { byteOffset: 40, skipLines: 2 } },
      { text: 'c', position: { byteOffset: 40, skipLines: 3 } },
    ]);
    t.equal(trace.byteOffset(), 48);
  },
);
