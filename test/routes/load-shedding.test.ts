import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const CURRENT = '/v1/deployments/current';
const START = {
  method: 'POST',
  url: '/v1/deployments',
  headers: { 'content-type': 'application/json' },
  payload: '{}',
} as const;

t.test(
  'Given too much to do, when somebody reads, then he is told when to come back, each a little later',
  async (t) => {
    const { app, lines } = await buildTestApp(t, { pressure: { isHigh: () => true } });
    const waits: unknown[] = [];
    for (const url of [CURRENT, '/v1/deployments', `${CURRENT}/logs`, `${CURRENT}/pipeline`, '/nothing-here']) {
      const answer = await app.inject({ url });
      checkProblem(t, answer, 503, 'OVERLOADED');
      waits.push(answer.headers['retry-after']);
    }
    t.same(waits.toSorted(), ['2', '3', '4', '5', '6']);
    checkProblem(
      t,
      await app.inject({ url: CURRENT, headers: { origin: 'https://resume.example' } }),
      503,
      'OVERLOADED',
    );
    const written = lines.filter(({ level }) => level !== 'debug' && level !== 20);
    t.same(written, [], 'a flood is counted, not written down');
  },
);

t.test('Given too much to do, when somebody acts or asks after our health, then he is served', async (t) => {
  const { app } = await buildTestApp(t, { pressure: { isHigh: () => true } });
  const started = await app.inject(START);
  t.equal(started.statusCode, 201);
  const { id, control_token: token } = started.json();
  for (const url of ['/livez', '/readyz', '/healthz'])
    t.not((await app.inject({ url })).json().code, 'OVERLOADED', url);
  t.equal((await app.inject({ url: '/metrics' })).statusCode, 401);
  const headers = { authorization: `Bearer ${token}` };
  t.equal((await app.inject({ method: 'DELETE', url: `/v1/deployments/${id}`, headers })).statusCode, 202);
});

t.test('Given it was too much and is no more, when somebody reads, then he is served again', async (t) => {
  let isHigh = true;
  const { app } = await buildTestApp(t, { pressure: { isHigh: () => isHigh } });
  t.equal((await app.inject({ url: CURRENT })).statusCode, 503);
  isHigh = false;
  t.equal((await app.inject({ url: CURRENT })).statusCode, 200);
});

t.test('Given too much to do, when one client asks more than he may, then he is told that instead', async (t) => {
  const rateLimit = { perSecond: 1, burst: 1, readFactor: 1 };
  const { app } = await buildTestApp(t, { pressure: { isHigh: () => true }, app: { rateLimit } });
  t.equal((await app.inject({ url: CURRENT })).statusCode, 503);
  checkProblem(t, await app.inject({ url: CURRENT }), 429, 'RATE_LIMITED');
});
