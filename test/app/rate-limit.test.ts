import type { FastifyInstance, InjectOptions } from 'fastify';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const LIMIT = { perSecond: 5, burst: 10, readFactor: 10 };
const WRITE: InjectOptions = { method: 'DELETE', url: '/v1/deployments/current' };
const READ: InjectOptions = { url: '/v1/deployments/current' };

/** Sends so many and answers with how many were not refused. */
const passed = async (app: FastifyInstance, count: number, request: InjectOptions): Promise<number> => {
  const responses = await Promise.all(Array.from({ length: count }, () => app.inject(request)));
  return responses.filter(({ statusCode }) => statusCode !== 429).length;
};

t.test(
  'Given 5 per second and a burst of 10, When an 11th write follows, Then 429; a second later 5 pass',
  async (t) => {
    const { app, clock } = await buildTestApp(t, { app: { rateLimit: LIMIT } });
    t.equal(await passed(app, 10, WRITE), 10);
    const response = await app.inject(WRITE);
    const problem = checkProblem(t, response, 429, 'RATE_LIMITED');
    t.equal(response.headers['retry-after'], '1');
    t.equal(problem.retry_after_seconds, 1);
    t.match(response.headers, { 'ratelimit-limit': '10', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' });
    clock.advance(1_000);
    t.equal(await passed(app, 20, WRITE), 5);
  },
);

t.test('Given writes that are used up, When somebody reads, Then reads have ten times that of their own', async (t) => {
  const { app, clock } = await buildTestApp(t, { app: { rateLimit: LIMIT } });
  t.equal(await passed(app, 11, WRITE), 10);
  t.equal(await passed(app, 120, READ), 100);
  clock.advance(1_000);
  t.equal(await passed(app, 120, READ), 50);
  const head = await app.inject({ method: 'HEAD', url: '/v1/deployments/current' });
  t.equal(head.statusCode, 429, 'HEAD counts as a read');
});

t.test('Given addresses that do not exist, When they are asked for, Then they count as well', async (t) => {
  const { app } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 2 } } });
  checkProblem(t, await app.inject({ url: '/nope' }), 404, 'ROUTE_NOT_FOUND');
  checkProblem(t, await app.inject({ url: '/v1/nope' }), 404, 'ROUTE_NOT_FOUND');
  checkProblem(t, await app.inject({ url: '/nope' }), 429, 'RATE_LIMITED');
  checkProblem(t, await app.inject({ method: 'POST', url: '/nope' }), 404, 'ROUTE_NOT_FOUND');
  checkProblem(t, await app.inject({ method: 'PUT', url: '/livez' }), 429, 'RATE_LIMITED');
});

t.test('Given probes and static pages, When they are asked for, Then they are never counted', async (t) => {
  const pages = async (app: FastifyInstance): Promise<void> => {
    app.get('/', { config: { rateLimit: false } }, async () => 'page');
  };
  const { app, health } = await buildTestApp(t, {
    app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 1 } },
    pages,
  });
  await health.refresh();
  for (const url of ['/', '/livez', '/readyz', '/', '/livez', '/readyz']) {
    const { statusCode, headers } = await app.inject({ url });
    t.equal(statusCode, 200, url);
    t.equal(headers['ratelimit-limit'], undefined);
    t.equal((await app.inject({ method: 'HEAD', url })).statusCode, 200, `HEAD ${url}`);
  }
  t.equal(await passed(app, 3, { url: '/healthz' }), 1);
});

t.test('Given a refused write, When its body is broken or too large, Then it was not even read', async (t) => {
  const { app } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 1 } } });
  const huge: InjectOptions = { method: 'POST', url: '/v1/deployments', payload: { x: 'x'.repeat(20_000) } };
  checkProblem(t, await app.inject(huge), 413, 'BODY_TOO_LARGE');
  checkProblem(t, await app.inject(huge), 429, 'RATE_LIMITED');
});

t.test('Given two clients, When one is refused, Then the other is not', async (t) => {
  const { app } = await buildTestApp(t, { app: { rateLimit: LIMIT } });
  t.equal(await passed(app, 11, { ...WRITE, remoteAddress: '192.0.2.1' }), 10);
  t.equal(await passed(app, 11, { ...WRITE, remoteAddress: '192.0.2.2' }), 10);
  t.equal(await passed(app, 11, { ...WRITE, remoteAddress: '2001:db8:1:2::1' }), 10);
  t.equal(await passed(app, 11, { ...WRITE, remoteAddress: '2001:db8:1:2::2' }), 0, 'the same /64');
});

t.test('Given a spoofed X-Forwarded-For, When a client is refused, Then it buys no fresh bucket', async (t) => {
  const spoofed = (index: number, remoteAddress: string): InjectOptions => ({
    ...WRITE,
    remoteAddress,
    headers: {
      'x-forwarded-for': `203.0.113.${index}`,
      forwarded: `for=203.0.113.${index}`,
      'x-real-ip': '203.0.113.1',
    },
  });
  for (const clientIpSource of [{ kind: 'socket' }, { kind: 'forwarded', trusted: '10.0.0.0/8' }] as const) {
    const { app } = await buildTestApp(t, { app: { rateLimit: LIMIT, clientIpSource } });
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      statuses.push((await app.inject(spoofed(index, '192.0.2.1'))).statusCode);
    }
    t.equal(statuses.filter((status) => status !== 429).length, 10, clientIpSource.kind);
  }
});

t.test(
  'Given a trusted proxy, When a client writes its own hops before it, Then its real address counts',
  async (t) => {
    const clientIpSource = { kind: 'forwarded', trusted: '10.0.0.0/8' } as const;
    const { app } = await buildTestApp(t, { app: { rateLimit: LIMIT, clientIpSource } });
    const through = (index: number, real: string): InjectOptions => ({
      ...WRITE,
      remoteAddress: '10.0.0.1',
      headers: { 'x-forwarded-for': `203.0.113.${index}, ${real}` },
    });
    for (let index = 0; index < 10; index += 1) await app.inject(through(index, '198.51.100.7'));
    t.equal((await app.inject(through(99, '198.51.100.7'))).statusCode, 429);
    t.equal((await app.inject(through(99, '198.51.100.8'))).statusCode, 401, 'another visitor behind the same proxy');
  },
);

t.test('Given a limit of a million, When requests come, Then it is announced and kept', async (t) => {
  const { app } = await buildTestApp(t, {
    app: { rateLimit: { perSecond: 1_000_000, burst: 1_000_000, readFactor: 10 } },
  });
  t.match((await app.inject(WRITE)).headers, { 'ratelimit-limit': '1000000', 'ratelimit-remaining': '999999' });
  t.match((await app.inject(READ)).headers, { 'ratelimit-limit': '10000000', 'ratelimit-remaining': '9999999' });
});
