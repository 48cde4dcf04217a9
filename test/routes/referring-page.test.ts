import fc from 'fast-check';
import t from 'tap';
import { referringPageOf } from '../../src/routes/referring-page.ts';

const ORIGIN = 'https://cv.example.com';
const from = (referer: string | undefined, origin: string | undefined = ORIGIN): string | null =>
  referringPageOf({ ...(referer === undefined ? {} : { referer }), ...(origin === undefined ? {} : { origin }) });

t.test('Given a page of the site, when it is named, then without query, fragment and credentials', async (t) => {
  for (const referer of [
    `${ORIGIN}/resume`,
    `${ORIGIN}/resume?token=made-up`,
    `${ORIGIN}/resume#token=made-up`,
    'https://me:made-up@cv.example.com/resume',
    'HTTPS://CV.EXAMPLE.COM/resume',
  ]) {
    t.equal(from(referer), `${ORIGIN}/resume`, referer);
  }
  t.equal(from('http://127.0.0.1:3000/', 'http://127.0.0.1:3000'), 'http://127.0.0.1:3000/');
  t.equal(from(`${ORIGIN}/größe <b>`), `${ORIGIN}/gr%C3%B6%C3%9Fe%20%3Cb%3E`);
});

t.test('Given no page that can be believed, when it is named, then it is the site alone', async (t) => {
  for (const referer of [
    undefined,
    '',
    'no address',
    'https://evil.example/login',
    'https://cv.example.com.evil.example/',
    'https://cv.example.com:8443/',
    'http://cv.example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:client',
    `${ORIGIN}/a\tb`,
    `${ORIGIN}/a\nb`,
    `${ORIGIN}/a\u007fb`,
    `${ORIGIN}/a\u0085b`,
  ]) {
    t.equal(from(referer), ORIGIN, JSON.stringify(referer));
  }
});

t.test('Given a page of 300 characters or one more, when it is named, then only the former is', async (t) => {
  const fitting = `${ORIGIN}/${'x'.repeat(300 - ORIGIN.length - 1)}`;
  t.equal(fitting.length, 300);
  t.equal(from(`${fitting}?${'q'.repeat(5_000)}`), fitting, 'the query does not count');
  t.equal(from(`${fitting}x`), ORIGIN);
});

t.test('Given no origin, when a page is named all the same, then it is nobody’s word', async (t) => {
  t.equal(referringPageOf({ referer: `${ORIGIN}/resume` }), null);
  t.equal(referringPageOf({}), null);
  for (const origin of [
    'null',
    '',
    'https://cv.example.com/',
    'ftp://cv.example.com',
    'x',
    `https://${'x'.repeat(300)}.example`,
  ]) {
    t.equal(from(`${ORIGIN}/resume`, origin), null, origin);
  }
});

t.test('Given any headers, when a page is named, then it is short, on the site, and plain ASCII', async (t) => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    fc.webPath({ size: 'large' }).map((path) => ORIGIN + path),
  );
  fc.assert(
    fc.property(anything, (referer) => {
      const page = from(referer);
      return (
        page !== null &&
        page.length <= 300 &&
        new URL(page).origin === ORIGIN &&
        /^[\x21-\x7e]+$/.test(page) &&
        !/[?#]/.test(page)
      );
    }),
  );
  const origins = fc.oneof(
    anything,
    fc.webAuthority().map((host) => `https://${host}`),
  );
  fc.assert(
    fc.property(anything, origins, (referer, origin) => {
      const page = from(referer, origin);
      return page === null || new URL(page).origin === origin;
    }),
  );
  t.pass('held for every one');
});
