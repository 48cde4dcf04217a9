import t from 'tap';
import { browserModule } from './browser-module.ts';

const { spansOf } = await browserModule<{ spansOf(line: string): { text: string; classes: string }[] }>('sgr.js');

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

t.test('given other control characters, when a line is split, then none of them is left', async (t) => {
  const text = spansOf('a\x07b\x1b]0;title\x07c\x1b[2Kd\r').map((span) => span.text);
  t.strictSame(text, ['ab]0;titlec[2Kd']);
});
