import type { InjectOptions } from 'fastify';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const OTHER = '01930000-0000-7000-8000-000000000002';
const STARTER = { authorization: `Bearer control:${ID}` };
const OWNER = { authorization: 'Bearer owner' };

const setUp = async (test: Parameters<typeof buildTestApp>[0]) => {
  const built = await buildTestApp(test);
  const now = built.clock.now();
  built.demo.active = sampleRecord(ID, {
    createdAt: now,
    controlTokenHash: built.credentials.hash(`control:${ID}`),
    liveAt: now,
    expiresAt: now + 600_000,
    maxExpiresAt: now + 3_600_000,
  });
  return built;
};

const destroy = (id: string, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'DELETE',
  url: `/v1/deployments/${id}`,
  headers,
});

const extend = (expiresAt: unknown, headers: Record<string, string> = STARTER): InjectOptions => ({
  method: 'PATCH',
  url: `/v1/deployments/${ID}`,
  headers: { 'content-type': 'application/json', ...headers },
  payload: JSON.stringify({ expires_at: expiresAt }),
});

t.test('Given the starter’s token, When it is destroyed, Then 202 shows it going down, again and again', async (t) => {
  const { app } = await setUp(t);
  for (let press = 0; press < 2; press += 1) {
    const response = await app.inject(destroy(ID, STARTER));
    t.equal(response.statusCode, 202);
    t.equal(response.headers['cache-control'], 'no-store');
    t.match(response.headers.etag, /^W\/"/);
    t.match(response.json(), { id: ID, status: 'destroying', reason: 'visitor', can_destroy: false });
  }
});

t.test('Given no token or a stranger’s, When it is destroyed, Then 401 or 403 and it lives on', async (t) => {
  const { app, demo } = await setUp(t);
  for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic b3duZXI6' }]) {
    const response = await app.inject(destroy(ID, headers));
    checkProblem(t, response, 401, 'TOKEN_MISSING');
    t.equal(response.headers['www-authenticate'], 'Bearer');
  }
  const foreign = await app.inject(destroy(ID, { authorization: `Bearer control:${OTHER}` }));
  checkProblem(t, foreign, 403, 'TOKEN_FOREIGN');
  t.match(demo.active?.deployment.goal, { direction: 'up' });
});

t.test('Given the owner, When he uses the alias, Then he must say which one he has seen', async (t) => {
  const { app, clock } = await setUp(t);
  const current = '/v1/deployments/current';
  checkProblem(t, await app.inject(destroy('current', OWNER)), 428, 'PRECONDITION_NEEDED');
  for (const tag of ['W/"another"', 'nonsense', '']) {
    checkProblem(t, await app.inject(destroy('current', { ...OWNER, 'if-match': tag })), 412, 'PRECONDITION_FAILED');
  }
  const etag = String((await app.inject({ url: current })).headers.etag);
  clock.advance(5_000);
  const response = await app.inject(destroy('current', { ...OWNER, 'if-match': etag }));
  t.equal(response.statusCode, 202, 'what only the clock changed is the same deployment');
});

t.test('Given the starter, When he names a tag that is old, Then 412', async (t) => {
  const { app } = await setUp(t);
  checkProblem(t, await app.inject(destroy(ID, { ...STARTER, 'if-match': '"old"' })), 412, 'PRECONDITION_FAILED');
});

t.test('Given it is gone already, When it is destroyed, Then 200 with the receipt', async (t) => {
  const { app, demo, credentials } = await setUp(t);
  demo.active = null;
  demo.tombstones.set(ID, sampleTombstone(ID, { controlTokenHash: credentials.hash(`control:${ID}`) }));
  const response = await app.inject(destroy(ID, STARTER));
  t.equal(response.statusCode, 200);
  t.match(response.json(), { id: ID, receipt: { outcome: 'lived' } });
});

t.test('Given nothing runs, When the alias is destroyed, Then 409 names the state', async (t) => {
  const { app } = await buildTestApp(t);
  const problem = checkProblem(t, await app.inject(destroy('current', OWNER)), 409, 'NOTHING_TO_DESTROY');
  t.equal(problem.detail, 'The state is idle.');
  checkProblem(t, await app.inject(destroy(ID, OWNER)), 404, 'NOT_FOUND');
  checkProblem(t, await app.inject(destroy('ACTIVE', OWNER)), 404, 'NOT_FOUND');
});

