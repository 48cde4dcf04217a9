import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const VIEW = { url: '/v1/deployments/current' };

t.test('Given an unknown address, When it is asked for, Then 404 as a problem', async (t) => {
  const { app } = await buildTestApp(t);
  const problem = checkProblem(t, await app.inject({ url: '/nope?secret=1' }), 404, 'ROUTE_NOT_FOUND');
  t.equal(problem.instance, '/nope', 'without the query');
  const long = checkProblem(t, await app.inject({ url: `/${'x'.repeat(2_000)}` }), 404, 'ROUTE_NOT_FOUND');
  t.equal(String(long.instance).length, 512);
});

t.test('Given a known address, When the method is another one, Then 405 names those that are taken', async (t) => {
  const { app } = await buildTestApp(t);
  const cases = [
    ['PUT', '/v1/deployments', 'GET, HEAD, POST'],
    ['POST', `/v1/deployments/${ID}`, 'DELETE, GET, HEAD, PATCH'],
    ['DELETE', `/v1/deployments/${ID}/logs?job=1`, 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['GET', '/v1/switch', 'PUT'],
  ] as const;
  for (const [method, url, allow] of cases) {
    const response = await app.inject({ method, url });
    checkProblem(t, response, 405, 'METHOD_NOT_ALLOWED');
    t.equal(response.headers.allow, allow);
  }
  checkProblem(t, await app.inject({ method: 'POST', url: '/v1/deployments/a/b/c' }), 404, 'ROUTE_NOT_FOUND');
});

t.test(
  'Given a URL that cannot be read, When it is asked for, Then 400 or 414, complete with its headers',
  async (t) => {
    const { app } = await buildTestApp(t);
    const bad = await app.inject({ url: '/v1/deployments/%E0%A4%A' });
    checkProblem(t, bad, 400, 'URL_INVALID');
    t.match(bad.headers, { 'x-content-type-options': 'nosniff', vary: 'Origin' });
    checkProblem(t, await app.inject({ url: `/v1/deployments/${'x'.repeat(101)}` }), 414, 'URL_TOO_LONG');
    checkProblem(t, await app.inject({ url: `/v1/deployments/${'x'.repeat(100)}` }), 404, 'NOT_FOUND');
  },
);

t.test(
  'Given an unexpected error, When it reaches the edge, Then nothing of it is said, and it is logged once',
  async (t) => {
    const { app, demo, lines } = await buildTestApp(t);
    demo.failure = new TypeError('secret internal thing a-known-secret-value');
    const response = await app.inject(VIEW);
    const problem = checkProblem(t, response, 500, 'INTERNAL');
    t.notMatch(response.body, 'secret internal thing');
    t.same(Object.keys(problem).toSorted(), ['code', 'detail', 'instance', 'request_id', 'status', 'title', 'type']);
    const failed = lines.filter(({ msg }) => msg === 'request.failed');
    t.match(failed, [{ level: 'error', requestId: problem.request_id, err: { type: 'TypeError' } }]);
    t.equal(failed.length, 1);
    t.notMatch(JSON.stringify(lines), 'a-known-secret-value');
    t.match(JSON.stringify(lines), 'secret internal thing');
  },
);

t.test('Given an error of the domain that is our own fault, When it is thrown, Then it is a plain 500', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.failure = new DemoError('OUTPUTS_INVALID', { detail: 'internal' });
  t.equal(checkProblem(t, await app.inject(VIEW), 500, 'INTERNAL').detail, 'It is logged under the request id.');
});

t.test('Given something thrown that is no error, When it reaches the edge, Then it is a 500 as well', async (t) => {
  const pages = async (app: FastifyInstance): Promise<void> => {
    app.get('/odd', async () => {
      throw 'a string';
    });
    app.get('/teapot', async () => {
      throw Object.assign(new Error('short and stout'), { statusCode: 418 });
    });
  };
  const { app } = await buildTestApp(t, { pages });
  checkProblem(t, await app.inject({ url: '/odd' }), 500, 'INTERNAL');
  const teapot = await app.inject({ url: '/teapot' });
  checkProblem(t, teapot, 400, 'REQUEST_INVALID');
  t.notMatch(teapot.body, 'stout');
});

