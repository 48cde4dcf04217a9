import t from 'tap';
import type { HealthOptions } from '../../src/health.ts';
import { buildTestApp } from '../fakes/http-app.ts';

const OWNER = { authorization: 'Bearer owner' };

const TROUBLED: Partial<HealthOptions> = {
  checks: [
    { name: 'store', critical: true, check: async () => undefined },
    {
      name: 'gitlab',
      critical: false,
      check: async () => {
        throw new Error('the token of group 42 was refused');
      },
    },
  ],
  jobs: () => [
    { name: 'hourly', lastRunAt: 0, lastSlot: 0, lastResult: 'ok', nextRunAt: 3_600_000 },
    { name: 'nightly', lastRunAt: null, lastSlot: null, lastResult: null, nextRunAt: null },
  ],
  jobProgress: async () => [
    { name: 'hourly', lastCompletedSlot: 1_000, isSilent: false },
    { name: 'nightly', lastCompletedSlot: 2_000, isSilent: true },
  ],
  deadLetters: async () => [
    { id: 'job:hourly', kind: 'job', attempts: 2, lastError: 'no answer', firstAt: 0, lastAt: 1_000 },
  ],
  overdueDeployments: async () => 1,
};

t.test('Given all is well, When health is read, Then ok with version, uptime and every dependency', async (t) => {
  const { app, health, clock } = await buildTestApp(t);
  await health.refresh();
  clock.advance(90_500);
  const response = await app.inject({ url: '/healthz' });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['cache-control'], 'no-store');
  t.same(response.json(), {
    status: 'ok',
    version: '1.2.3',
    uptime_seconds: 90,
    checks: [
      { name: 'store', state: 'ok', critical: true, latency_ms: 0, last_success_at: '2026-11-20T09:00:00.000Z' },
    ],
    jobs: [],
    dead_letters: 0,
    overdue_deployments: 0,
  });
});

t.test('Given troubles, When anyone reads health, Then states; when the owner does, Then texts as well', async (t) => {
  const { app, health } = await buildTestApp(t, { health: TROUBLED });
  await health.refresh();
  for (const headers of [{}, { authorization: 'Bearer a-guess' }]) {
    const response = await app.inject({ url: '/healthz', headers });
    t.equal(response.statusCode, 200);
    t.match(response.json(), {
      status: 'degraded',
      checks: [
        { name: 'store', state: 'ok' },
        { name: 'gitlab', state: 'failing', last_success_at: null },
      ],
      jobs: [
        {
          name: 'hourly',
          last_run_at: '1970-01-01T00:00:00.000Z',
          last_result: 'ok',
          next_run_at: '1970-01-01T01:00:00.000Z',
          last_completed_slot: '1970-01-01T00:00:01.000Z',
          silent: false,
        },
        { name: 'nightly', last_run_at: null, last_result: null, next_run_at: null, silent: true },
      ],
      dead_letters: 1,
      overdue_deployments: 1,
    });
    t.notMatch(response.body, /group 42|no answer/);
  }
  t.match((await app.inject({ url: '/healthz', headers: OWNER })).json(), {
    checks: [{}, { detail: 'the token of group 42 was refused' }],
    dead_letter_details: [
      { id: 'job:hourly', attempts: 2, last_error: 'no answer', last_at: '1970-01-01T00:00:01.000Z' },
    ],
  });
});

t.test('Given nothing was checked yet, When health is read, Then it is unknown and nothing is made up', async (t) => {
  const { app } = await buildTestApp(t);
  const body = (await app.inject({ url: '/healthz', headers: OWNER })).json();
  t.match(body, { status: 'ok', checks: [{ state: 'unknown', latency_ms: null }], dead_letters: null });
  t.equal(body.dead_letter_details, undefined);
  t.equal((await app.inject({ url: '/readyz' })).statusCode, 503, 'a store that never answered is not there');
});

t.test('Given the store fails, When a minute has passed, Then 503, and not before; the process lives', async (t) => {
  let isUp = true;
  const check = async (): Promise<undefined> => {
    if (!isUp) throw new Error('ECONNREFUSED');
  };
  const { app, health, clock } = await buildTestApp(t, {
    health: { checks: [{ name: 'store', critical: true, check }] },
  });
  await health.refresh();
  t.same((await app.inject({ url: '/readyz' })).json(), { status: 'ready' });
  isUp = false;
  clock.advance(60_000);
  await health.refresh();
  t.match((await app.inject({ url: '/healthz' })).json(), { status: 'degraded' });
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200);
  const ready = await app.inject({ url: '/readyz' });
  t.equal(ready.statusCode, 503);
  t.same(ready.json(), { status: 'not_ready' });
  clock.advance(1);
  const lost = await app.inject({ url: '/healthz' });
  t.equal(lost.statusCode, 503);
  t.match(lost.json(), { status: 'degraded' });
  const live = await app.inject({ url: '/livez' });
  t.equal(live.statusCode, 200);
  t.same(live.json(), { status: 'ok' });
  isUp = true;
  await health.refresh();
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200);
});

t.test('Given it is going down, When readiness is asked, Then no', async (t) => {
  const { app, health } = await buildTestApp(t);
  await health.refresh();
  health.beginShutdown();
  t.equal((await app.inject({ url: '/readyz' })).statusCode, 503);
  t.equal((await app.inject({ url: '/livez' })).statusCode, 200);
});
