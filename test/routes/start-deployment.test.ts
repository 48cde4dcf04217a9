import type { InjectOptions } from 'fastify';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { buildTestApp, LISTED_ORIGIN } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const ID = '01930000-0000-7000-8000-000000000001';

const post = (payload: string | object, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'POST',
  url: '/v1/deployments',
  headers: { 'content-type': 'application/json', ...headers },
  payload,
});

t.test('Given nothing runs, When it is started, Then 201 with the facts that never change', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const response = await app.inject(post({}));
  t.equal(response.statusCode, 201);
  t.equal(response.headers.location, `/v1/deployments/${ID}`);
  t.equal(response.headers['cache-control'], 'no-store');
  t.equal(response.headers['idempotency-replayed'], undefined);
  t.same(response.json(), {
    id: ID,
    created_at: '2026-11-20T09:00:00.000Z',
    links: {
      self: `/v1/deployments/${ID}`,
      pipeline: `/v1/deployments/${ID}/pipeline`,
      logs: `/v1/deployments/${ID}/logs`,
      page: `/d/${ID}`,
    },
    control_token: `control:${ID}`,
  });
  t.match(demo.starts, [{ visitorHash: /^[0-9a-f]{64}$/, idempotency: null, durationMs: null }]);
});

t.test('Given a duration, When it is started, Then it reaches the lifecycle in milliseconds', async (t) => {
  const { app, demo } = await buildTestApp(t);
  t.equal((await app.inject(post({ duration_minutes: 45 }))).statusCode, 201);
  t.equal(demo.starts[0]?.durationMs, 2_700_000);
});

t.test('Given a press on a page, When it is started, Then the lifecycle hears which, without its query', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const origin = LISTED_ORIGIN;
  await app.inject(post({}, { origin, referer: `${origin}/resume?utm=made-up` }));
  await app.inject(post({}, { origin }));
  await app.inject(post({}, { referer: `${origin}/resume` }));
  t.same(
    demo.starts.map(({ referringPage }) => referringPage),
    [`${origin}/resume`, origin, null],
  );
});

t.test('Given a JSON type with parameters, When it is started, Then it is JSON', async (t) => {
  const { app } = await buildTestApp(t);
  t.equal((await app.inject(post('{}', { 'content-type': 'Application/JSON; charset=utf-8' }))).statusCode, 201);
});

t.test(
  'Given a body that is not the agreed one, When it is posted, Then 400 names the field, and nothing starts',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    const cases: [string, string, string][] = [
      ['null', 'body', 'type'],
      ['[]', 'body', 'type'],
      ['"x"', 'body', 'type'],
      ['0', 'body', 'type'],
      ['{"duration_minutes":"45"}', 'duration_minutes', 'type'],
      ['{"duration_minutes":null}', 'duration_minutes', 'type'],
      ['{"duration_minutes":1.5}', 'duration_minutes', 'type'],
      ['{"duration_minutes":0}', 'duration_minutes', 'minimum'],
      ['{"duration_minutes":527041}', 'duration_minutes', 'maximum'],
      ['{"duration_minutes":1e300}', 'duration_minutes', 'maximum'],
      ['{"durationMinutes":45}', 'durationMinutes', 'additionalProperties'],
      [`{"${'x'.repeat(300)}":1}`, 'x'.repeat(100), 'additionalProperties'],
    ];
    for (const [payload, field, rule] of cases) {
      const problem = checkProblem(t, await app.inject(post(payload)), 400, 'VALIDATION_FAILED');
      t.match(problem.errors, [{ field, rule, message: String }], payload.slice(0, 40));
    }
    for (const payload of ['', '{', '{"a":1,}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', '\0', '{}x']) {
      checkProblem(t, await app.inject(post(payload)), 400, 'BODY_INVALID');
    }
    t.same(demo.starts, []);
  },
);

t.test('Given anything that is not JSON, When it is posted, Then 415 says what is taken', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    'x',
    '*/*',
  ];
  for (const type of [...types, 'application/merge-patch+json']) {
    const response = await app.inject(post('{}', { 'content-type': type }));
    checkProblem(t, response, 415, 'UNSUPPORTED_MEDIA_TYPE');
    t.equal(response.headers['accept-post'], 'application/json');
  }
  const untyped = await app.inject({ method: 'POST', url: '/v1/deployments' });
  checkProblem(t, untyped, 415, 'UNSUPPORTED_MEDIA_TYPE');
  t.same(demo.starts, []);
});