t.test('Given a later end that is allowed, When it is asked for, Then 200 shows it', async (t) => {
  const { app } = await setUp(t);
  for (const type of [
    'application/json',
    'application/merge-patch+json',
    'application/merge-patch+json; charset=utf-8',
  ]) {
    const response = await app.inject(extend('2026-11-20T10:30:00+01:00', { ...STARTER, 'content-type': type }));
    t.equal(response.statusCode, 200, type);
    t.equal(response.json().expires_at, '2026-11-20T09:30:00.000Z');
    t.match(response.headers.etag, /^W\/"/);
  }
  t.equal((await app.inject(extend('2026-11-20T10:00:00Z'))).statusCode, 200, 'the latest possible end');
});

t.test('Given an end that is past or too late, When it is asked for, Then 422 names the latest', async (t) => {
  const { app, demo } = await setUp(t);
  for (const expiresAt of [
    '2026-11-20T10:00:00.001Z',
    '2026-11-20T09:00:00Z',
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ]) {
    const problem = checkProblem(t, await app.inject(extend(expiresAt)), 422, 'EXPIRY_OUT_OF_RANGE');
    t.equal(problem.until, '2026-11-20T10:00:00.000Z');
    t.match(problem.errors, [{ field: 'expires_at' }]);
  }
  t.equal(demo.active?.deployment.version, 1, 'nothing was written');
});

t.test('Given an end that is no instant with a zone, When it is asked for, Then 400', async (t) => {
  const { app } = await setUp(t);
  const texts = ['', 'tomorrow', '2026-11-20', '2026-11-20T09:30:00', '2026-11-20 09:30:00Z', '2026-02-30T00:00:00Z'];
  const odd = [
    '2026-11-20T23:59:60Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20t09:30:00z',
    '+012026-11-20T09:30:00Z',
    '1795167000000',
  ];
  for (const expiresAt of [...texts, ...odd, 1795167000000, null, true, {}, ['2026-11-20T09:30:00Z']]) {
    const problem = checkProblem(t, await app.inject(extend(expiresAt)), 400, 'VALIDATION_FAILED');
    t.match(problem.errors, [{ field: 'expires_at' }], JSON.stringify(expiresAt));
  }
  for (const payload of ['{}', '[]', 'null', '{"expires_at":"2026-11-20T09:30:00Z","status":"live"}']) {
    checkProblem(t, await app.inject({ ...extend(''), payload }), 400, 'VALIDATION_FAILED');
  }
  const untyped = await app.inject({ ...extend(''), headers: { ...STARTER, 'content-type': 'text/plain' } });
  checkProblem(t, untyped, 415, 'UNSUPPORTED_MEDIA_TYPE');
  t.equal(untyped.headers['accept-patch'], 'application/json, application/merge-patch+json');
});

t.test('Given one that is not live, When another end is asked for, Then 409', async (t) => {
  const { app, demo } = await setUp(t);
  demo.active = sampleRecord(ID, { controlTokenHash: `hash:control:${ID}` });
  checkProblem(t, await app.inject(extend('2026-11-20T09:30:00Z')), 409, 'NOT_EXTENDABLE');
  checkProblem(t, await app.inject(extend('2026-11-20T09:30:00Z', {})), 401, 'TOKEN_MISSING');
});

t.test('Given no token, When the body is wrong as well, Then a stranger is only told that he is one', async (t) => {
  const { app } = await setUp(t);
  for (const method of ['DELETE', 'PATCH'] as const) {
    const sent = {
      method,
      url: `/v1/deployments/${ID}`,
      headers: { 'content-type': 'application/json' },
      payload: '{x',
    };
    checkProblem(t, await app.inject(sent), 401, 'TOKEN_MISSING');
    const known = { ...sent, headers: { ...sent.headers, ...OWNER } };
    checkProblem(t, await app.inject(known), 400, 'BODY_INVALID');
  }
});
