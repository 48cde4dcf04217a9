import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { samplePipeline, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const CURRENT = '/v1/deployments/current';

/** Every member of the public view, and no other. */
const MEMBERS = [
  ...['id', 'status', 'reason', 'created_at', 'elapsed_seconds', 'stages', 'progress', 'eta', 'live_url', 'live_at'],
  ...['link_failing_since', 'expires_at', 'max_expires_at', 'expires_in_seconds', 'can_deploy', 'can_destroy'],
  ...['can_extend', 'blocked_reason', 'blocked_detail', 'retry_after_seconds', 'cost_so_far_usd', 'version', 'receipt'],
];

t.test('Given nothing runs, When the alias is read, Then 200 says idle', async (t) => {
  const { app } = await buildTestApp(t);
  const response = await app.inject({ url: CURRENT });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['cache-control'], 'no-cache');
  t.same(Object.keys(response.json()), MEMBERS);
  t.match(response.json(), { id: null, status: 'idle', can_deploy: true, blocked_reason: null, receipt: null });
});

t.test('Given a start is blocked, When the alias is read, Then it says why and for how long', async (t) => {
  const { app, demo, clock } = await buildTestApp(t);
  demo.blocked = { reason: 'nightly_window', until: clock.now() + 90_000, detail: 'x' };
  const expected = {
    can_deploy: false,
    blocked_reason: 'nightly_window',
    blocked_detail: 'x',
    retry_after_seconds: 90,
  };
  t.match((await app.inject({ url: CURRENT })).json(), expected);
});

t.test('Given a live demo, When it is read by id or alias, Then both are the same view with ISO times', async (t) => {
  const { app, demo, clock } = await buildTestApp(t);
  const now = clock.now();
  const record = sampleRecord(ID, {
    createdAt: now - 600_000,
    liveAt: now - 60_000,
    liveUrl: 'https://live.example',
    expiresAt: now + 600_000,
    maxExpiresAt: now + 3_600_000,
  });
  demo.active = { ...record, observation: { ...record.observation, applyPipeline: samplePipeline(7) } };
  const byId = await app.inject({ url: `/v1/deployments/${ID}` });
  t.same((await app.inject({ url: CURRENT })).json(), byId.json());
  t.match(byId.json(), {
    id: ID,
    status: 'live',
    reason: 'healthy',
    created_at: '2026-11-20T08:50:00.000Z',
    elapsed_seconds: 600,
    live_url: 'https://live.example',
    live_at: '2026-11-20T08:59:00.000Z',
    expires_at: '2026-11-20T09:10:00.000Z',
    max_expires_at: '2026-11-20T10:00:00.000Z',
    expires_in_seconds: 600,
    can_destroy: true,
    can_extend: true,
    blocked_reason: 'running',
    stages: [{ name: 'deploy', direction: 'apply', state: 'running', finished_at: null, expected_seconds: null }],
  });
  t.notMatch(byId.body, /visitor_?hash|token|gitlab|c0ffee/i);
});

t.test('Given it is gone, When its permalink is read, Then the receipt is there', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.tombstones.set(ID, sampleTombstone(ID));
  t.match((await app.inject({ url: `/v1/deployments/${ID}` })).json(), {
    id: ID,
    status: 'idle',
    reason: 'expired',
    can_deploy: false,
    receipt: {
      outcome: 'lived',
      gone_at: '2026-11-24T04:30:00.000Z',
      first_empty_at: '2026-11-24T04:24:00.000Z',
      second_empty_at: '2026-11-24T04:30:00.000Z',
      cost_usd: 0.27,
      destroy_attempts: 1,
      sample: false,
    },
  });
  demo.tombstones.set(ID, sampleTombstone(ID, { gone: { kind: 'never-built', at: 0 }, sample: true }));
  const receipt = { first_empty_at: null, second_empty_at: null, sample: true };
  t.match((await app.inject({ url: `/v1/deployments/${ID}` })).json(), { receipt });
});

