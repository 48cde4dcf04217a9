import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { REAL_POLICY } from '../../src/policies.ts';
import { createButton } from '../../src/routes/button.ts';
import { buildTestApp, LISTED_ORIGIN } from '../fakes/http-app.ts';

const ROOT = new URL('../../', import.meta.url);
const MOST_BYTES = 8_000;

const setUp = async (t: Test, simulated = false) => {
  const button = createButton({ simulated, hourlyCostUsd: 0.18, policy: REAL_POLICY });
  return (await buildTestApp(t, { pages: button })).app;
};

const scriptUnder = async (t: Test, simulated: boolean): Promise<string> =>
  (await (await setUp(t, simulated)).inject('/button.js')).body;

t.test(
  'Given the sources of the button, When they are bundled, Then the file beside them is what comes out',
  async (t) => {
    const { bundleButton }: { bundleButton(): Promise<string> } = await import(
      new URL('scripts/build-button.js', ROOT).href
    );
    const kept = await readFile(new URL('src/web/button.js', ROOT), 'utf8');
    t.ok(kept === (await bundleButton()), 'else run: npm run build:button');
  },
);

t.test('Given the button, When it is loaded, Then it is one file of at most 8 kB, compressed', async (t) => {
  const app = await setUp(t);
  const { statusCode, headers, rawPayload } = await app.inject({
    url: '/button.js',
    headers: { 'accept-encoding': 'br, gzip;q=0.8' },
  });
  t.equal(statusCode, 200);
  t.equal(headers['content-type'], 'text/javascript; charset=utf-8');
  t.equal(headers['content-encoding'], 'gzip');
  t.ok(rawPayload.length <= MOST_BYTES, `${rawPayload.length} bytes`);
  const script = gunzipSync(rawPayload).toString();
  t.equal(script, await scriptUnder(t, false), 'the same as uncompressed');
  t.notMatch(script, /\bimport\s*[({"']|\bfrom\s*["']/, 'nothing else is loaded');
});

t.test('Given clients that take no gzip, When they load it, Then it is plain', async (t) => {
  const app = await setUp(t);
  for (const accepted of [undefined, 'br', 'gzip;q=0', 'identity, gzip; q=0.000', 'gzipped']) {
    const { headers, body } = await app.inject({
      url: '/button.js',
      headers: accepted === undefined ? {} : { 'accept-encoding': accepted },
    });
    t.equal(headers['content-encoding'], undefined, String(accepted));
    t.match(body, /customElements\.define/);
  }
});

t.test(
  'Given the figures of a server, When its button is loaded, Then they are in it and nothing is left open',
  async (t) => {
    const real = await scriptUnder(t, false);
    t.notMatch(real, /\{\{\w+\}\}/);
    t.match(real, /hourlyCostUsd:"0\.18",lifetimeSeconds:"3600",maxLifetimeSeconds:"14400"/);
    t.match(real, 'simulated:"false"');
    t.match(await scriptUnder(t, true), 'simulated:"true"');
  },
);

t.test('Given sites, When their pages load it, Then only a listed one is named and any may embed it', async (t) => {
  const app = await setUp(t);
  const listed = await app.inject({ url: '/button.js', headers: { origin: LISTED_ORIGIN } });
  t.equal(listed.headers['access-control-allow-origin'], LISTED_ORIGIN);
  const stranger = await app.inject({ url: '/button.js', headers: { origin: 'https://evil.example' } });
  t.equal(stranger.headers['access-control-allow-origin'], undefined);
  for (const { headers } of [listed, stranger]) {
    t.match(headers, {
      vary: 'Origin, Accept-Encoding',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=300',
    });
    t.match(headers['content-security-policy'], /^default-src 'none'/);
  }
});

t.test(
  'Given a form of it that was seen, When it is asked for again, Then nothing is sent; HEAD sends nothing',
  async (t) => {
    const app = await setUp(t);
    const zipped = { 'accept-encoding': 'gzip' };
    const first = await app.inject({ url: '/button.js', headers: zipped });
    const etag = String(first.headers.etag);
    const again = await app.inject({ url: '/button.js', headers: { ...zipped, 'if-none-match': etag } });
    t.equal(again.statusCode, 304);
    t.equal(again.body, '');
    const plain = await app.inject({ url: '/button.js', headers: { 'if-none-match': etag } });
    t.equal(plain.statusCode, 200, 'the plain form has another tag');
    const head = await app.inject({ method: 'HEAD', url: '/button.js', headers: zipped });
    t.equal(head.statusCode, 200);
    t.equal(head.body, '');
    t.equal(head.headers.etag, etag);
    t.equal(head.headers['content-length'], first.headers['content-length']);
  },
);

t.test(
  'Given what runs in strangers’ pages, When it is read, Then there is no way from data to markup or elsewhere',
  async (t) => {
    const script = await scriptUnder(t, false);
    t.notMatch(
      script,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|postMessage|\beval\b|new Function|cookie/,
    );
    t.match(script, 'credentials:"omit"');
    t.match(script, 'redirect:"error"');
    t.same(script.match(/https?:\/\/[\w.]/g), null, 'it knows no address');
  },
);

t.test('Given the style sheet, When it is read, Then it loads nothing', async (t) => {
  t.notMatch(await readFile(new URL('src/web/button/button.css', ROOT), 'utf8'), /url\(|@import|image-set|@font-face/);
});
