import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Sgr {
  spansOf(line: string): { text: string; classes: string }[];
  plainText(line: string): string;
}

const { spansOf, plainText } = await browserModule<Sgr>('sgr.js');

t.test('given a line without codes, when it is split, then it is one span as it was', async (t) => {
  t.strictSame(spansOf('a <b>bold</b> claim\tand a tab'), [{ text: 'a <b>bold</b> claim\tand a tab', classes: '' }]);
  t.strictSame(spansOf(''), []);
});

t.test('given colours and weights, when a line is split, then each span has its classes', async (t) => {
  t.strictSame(spansOf('\x1b[0;32;1mdone\x1b[0m and \x1b[91mfailed\x1b[39m plain'), [
    { text: 'done', classes: 'sgr-green sgr-bold' },
    { text: ' and ', classes: '' },
    { text: 'failed', classes: 'sgr-red' },
    { text: ' plain', classes: '' },
  ]);
});

t.test('given attributes that are switched off one by one, then the others stay', async (t) => {
  t.strictSame(spansOf('\x1b[1;2;3;4ma\x1b[22mb\x1b[23mc\x1b[24md\x1b[mz'), [
    { text: 'a', classes: 'sgr-bold sgr-dim sgr-italic sgr-underline' },
    { text: 'b', classes: 'sgr-italic sgr-underline' },
    { text: 'c', classes: 'sgr-underline' },
    { text: 'd', classes: '' },
    { text: 'z', classes: '' },
  ]);
});

t.test(
  'given extended and background colours, when a line is split, then their parameters are no other codes',
  async (t) => {
    t.strictSame(spansOf('\x1b[38;5;31mx\x1b[48;2;31;32;33my\x1b[44mz\x1b[38mw'), [
      { text: 'x', classes: '' },
      { text: 'y', classes: '' },
      { text: 'z', classes: '' },
      { text: 'w', classes: '' },
    ]);
  },
);

t.test('given other sequences, when a line is split, then they go with what is in them', async (t) => {
  const text = (line: string) => spansOf(line).map((span) => span.text);
  t.strictSame(text('a\x07b\x1b]0;title\x07c\x1b[2Kd\r'), ['abcd']);
  t.strictSame(
    text('\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x1b\\ here'),
    ['click here'],
    'a hyperlink is its words',
  );
  t.strictSame(text('\x1bPq#0;2;0;0;0\x1b\\x\x1b(By\x9b31mz'), ['xyz'], 'graphics, character sets, 8-bit controls');
  t.strictSame(text('never ended \x1b]0;secret'), ['never ended ']);
});

t.test('given what turns or hides writing, when a line is split, then it is named', async (t) => {
  t.equal(plainText('user\u202Egpj.exe\u200b!\u2066'), 'user[U+202E]gpj.exe[U+200B]![U+2066]');
  t.equal(plainText('Größe 日本 🎉 e\u0301'), 'Größe 日本 🎉 e\u0301', 'and other writing is left alone');
});

t.test('given a line that is too long or too colourful, when it is split, then the page stays small', async (t) => {
  const long = spansOf('x'.repeat(16_384));
  t.equal(long.length, 1);
  t.match(long[0]?.text, /^x{4000} … \(12384 more characters\)$/);
  t.match(spansOf('x'.repeat(4_000))[0]?.text, /^x{4000}$/);
  const colourful = spansOf('\x1b[31mx\x1b[32my'.repeat(1_000));
  t.ok(colourful.length <= 101);
  t.match(colourful.map(({ text }) => text).join(''), /^(xy)+/, 'the text goes on');
});
