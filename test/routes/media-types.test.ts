import t from 'tap';
import { bearerOf } from '../../src/routes/bearer.ts';
import { prefersPlainText } from '../../src/routes/media-types.ts';

t.test(
  'Given an Accept header, When plain text is wanted more than JSON, Then and only then it is preferred',
  async (t) => {
    for (const accept of [
      'text/plain',
      'text/*',
      'TEXT/PLAIN',
      'text/plain, application/json;q=0.9',
      'text/plain;charset=utf-8',
    ]) {
      t.equal(prefersPlainText(accept), true, accept);
    }
    const others = [
      undefined,
      '',
      '*/*',
      'text/html,*/*;q=0.8',
      'application/json',
      'application/json, text/plain',
      'text/plain;q=0',
    ];
    const odd = ['text/plain;q=x', `text/plain,${' '.repeat(1024)}`, 'text/html', 'text/plain;q=0.5, */*', ',;,'];
    for (const accept of [...others, ...odd]) t.equal(prefersPlainText(accept), false, String(accept).slice(0, 40));
  },
);

t.test('Given an Authorization header, When it is a bearer token, Then the token is read, else nothing', async (t) => {
  t.equal(bearerOf('Bearer abc.DEF-_~+/=='), 'abc.DEF-_~+/==');
  t.equal(bearerOf('bearer  x'), 'x');
  t.equal(bearerOf('Bearer the:owner$s!'), 'the:owner$s!');
  t.equal(bearerOf(`Bearer ${'x'.repeat(4_096)}`), 'x'.repeat(4_096), 'as long as the configuration takes one');
  for (const header of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearer a b',
    `Bearer ${'x'.repeat(4_097)}`,
    'Bearer é',
  ]) {
    t.equal(bearerOf(header), null, String(header).slice(0, 20));
  }
});
