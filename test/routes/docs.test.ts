import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { buildTestApp, PUBLIC_URL } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const LOCAL = { localMode: true };

/** The files that a page wants, as it names them. */
const wantedBy = (html: string): string[] => [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);

t.test('Given local mode, When /docs is opened, Then a page whose files are all there and all ours', async (t) => {
  const { app } = await buildTestApp(t, { app: LOCAL });
  const page = await app.inject({ url: '/docs' });
  t.equal(page.statusCode, 200);
  t.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  const files = wantedBy(page.body);
  t.ok(files.length >= 5, 'styles and scripts');
  for (const url of files) {
    t.match(url, /^\/docs\//, 'from here');
    const file = await app.inject({ url });
    t.equal(file.statusCode, 200, url);
    t.ok(file.rawPayload.length > 0, url);
    t.equal(file.headers['x-content-type-options'], 'nosniff');
  }
});

t.test(
  'Given its page and files, When they leave, Then their policy allows no inline code and no other origin',
  async (t) => {
    const { app } = await buildTestApp(t, { app: LOCAL });
    for (const url of [
      '/docs',
      '/docs/',
      '/docs/static/swagger-ui-bundle.js',
      '/docs/static/swagger-initializer.js',
      '/docs/json',
    ]) {
      const { statusCode, headers, body } = await app.inject({ url });
      t.equal(statusCode, 200, url);
      const policy = String(headers['content-security-policy']);
      t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; /, url);
      t.match(policy, "frame-ancestors 'none'");
      t.notMatch(policy, /unsafe|https?:|\*|upgrade-insecure/);
      t.equal(headers['set-cookie'], undefined);
      t.equal(headers['ratelimit-limit'], undefined, 'it is not counted');
      if (!/\.js$|json$/.test(url)) t.notMatch(body, /<script>|<style|\son\w+=/, 'nothing inline');
    }
  },
);

t.test(
  'Given its document, When it is compared, Then it is the contract, to be tried out where the page is from',
  async (t) => {
    const { app } = await buildTestApp(t, { app: LOCAL });
    const shown = (await app.inject({ url: '/docs/json' })).json();
    const contract = (await app.inject({ url: '/openapi.json' })).json();
    t.same(shown, { ...contract, servers: [{ url: '/' }] });
    t.same(contract.servers, [{ url: PUBLIC_URL }], 'the contract itself is left alone');
    t.notOk(
      Object.keys(contract.paths).some((path) => path.startsWith('/docs')),
      'and the page is not part of it',
    );
  },
);

t.test('Given paths that lead elsewhere, When they are asked for, Then there is nothing', async (t) => {
  const { app } = await buildTestApp(t, { app: LOCAL });
  for (const path of ['nothing', 'static/nothing', 'static/%2e%2e/package.json', 'static/..%2fpackage.json']) {
    checkProblem(t, await app.inject({ url: `/docs/${path}` }), 404, 'ROUTE_NOT_FOUND');
  }
  checkProblem(t, await app.inject({ method: 'POST', url: '/docs' }), 405, 'METHOD_NOT_ALLOWED');
});

t.test('Given any other mode, When /docs is asked for, Then there is nothing', async (t) => {
  const { app } = await buildTestApp(t, { app: { ...LOCAL, localMode: false } });
  for (const url of ['/docs', '/docs/', '/docs/json', '/docs/static/swagger-ui.css']) {
    checkProblem(t, await app.inject({ url }), 404, 'ROUTE_NOT_FOUND');
  }
});

t.test(
  'Given the code, When imports are read, Then Swagger UI is loaded by nothing but the route, and late',
  async (t) => {
    const text = readFileSync(new URL('../../src/routes/docs.ts', import.meta.url), 'utf8');
    t.match(text, "await import('@fastify/swagger-ui')");
    t.notMatch(text, /from '@fastify\/swagger-ui'/);
    t.notOk(
      existsSync(new URL('../../src/swagger-ui/', import.meta.url)),
      'where a bundle looks there is nothing here',
    );
  },
);
