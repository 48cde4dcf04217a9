import type { InjectOptions } from 'fastify';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { buildTestApp, LISTED_ORIGIN } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const post = (origin: string, payload: string, type = 'application/json'): InjectOptions => ({
  method: 'POST',
  url: '/v1/deployments',
  headers: { origin, 'content-type': type },
  payload,
});

const WRONG = '{"duration_minutes": "x"}';

t.test(
  'Given everything is wrong with a start, When one thing after the other is put right, Then in order',
  async (t) => {
    const { app, demo, clock } = await buildTestApp(t, {
      app: { rateLimit: { perSecond: 1, burst: 2, readFactor: 10 } },
    });
    demo.failure = new DemoError('PAUSED');
    for (let press = 0; press < 5; press += 1) {
      // A page that may not write uses up nothing of its visitor's bucket either.
      checkProblem(t, await app.inject(post('https://evil.example', WRONG)), 403, 'ORIGIN_REFUSED');
    }
    checkProblem(t, await app.inject(post(LISTED_ORIGIN, WRONG, 'text/plain')), 415, 'UNSUPPORTED_MEDIA_TYPE');
    checkProblem(t, await app.inject(post(LISTED_ORIGIN, WRONG)), 400, 'VALIDATION_FAILED');
    checkProblem(t, await app.inject(post(LISTED_ORIGIN, WRONG)), 429, 'RATE_LIMITED');
    checkProblem(t, await app.inject(post(LISTED_ORIGIN, '{}')), 429, 'RATE_LIMITED');
    clock.advance(1_000);
    t.same(demo.starts, [], 'nothing of it reached the lifecycle');
    checkProblem(t, await app.inject(post(LISTED_ORIGIN, '{}')), 503, 'PAUSED');
  },
);
