import t from 'tap';
import { createMetrics } from '../../src/metrics.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const OWNER = { authorization: 'Bearer owner' };

t.test('Given the owner, When the figures are read, Then they are there in the format of Prometheus', async (t) => {
  const { app, health, heldReads, demo, clock } = await buildTestApp(t);
  await health.refresh();
  const view = await demo.views.view({ kind: 'current' });
  if (view === null) throw new Error('the alias always answers');
  heldReads.hold({ target: { kind: 'current' }, view, client: 'somebody', untilMs: clock.monotonicMs() + 1_000 });
  const response = await app.inject({ url: '/metrics', headers: OWNER });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  t.equal(response.headers['cache-control'], 'no-store');
  t.match(response.body, /^demo_dependency_up\{name="store"\} 1$/m);
  t.match(response.body, /^demo_http_waiting_reads 1$/m);
  t.match(response.body, /^demo_build_info\{version="1\.2\.3"\} 1$/m);
  const head = await app.inject({ method: 'HEAD', url: '/metrics', headers: OWNER });
  t.same([head.statusCode, head.body], [200, '']);
});

t.test('Given anybody else, When the figures are asked for, Then 401 or 403, and nothing is told', async (t) => {
  const { app } = await buildTestApp(t);
  for (const authorization of [undefined, '', 'Bearer', 'Bearer a-guess', 'Basic owner', 'owner', 'Bearer owner x']) {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await app.inject({ url: '/metrics', headers });
    checkProblem(t, response, 401, 'TOKEN_MISSING');
    t.equal(response.headers['www-authenticate'], 'Bearer');
    t.notMatch(response.body, 'demo_');
  }
  const starter = await app.inject({ url: '/metrics', headers: { authorization: `Bearer control:${ID}` } });
  checkProblem(t, starter, 403, 'OWNER_NEEDED');
  t.equal((await app.inject({ method: 'HEAD', url: '/metrics' })).statusCode, 401);
});

t.test(
  'Given requests of strangers, When they are counted, Then by pattern, and never by what was typed',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    demo.active = sampleRecord(ID);
    const from = { remoteAddress: '198.51.100.7' };
    await app.inject({ ...from, url: `/v1/deployments/${ID}?x=private` });
    await app.inject({ ...from, url: '/v1/deployments/private' });
    await app.inject({ ...from, url: '/private', headers: { authorization: 'Bearer private' } });
    await app.inject({ ...from, method: 'POST', url: '/v1/deployments', payload: {} });
    const { body } = await app.inject({ url: '/metrics', headers: OWNER });
    const counted = body.split('\n').filter((line) => line.startsWith('demo_http_requests_total'));
    t.same(counted, [
      'demo_http_requests_total{method="GET",route="/v1/deployments/:id",status="200"} 1',
      'demo_http_requests_total{method="GET",route="/v1/deployments/:id",status="404"} 1',
      'demo_http_requests_total{method="GET",route="unmatched",status="404"} 1',
      'demo_http_requests_total{method="POST",route="/v1/deployments",status="409"} 1',
    ]);
    t.notMatch(body, /private|198\.51|0193|owner/);
  },
);

t.test(
  'Given a read that was held, When it is counted, Then its duration is not, since the client chose it',
  async (t) => {
    const { app, timers } = await buildTestApp(t);
    const url = '/v1/deployments/current';
    const seen = String((await app.inject({ url })).headers.etag);
    const answering = app.inject({ url, headers: { prefer: 'wait=20', 'if-none-match': seen } });
    await timers.advance(20_000);
    t.equal((await answering).statusCode, 304);
    const { body } = await app.inject({ url: '/metrics', headers: OWNER });
    t.match(body, /^demo_http_requests_total\{method="GET",route="\/v1\/deployments\/:id",status="304"\} 1$/m);
    t.match(body, /^demo_http_request_duration_seconds_count\{method="GET",route="\/v1\/deployments\/:id"\} 1$/m);
  },
);

t.test(
  'Given the figures are read often, When the store is watched, Then nobody asked it; and reads are limited',
  async (t) => {
    let asked = 0;
    const check = async (): Promise<undefined> => {
      asked += 1;
    };
    const { app, health } = await buildTestApp(t, {
      health: { checks: [{ name: 'store', critical: true, check }] },
      app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 5 } },
    });
    await health.refresh();
    for (let times = 0; times < 5; times += 1) {
      t.equal((await app.inject({ url: '/metrics', headers: OWNER })).statusCode, 200);
    }
    checkProblem(t, await app.inject({ url: '/metrics', headers: OWNER }), 429, 'RATE_LIMITED');
    t.equal(asked, 1, 'by the check before');
  },
);

t.test(
  'Given the process is watched too, When its figures are read, Then memory and event loop are there',
  async (t) => {
    const metrics = createMetrics({
      version: '1.2.3',
      sources: {
        report: () => ({
          isDegraded: false,
          isLost: false,
          uptimeSeconds: 0,
          checks: [],
          jobs: [],
          deadLetters: null,
          overdueDeployments: null,
        }),
        status: () => 'idle',
        statusSince: () => null,
        waitingReads: () => 0,
      },
      withProcess: true,
    });
    const text = await metrics.text();
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      t.match(text, new RegExp(`^${name} `, 'm'));
    }
  },
);
