import { readdir, readFile } from 'node:fs/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { REAL_POLICY } from '../../src/policies.ts';
import { createPages } from '../../src/routes/pages.ts';

const ID = '01a20c0f-0000-7000-8000-000000000001';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILE_CSP = "default-src 'none'; frame-ancestors 'none'";

const setUp = async (t: Test, simulated = false): Promise<FastifyInstance> => {
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(createPages({ simulated, hourlyCostUsd: 0.18, policy: REAL_POLICY }));
  return app;
};

t.test('given the pages, when the root and a permalink are asked for, then both are the one page', async (t) => {
  const app = await setUp(t);
  const [root, permalink] = await Promise.all([app.inject('/'), app.inject(`/d/${ID}`)]);
  t.equal(root.statusCode, 200);
  t.equal(root.headers['content-type'], 'text/html; charset=utf-8');
  t.match(root.body, /^<!doctype html>/);
  t.equal(permalink.statusCode, 200);
  t.equal(permalink.body, root.body);
});

t.test(
  'given the facts of a server, when its page is served, then they stand in it and no placeholder is left',
  async (t) => {
    const real = await (await setUp(t)).inject('/');
    t.match(real.body, 'data-simulated="false"');
    t.match(real.body, 'data-hourly-cost-usd="0.18"');
    t.match(real.body, 'data-lifetime-seconds="3600"');
    t.match(real.body, 'data-max-lifetime-seconds="14400"');
    t.match(real.body, 'data-deploy-deadline-seconds="2700"');
    t.notMatch(real.body, '{{');
    const local = await (await setUp(t, true)).inject('/');
    t.match(local.body, 'data-simulated="true"');
  },
);

t.test('given any file of the page, when it is served, then policy, type and caching are strict', async (t) => {
  const app = await setUp(t);
  const cases: readonly (readonly [string, string])[] = [
    ['/', 'text/html; charset=utf-8'],
    ['/assets/page.css', 'text/css; charset=utf-8'],
    ['/assets/page.js', 'text/javascript; charset=utf-8'],
    ['/assets/icon.svg', 'image/svg+xml'],
    ['/robots.txt', 'text/plain; charset=utf-8'],
  ];
  for (const [url, type] of cases) {
    const { statusCode, headers } = await app.inject(url);
    t.equal(statusCode, 200, url);
    t.match(headers, {
      'content-type': type,
      'content-security-policy': url === '/' ? CSP : FILE_CSP,
      vary: 'Origin, Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
      etag: /^"[\w-]{43}"$/,
    });
    t.notOk(headers['set-cookie'], 'there are no cookies');
  }
});

t.test('given a file that was seen, when it is asked for again, then only a changed one is sent', async (t) => {
  const app = await setUp(t);
  const { headers } = await app.inject('/assets/page.css');
  const etag = String(headers.etag);
  const again = await app.inject({ url: '/assets/page.css', headers: { 'if-none-match': `"other", W/${etag}` } });
  t.equal(again.statusCode, 304);
  t.equal(again.body, '');
  t.equal(again.headers.etag, etag);
  const changed = await app.inject({ url: '/assets/page.css', headers: { 'if-none-match': '"other"' } });
  t.equal(changed.statusCode, 200);
});

t.test(
  'given a browser that takes compressed answers, when a file is sent, then it is, with a tag of its own',
  async (t) => {
    const app = await setUp(t);
    const plain = await app.inject('/');
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
    ]) {
      const headers = { 'accept-encoding': accepted };
      const answer = await app.inject({ url: '/', headers });
      t.equal(answer.headers['content-encoding'], encoding);
      t.ok(answer.rawPayload.length < plain.rawPayload.length / 2);
      t.not(answer.headers.etag, plain.headers.etag);
      const again = await app.inject({
        url: '/',
        headers: { ...headers, 'if-none-match': String(answer.headers.etag) },
      });
      t.equal(again.statusCode, 304);
      t.equal(again.headers['content-encoding'], undefined);
    }
    t.equal(plain.headers['content-encoding'], undefined);
  },
);

t.test('given different facts, when the page is served, then its tag differs', async (t) => {
  const [real, local] = [await setUp(t), await setUp(t, true)];
  t.not((await real.inject('/')).headers.etag, (await local.inject('/')).headers.etag);
});

t.test('given HEAD, when a page is asked for, then there are headers and no body', async (t) => {
  const app = await setUp(t);
  const { statusCode, body, headers } = await app.inject({ method: 'HEAD', url: '/' });
  t.equal(statusCode, 200);
  t.equal(body, '');
  t.ok(Number(headers['content-length']) > 0);
});

t.test('given the page’s folder, when a file is not one of the page, then it has no address', async (t) => {
  const app = await setUp(t);
  for (const url of ['/assets/tsconfig.json', '/assets/page.html', '/assets/../pages.ts', '/assets/%2e%2e/pages.ts']) {
    t.equal((await app.inject(url)).statusCode, 404, url);
  }
});

t.test('given the scripts, when one imports another, then that one is served', async (t) => {
  const app = await setUp(t);
  const folder = new URL('../../src/web/page/', import.meta.url);
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  t.ok(scripts.length > 1);
  for (const name of scripts) {
    const source = await readFile(new URL(name, folder), 'utf8');
    for (const [, imported] of source.matchAll(/^import .* from '\.\/(.+)';$/gm)) {
      t.equal((await app.inject(`/assets/${imported}`)).statusCode, 200, `${name} imports ${imported}`);
    }
  }
});

t.test(
  'given the page, when it is read, then it holds nothing its policy forbids and nothing of another origin',
  async (t) => {
    const { body } = await (await setUp(t)).inject('/');
    t.notMatch(body, /\sstyle=/);
    t.notMatch(body, /\son[a-z]+=/);
    t.notMatch(body, /<script(?![^>]*\ssrc=)/);
    t.notMatch(body, /(?:src|href)="(?:https?:)?\/\//);
    t.match(body, /<noscript>[\s\S]*href="\/v1\/deployments"[\s\S]*<\/noscript>/);
  },
);

t.test('given a crawler, when it reads robots.txt, then the API is not for it', async (t) => {
  t.match((await (await setUp(t)).inject('/robots.txt')).body, /^User-agent: \*\nDisallow: \/v1$/m);
});