t.test('Given a tag, When only the clock has moved, Then 304 without a body; when a fact has, Then 200', async (t) => {
  const { app, demo, clock } = await buildTestApp(t);
  demo.active = sampleRecord(ID);
  const first = await app.inject({ url: CURRENT });
  const headers = { 'if-none-match': String(first.headers.etag) };
  clock.advance(30_000);
  const same = await app.inject({ url: CURRENT, headers });
  t.equal(same.statusCode, 304);
  t.equal(same.body, '');
  t.equal(same.headers.etag, first.headers.etag);
  t.equal(same.headers['cache-control'], 'no-cache');
  t.equal((await app.inject({ method: 'HEAD', url: CURRENT, headers })).statusCode, 304);
  demo.active = sampleRecord(ID, { liveAt: clock.now() });
  const changed = await app.inject({ url: CURRENT, headers });
  t.equal(changed.statusCode, 200);
  t.not(changed.headers.etag, first.headers.etag);
});

t.test('Given tags in any form, When the current one is named, Then 304, and 200 for every other', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.active = sampleRecord(ID);
  const etag = String((await app.inject({ url: CURRENT })).headers.etag);
  t.match(etag, /^W\/"[\w-]{22}"$/, 'it is weak');
  const strong = etag.replace('W/', '');
  for (const seen of ['*', ' * ', etag, strong, `"x", ${etag}`, `${strong},W/"y,z"`, `W/"x",\t${etag} ,"y"`]) {
    t.equal((await app.inject({ url: CURRENT, headers: { 'if-none-match': seen } })).statusCode, 304, seen);
  }
  for (const seen of [
    '',
    'W/',
    'x',
    strong.slice(1, -1),
    `"${etag}"`,
    strong.toLowerCase(),
    '**',
    '"*"',
    etag.slice(0, -1),
  ]) {
    t.equal((await app.inject({ url: CURRENT, headers: { 'if-none-match': seen } })).statusCode, 200, seen);
  }
  t.equal((await app.inject({ url: `/v1/deployments/${ID}`, headers: { 'if-none-match': etag } })).statusCode, 304);
});

t.test('Given the receipt of what is gone, When its tag is named, Then 304; an unknown id stays a 404', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const url = `/v1/deployments/${ID}`;
  checkProblem(t, await app.inject({ url, headers: { 'if-none-match': '*' } }), 404, 'NOT_FOUND');
  demo.tombstones.set(ID, sampleTombstone(ID));
  const etag = String((await app.inject({ url })).headers.etag);
  t.equal((await app.inject({ url, headers: { 'if-none-match': etag } })).statusCode, 304);
});

t.test('Given a wait without a tag, When it is read, Then it is answered at once', async (t) => {
  const { app } = await buildTestApp(t);
  const response = await app.inject({ url: CURRENT, headers: { prefer: 'wait=20' } });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['preference-applied'], undefined);
});

t.test('Given HEAD, When a view is asked for, Then the headers of GET come without a body', async (t) => {
  const { app } = await buildTestApp(t);
  const get = await app.inject({ url: CURRENT });
  const head = await app.inject({ method: 'HEAD', url: CURRENT });
  t.equal(head.statusCode, 200);
  t.equal(head.body, '');
  t.equal(head.headers.etag, get.headers.etag);
  t.equal(head.headers['content-length'], get.headers['content-length']);
});

t.test(
  'Given an id that is unknown or none, When it is read, Then 404, and only real ids reach the store',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    checkProblem(t, await app.inject({ url: `/v1/deployments/${ID}` }), 404, 'NOT_FOUND');
    demo.failure = new Error('the store was asked');
    for (const id of [
      'ACTIVE',
      'CURRENT',
      'dead%231',
      '__proto__',
      'idem%23x',
      '%00',
      ID.toUpperCase().replace('0', 'A'),
      `${ID}0`,
    ]) {
      checkProblem(t, await app.inject({ url: `/v1/deployments/${id}` }), 404, 'NOT_FOUND');
    }
  },
);

t.test('Given nothing has changed, Then the 304 says nothing of a body that it does not have', async (t) => {
  const { app } = await buildTestApp(t);
  const { headers } = await app.inject({ url: '/v1/deployments/current' });
  const again = await app.inject({
    url: '/v1/deployments/current',
    headers: { 'if-none-match': String(headers.etag) },
  });
  t.equal(again.statusCode, 304);
  t.equal(again.body, '');
  t.equal(again.headers['content-length'], undefined);
  t.equal(again.headers['content-type'], undefined);
});
