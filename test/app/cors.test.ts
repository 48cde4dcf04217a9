import t from 'tap';
import { buildTestApp, LISTED_ORIGIN, PUBLIC_URL } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const preflight = (origin: string, method = 'POST', headers = 'content-type') => ({
  method: 'OPTIONS' as const,
  url: '/v1/deployments',
  headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
});

t.test(
  'Given a listed origin or our own, When it reads, Then it is named exactly and answers vary by it',
  async (t) => {
    const { app } = await buildTestApp(t);
    for (const origin of [LISTED_ORIGIN, PUBLIC_URL]) {
      const { headers } = await app.inject({ url: '/v1/deployments/current', headers: { origin } });
      t.equal(headers['access-control-allow-origin'], origin);
      t.equal(headers.vary, 'Origin');
      const exposed = String(headers['access-control-expose-headers']).split(', ');
      const wanted = ['Location', 'ETag', 'Retry-After', 'Idempotency-Replayed', 'Preference-Applied', 'Date'];
      for (const name of [...wanted, 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']) {
        t.ok(exposed.includes(name), `${name} can be read`);
      }
      t.equal(headers['access-control-allow-credentials'], undefined);
    }
  },
);

t.test('Given an unlisted origin, When it reads, Then it is never named and answers still vary', async (t) => {
  const { app } = await buildTestApp(t, { app: { allowedOrigins: [LISTED_ORIGIN, 'null', '*'] } });
  const lookalikes = [`${LISTED_ORIGIN}.evil.example`, 'https://evil-resume.example', 'http://resume.example'];
  const others = [`${LISTED_ORIGIN}:8443`, LISTED_ORIGIN.toUpperCase(), `${LISTED_ORIGIN}/`, 'null', '*', ''];
  for (const origin of [...lookalikes, ...others]) {
    const { statusCode, headers } = await app.inject({ url: '/v1/deployments/current', headers: { origin } });
    t.equal(statusCode, 200);
    t.equal(headers['access-control-allow-origin'], undefined, `${origin} is not named`);
    t.equal(headers.vary, 'Origin');
  }
});

t.test('Given any answer, When there is no Origin or an error, Then it varies by it all the same', async (t) => {
  const { app } = await buildTestApp(t);
  for (const url of ['/livez', '/nope', '/v1/%zz', '/v1/deployments?limit=0', '/openapi.json']) {
    t.equal((await app.inject({ url })).headers.vary, 'Origin', url);
  }
});

t.test('Given a listed origin, When its browser asks beforehand, Then all that the API needs is allowed', async (t) => {
  const { app } = await buildTestApp(t);
  for (const method of ['POST', 'PATCH', 'DELETE', 'GET']) {
    const { statusCode, headers, body } = await app.inject(preflight(LISTED_ORIGIN, method));
    t.equal(statusCode, 204);
    t.equal(body, '');
    t.equal(headers['access-control-allow-origin'], LISTED_ORIGIN);
    t.ok(String(headers['access-control-allow-methods']).split(', ').includes(method));
    t.equal(headers['access-control-max-age'], '7200');
    t.equal(
      headers['access-control-allow-headers'],
      'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer',
    );
  }
});

t.test('Given an unlisted origin, When its browser asks beforehand, Then it is refused', async (t) => {
  const { app } = await buildTestApp(t);
  for (const origin of ['https://evil.example', 'null']) {
    const response = await app.inject(preflight(origin));
    checkProblem(t, response, 403, 'ORIGIN_REFUSED');
    t.equal(response.headers['access-control-allow-origin'], undefined);
  }
});

t.test('Given a plain OPTIONS, When no browser asks, Then it is no address’s method', async (t) => {
  const { app } = await buildTestApp(t);
  const response = await app.inject({ method: 'OPTIONS', url: '/v1/deployments' });
  checkProblem(t, response, 405, 'METHOD_NOT_ALLOWED');
  t.equal(response.headers.allow, 'GET, HEAD, POST');
});
