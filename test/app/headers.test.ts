import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';

t.test('Given any answer, When it leaves, Then it carries the security headers', async (t) => {
  const { app } = await buildTestApp(t);
  for (const url of ['/v1/deployments/current', '/livez', '/nope', '/v1/%zz', '/openapi.json']) {
    const { headers } = await app.inject({ url });
    t.match(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", url);
    t.equal(headers['x-content-type-options'], 'nosniff');
    t.equal(headers['referrer-policy'], 'no-referrer');
    t.equal(headers['strict-transport-security'], 'max-age=63072000');
  }
});

t.test('Given a public URL without TLS, When it answers, Then it does not ask for TLS', async (t) => {
  const { app } = await buildTestApp(t, { app: { publicUrl: 'http://127.0.0.1:8080' } });
  t.equal((await app.inject({ url: '/livez' })).headers['strict-transport-security'], undefined);
});

t.test('Given a page with a policy of its own, When it is asked for, Then that one is sent', async (t) => {
  const pages = async (app: FastifyInstance): Promise<void> => {
    app.get('/', async (_request, reply) => reply.header('Content-Security-Policy', "script-src 'self'").send('page'));
  };
  const { app } = await buildTestApp(t, { pages });
  t.equal((await app.inject({ url: '/' })).headers['content-security-policy'], "script-src 'self'");
});

t.test('Given a request id of the client’s, When it is sent, Then ours is used everywhere', async (t) => {
  const { app, lines } = await buildTestApp(t);
  const sent = { 'x-request-id': 'forged', 'request-id': 'forged' };
  const { headers } = await app.inject({ method: 'DELETE', url: '/v1/deployments/current', headers: sent });
  t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/);
  t.match(lines, [{ msg: 'request.answered', requestId: headers['x-request-id'] }]);
});

t.test('Given requests, When they are answered, Then one line each, without address, URL or noise', async (t) => {
  const { app, lines } = await buildTestApp(t);
  const from = { remoteAddress: '198.51.100.7' };
  await app.inject({ ...from, url: '/v1/deployments/current' });
  await app.inject({ ...from, url: '/nope?token=a-known-secret-value' });
  await app.inject({ ...from, method: 'POST', url: '/v1/deployments', payload: {} });
  t.match(lines, [
    { level: 'debug', method: 'GET', route: '/v1/deployments/:id', status: 200 },
    { level: 'info', method: 'GET', route: 'unmatched', status: 404 },
    { level: 'info', method: 'POST', route: '/v1/deployments', status: 201, visitor: /^[0-9a-f]{12}$/ },
  ]);
  t.equal(lines.length, 3);
  t.notMatch(JSON.stringify(lines), '198.51.100.7');
  t.notMatch(JSON.stringify(lines), 'a-known-secret-value');
});
