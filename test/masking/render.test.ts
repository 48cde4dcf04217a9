import fc from 'fast-check';
import t from 'tap';
import { CUT_MARKER, createLineRenderer, cutLine, LINE_LIMIT } from '../../src/masking/line-renderer.ts';
import { createTraceLines, renderLine } from '../../src/masking/render.ts';
import { cutTraces, stamp } from './samples.ts';

const SECTION = 'section_start:1795165295:step_script';

t.test('Given one line, when it is rendered', async (t) => {
  t.test('then colours stay and every other code goes', async (t) => {
    t.equal(
      renderLine('\x1b[0K\x1b[36;1mPreparing\x1b[0;m\x1b[2J\x1b[?25l\x1b7 x\x1b(B'),
      '\x1b[36;1mPreparing\x1b[0;m x',
    );
    t.equal(renderLine('a\x00b\x08c\x7fd\te'), 'abcd\te');
    t.equal(renderLine('a\x9b31mb'), 'a\x1b[31mb');
  });
  t.test('then titles and link targets go, the text of links stays', async (t) => {
    t.equal(renderLine('\x1b]0;title\x07a \x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\ b'), 'a link b');
    t.equal(renderLine(`\x1b]8;;${'x'.repeat(3_000)}`)?.length, 3_000 - 2_046, 'a sequence without an end is given up');
  });
  t.test('then a broken code costs no text', async (t) => {
    t.equal(renderLine('a\x1bfoo'), 'afoo');
    t.equal(renderLine('a\x1b[31é'), 'aé');
    t.equal(renderLine(`a\x1b[${'1'.repeat(100)}b`), `a${'1'.repeat(37)}b`);
    t.equal(renderLine('a\x1b]8;;b\x1b[31mc'), 'a\x1b[31mc', 'an escape ends a title early');
  });
  t.test('then a carriage return keeps what was written last', async (t) => {
    t.equal(renderLine('10%\r55%\r100%'), '100%');
    t.equal(renderLine('done\r'), 'done', 'at the end it belongs to the newline');
    t.equal(renderLine('10%\r\x1b[32m100%'), '\x1b[32m100%');
    t.equal(renderLine('done\r\x1b[0m'), 'done\x1b[0m');
    t.equal(renderLine('a\r\r\rb'), 'b');
  });
  t.test('then section markers go without what stands before them', async (t) => {
    t.equal(renderLine(`${SECTION}\r\x1b[0K\x1b[36;1mText\x1b[0;m`), '\x1b[36;1mText\x1b[0;m');
    t.equal(renderLine(`tail${SECTION}[collapsed=true]\r\x1b[0Kmore`), 'tailmore');
    t.equal(renderLine(`section_end:1:a\r\x1b[0K${SECTION}\r\x1b[0K`), null, 'nothing else: nothing to show');
    t.equal(renderLine(`section_end:1:a\r\x1b[0K\x1b[0;m`), null);
    t.equal(renderLine(''), '', 'an empty line is a line');
    t.equal(renderLine('section_start is a word\r\x1b[0Knew'), 'new');
  });
});

t.test('Given a long line, when it is rendered', async (t) => {
  t.test('then it is cut beyond the limit and says so', async (t) => {
    t.equal(renderLine('a'.repeat(LINE_LIMIT)), 'a'.repeat(LINE_LIMIT));
    t.equal(renderLine('a'.repeat(LINE_LIMIT + 1)), 'a'.repeat(LINE_LIMIT) + CUT_MARKER);
    t.equal(renderLine(`${'a'.repeat(LINE_LIMIT + 1)}\rshort`), 'short', 'what is overwritten does not count');
  });
  t.test('then neither characters, colours nor masks are cut in two', async (t) => {
    t.equal(cutLine('abc🙂', 4), `abc${CUT_MARKER}`);
    t.equal(cutLine('\x1b[1mab\x1b[31mcd', 9), `\x1b[1mab\x1b[0m${CUT_MARKER}`);
    t.equal(cutLine('ab [MASKED] cd', 8), `ab ${CUT_MARKER}`);
    const renderer = createLineRenderer(4);
    renderer.write('abc🙂');
    t.equal(renderer.end(), `abc${CUT_MARKER}`);
  });
});

t.test('Given a trace, when it is turned into lines', async (t) => {
  t.test('then prefixes go and continuations are joined', async (t) => {
    const lines = createTraceLines();
    const trace = `${stamp()}${SECTION}\r\x1b[0K\n${stamp('+')}\x1b[36mStep\n${stamp()}one \n${stamp('+')}two\n\nclassic\n`;
    t.strictSame([...lines.write(trace), ...lines.end()], ['\x1b[36mStep', 'one two', '', 'classic']);
    t.strictSame(lines.end(), []);
  });
  t.test('then a line comes when the next one is known not to continue it', async (t) => {
    const lines = createTraceLines();
    t.strictSame(lines.write(`${stamp()}one\n`), []);
    t.strictSame(lines.write(stamp()), ['one']);
    t.strictSame(lines.end(), ['']);
  });
  t.test('then the chunks do not matter', async () => {
    fc.assert(
      fc.property(cutTraces, ({ text, chunks }) => {
        const whole = createTraceLines();
        const cut = createTraceLines();
        const expected = [...whole.write(text), ...whole.end()];
        return (
          JSON.stringify([...chunks.flatMap((chunk) => cut.write(chunk)), ...cut.end()]) === JSON.stringify(expected)
        );
      }),
      { numRuns: 500 },
    );
  });
});