t.test('Given a body at the limit, When it is posted, Then it is read; one byte more is 413', async (t) => {
  const { app } = await buildTestApp(t);
  const padded = (bytes: number): string => `{}${' '.repeat(bytes - 2)}`;
  t.equal((await app.inject(post(padded(16_384)))).statusCode, 201);
  checkProblem(t, await app.inject(post(padded(16_385))), 413, 'BODY_TOO_LARGE');
});

t.test('Given a key, When the same comes again, Then the same 201 is answered and says so', async (t) => {
  const { app } = await buildTestApp(t);
  const key = { 'idempotency-key': 'press-1' };
  const first = await app.inject(post({ duration_minutes: 5 }, key));
  const again = await app.inject(post('{ "duration_minutes" : 5.0 }', key));
  t.equal(again.statusCode, 201);
  t.equal(again.headers['idempotency-replayed'], 'true');
  t.equal(again.headers.location, first.headers.location);
  t.same(again.json(), first.json());
  checkProblem(t, await app.inject(post({}, key)), 422, 'IDEMPOTENCY_MISMATCH');
});

t.test('Given another visitor, When he uses the same key, Then it is another key', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const key = { 'idempotency-key': 'press-1' };
  await app.inject({ ...post({}, key), remoteAddress: '192.0.2.1' });
  const other = await app.inject({ ...post({}, key), remoteAddress: '192.0.2.2' });
  checkProblem(t, other, 409, 'ALREADY_RUNNING');
  t.notMatch(other.body, 'control');
  const [one, two] = demo.starts.map(({ idempotency }) => idempotency);
  t.match(one?.key, /^[0-9a-f]{64}$/);
  t.not(one?.key, two?.key);
  t.equal(one?.bodyHash, two?.bodyHash);
});

t.test('Given a key, When it is 255 long it is taken, and longer, empty or unprintable it is refused', async (t) => {
  const { app } = await buildTestApp(t);
  for (const key of ['x'.repeat(256), '', 'é', 'a\tb']) {
    const problem = checkProblem(t, await app.inject(post({}, { 'idempotency-key': key })), 400, 'VALIDATION_FAILED');
    t.match(problem.errors, [{ field: 'idempotency-key' }]);
  }
  t.equal((await app.inject(post({}, { 'idempotency-key': 'x'.repeat(255) }))).statusCode, 201);
});

t.test(
  'Given one runs, When another is started, Then 409 carries it and a time, so that it can be joined',
  async (t) => {
    const { app } = await buildTestApp(t);
    await app.inject(post({}));
    const response = await app.inject(post({}));
    const problem = checkProblem(t, response, 409, 'ALREADY_RUNNING');
    const { body } = await app.inject({ url: '/v1/deployments/current' });
    t.same(problem.deployment, JSON.parse(body));
    t.equal(response.headers['retry-after'], '60');
    t.match(problem.deployment, { id: ID, status: 'queued', retry_after_seconds: 60 });
  },
);

t.test('Given it is too close to the clean-up, When it is started, Then 503 says until when', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.blocked = { reason: 'nightly_window', until: Date.parse('2026-11-20T10:00:00Z'), detail: null };
  const problem = checkProblem(t, await app.inject(post({})), 503, 'NIGHTLY_WINDOW');
  t.equal(problem.until, '2026-11-20T10:00:00.000Z');
});

t.test('Given a duration that the policy refuses, When it is started, Then 422 names the field', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.failure = new DemoError('DURATION_OUT_OF_RANGE', {
    field: 'duration_minutes',
    detail: 'From 1 to 120 minutes.',
  });
  const problem = checkProblem(t, await app.inject(post({ duration_minutes: 500 })), 422, 'DURATION_OUT_OF_RANGE');
  t.match(problem.errors, [{ field: 'duration_minutes', rule: 'duration-out-of-range' }]);
});

t.test('Given crawlers and unfurlers, When they read any address, Then nothing starts', async (t) => {
  const { app, demo } = await buildTestApp(t);
  for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
    for (const url of ['/v1/deployments', '/v1/deployments/current', '/']) await app.inject({ method, url });
  }
  t.same(demo.starts, []);
  t.equal(demo.active, null);
});
