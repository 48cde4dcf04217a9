import t from 'tap';
import { buildTestApp, LISTED_ORIGIN, PUBLIC_URL } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const start = (headers: Record<string, string>) => ({
  method: 'POST' as const,
  url: '/v1/deployments',
  headers,
  payload: {},
});

t.test('Given a browser on an unlisted origin, When it writes, Then it is refused before anything else', async (t) => {
  const { app, demo } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 10 } } });
  const foreign = { origin: 'https://evil.example' };
  for (const method of ['POST', 'PATCH', 'DELETE', 'PUT'] as const) {
    const response = await app.inject({ method, url: '/v1/deployments/current', headers: foreign });
    checkProblem(t, response, 403, 'ORIGIN_REFUSED');
    t.equal(response.headers['ratelimit-limit'], undefined, 'not even counted');
  }
  const broken = await app.inject({
    method: 'POST',
    url: '/v1/deployments',
    headers: { ...foreign, 'content-type': 'application/json' },
    payload: '{broken',
  });
  checkProblem(t, broken, 403, 'ORIGIN_REFUSED');
  checkProblem(t, await app.inject(start({ origin: 'null' })), 403, 'ORIGIN_REFUSED');
  t.same(demo.starts, []);
});

t.test('Given a cross-site request without an Origin, When it writes, Then it is refused', async (t) => {
  const { app, demo } = await buildTestApp(t);
  checkProblem(t, await app.inject(start({ 'sec-fetch-site': 'cross-site' })), 403, 'ORIGIN_REFUSED');
  t.same(demo.starts, []);
});

t.test('Given our own page, a listed site or no browser, When it writes, Then it may', async (t) => {
  const allowed: Record<string, string>[] = [
    { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' },
    { origin: LISTED_ORIGIN, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    {},
  ];
  for (const headers of allowed) {
    const { app } = await buildTestApp(t);
    t.equal((await app.inject(start(headers))).statusCode, 201, JSON.stringify(headers));
  }
});

t.test('Given local mode, When the page was opened by another name of this machine, Then it may write', async (t) => {
  const publicUrl = 'http://127.0.0.1:8080';
  const local = { publicUrl, localMode: true };
  for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080']) {
    const { app } = await buildTestApp(t, { app: local });
    t.equal((await app.inject(start({ origin }))).statusCode, 201, origin);
  }
  for (const origin of ['http://localhost:8081', 'https://localhost:8080', 'http://localhost']) {
    const { app } = await buildTestApp(t, { app: local });
    t.equal((await app.inject(start({ origin }))).statusCode, 403, origin);
  }
  const elsewhere = await buildTestApp(t, { app: { publicUrl, localMode: false } });
  t.equal((await elsewhere.app.inject(start({ origin: 'http://localhost:8080' }))).statusCode, 403);
  const bare = await buildTestApp(t, { app: { publicUrl: 'http://localhost', localMode: true } });
  t.equal((await bare.app.inject(start({ origin: 'http://127.0.0.1' }))).statusCode, 201, 'the default port');
  const remote = await buildTestApp(t, { app: { localMode: true } });
  t.equal((await remote.app.inject(start({ origin: 'http://localhost' }))).statusCode, 403, 'not a loopback server');
});