t.test('Given a store that is out of reach, When it is needed, Then 503 with a time to come back', async (t) => {
  const { app, demo, lines } = await buildTestApp(t);
  demo.failure = new DemoError('STORE_UNAVAILABLE', { cause: new Error('ECONNREFUSED 10.1.2.3') });
  const response = await app.inject(VIEW);
  const problem = checkProblem(t, response, 503, 'STORE_UNAVAILABLE');
  t.equal(response.headers['retry-after'], '5');
  t.equal(problem.retry_after_seconds, 5);
  t.notMatch(response.body, 'ECONNREFUSED');
  t.match(lines, [
    { msg: 'request.unavailable', level: 'warn' },
    { msg: 'request.answered', level: 'debug' },
  ]);
});

t.test(
  'Given a domain error with data, When it is thrown, Then field, times and state are in the problem',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    const until = Date.parse('2026-11-25T03:00:00Z');
    demo.failure = new DemoError('NIGHTLY_WINDOW', { until, retryAfterSeconds: 61.2, field: 'when', detail: 'Later.' });
    const nightly = await app.inject(VIEW);
    t.match(checkProblem(t, nightly, 503, 'NIGHTLY_WINDOW'), {
      until: '2026-11-25T03:00:00.000Z',
      retry_after_seconds: 62,
      detail: 'Later.',
      errors: [{ field: 'when', rule: 'nightly-window', message: 'Later.' }],
    });
    t.equal(nightly.headers['retry-after'], '62');
    demo.failure = new DemoError('NOTHING_TO_DESTROY', { tombstone: sampleTombstone(ID) });
    t.match(checkProblem(t, await app.inject(VIEW), 409, 'NOTHING_TO_DESTROY'), { deployment: { id: ID } });
  },
);

t.test('Given a state that cannot be shown, When a refusal is about it, Then the refusal stands alone', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const broken = async (): Promise<never> => {
    throw new DemoError('STORE_UNAVAILABLE');
  };
  Object.assign(demo.views, { ofRecord: broken, ofTombstone: broken });
  demo.failure = new DemoError('ALREADY_RUNNING', { holder: sampleRecord(ID) });
  const running = checkProblem(t, await app.inject(VIEW), 409, 'ALREADY_RUNNING');
  t.match(running, { retry_after_seconds: 60, deployment: undefined });
  demo.failure = new DemoError('NOTHING_TO_DESTROY', { tombstone: sampleTombstone(ID) });
  t.equal(checkProblem(t, await app.inject(VIEW), 409, 'NOTHING_TO_DESTROY').deployment, undefined);
});

t.test('Given the type of a problem, When somebody follows it, Then it is explained', async (t) => {
  const { app } = await buildTestApp(t);
  const response = await app.inject({ url: '/problems/already-running' });
  t.equal(response.statusCode, 200);
  t.match(response.headers['content-type'], /^text\/plain/);
  t.match(response.body, /ALREADY_RUNNING\nHTTP 409\n\nA demo is already running\.\nRetry-After/);
  t.notMatch((await app.inject({ url: '/problems/bad-cursor' })).body, 'Retry-After');
  checkProblem(t, await app.inject({ url: '/problems/nope' }), 404, 'ROUTE_NOT_FOUND');
});

t.test('Given a handler that does not come back, When its time is up, Then 503 says to try again', async (t) => {
  const pages = async (app: FastifyInstance): Promise<void> => {
    app.get('/slow', { handlerTimeout: 5 }, () => new Promise(() => undefined));
  };
  const { app } = await buildTestApp(t, { pages });
  const response = await app.inject({ url: '/slow' });
  checkProblem(t, response, 503, 'TIMEOUT');
  t.equal(response.headers['retry-after'], '5');
});

t.test('Given the server’s own limits, When it is built, Then each is set', async (t) => {
  const { app } = await buildTestApp(t);
  t.match(app.initialConfig, { bodyLimit: 16_384, requestTimeout: 15_000, forceCloseConnections: 'idle' });
  t.match(app.initialConfig, { handlerTimeout: 12_000 });
  t.match(app.server, { requestTimeout: 15_000, keepAliveTimeout: 72_000 }, 'and the server has them');
});
