import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { acceptsEncoding, createEncodedText } from '../../src/routes/content-encodings.ts';

const TEXT = 'a line of text that comes again and again\n'.repeat(100);

t.test('Given what browsers send, when a coding is looked for, then it is found by name and weight', async (t) => {
  const cases: readonly (readonly [string | undefined, string, boolean])[] = [
    ['gzip, deflate, br, zstd', 'br', true],
    ['gzip, deflate', 'br', false],
    ['GZIP;q=0.5', 'gzip', true],
    ['br;q=0, gzip', 'br', false],
    ['br;q=0.000', 'br', false],
    ['br;q=0.001', 'br', true],
    ['brotli', 'br', false],
    ['*', 'br', false],
    ['', 'gzip', false],
    [undefined, 'gzip', false],
  ];
  for (const [header, coding, expected] of cases) t.equal(acceptsEncoding(header, coding), expected, String(header));
});

t.test('Given a text, when it is asked for in a form, then it is the same text, smaller', async (t) => {
  const formFor = createEncodedText(TEXT);
  const [br, gzip, plain] = [formFor('gzip, br'), formFor('gzip'), formFor(undefined)];
  t.strictSame([br.encoding, gzip.encoding, plain.encoding], ['br', 'gzip', null]);
  t.equal(brotliDecompressSync(br.body).toString(), TEXT);
  t.equal(gunzipSync(gzip.body).toString(), TEXT);
  t.equal(plain.body.toString(), TEXT);
  t.ok(br.body.length < TEXT.length / 10);
  t.equal(new Set([br.etag, gzip.etag, plain.etag]).size, 3, 'every form has a tag of its own');
});

t.test('Given a form that was made, when it is asked for again, then it is not made again', async (t) => {
  const formFor = createEncodedText(TEXT);
  t.equal(formFor('br'), formFor('br, gzip'));
});

t.test('Given a text too short to gain anything, when it is asked for, then it is sent as it is', async (t) => {
  t.equal(createEncodedText('x'.repeat(255))('br').encoding, null);
  t.equal(createEncodedText('x'.repeat(256))('br').encoding, 'br');
});
