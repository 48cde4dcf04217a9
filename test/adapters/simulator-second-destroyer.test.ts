import t, { type Test } from 'tap';
import { MockAgent } from 'undici';
import { createSimulatorSecondDestroyer } from '../../src/adapters/simulator-second-destroyer.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';
import { failureOf } from './gitlab-world.ts';

const ORIGIN = 'http://127.0.0.1:4010';
const NOW = Date.parse('2026-11-20T09:00:00Z');
const PATH = `/control/schedules/${DEPLOYMENT}`;
const schedules = [
  { deployment_id: OTHER_DEPLOYMENT, first_run_at: 1, every_seconds: 60, next_run_at: 1 },
  { deployment_id: DEPLOYMENT, first_run_at: NOW + 9_000, every_seconds: 10_800, next_run_at: NOW + 9_000 },
];

const setUp = (t: Test) => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  t.teardown(() => agent.close());
  const bodies: unknown[] = [];
  const answer = (method: string, path: string, status: number, body: unknown = '') =>
    agent
      .get(ORIGIN)
      .intercept({ method, path })
      .reply((request) => {
        if (typeof request.body === 'string') bodies.push(JSON.parse(request.body));
        return { statusCode: status, data: typeof body === 'string' ? body : JSON.stringify(body) };
      });
  const destroyer = createSimulatorSecondDestroyer({ origin: ORIGIN, dispatcher: agent, clock: { now: () => NOW } });
  return { destroyer, answer, bodies };
};

t.test('Given a deployment, when it is armed, then the schedule is put, unless there is one already', async (t) => {
  const { destroyer, answer, bodies } = setUp(t);
  answer('GET', '/control/schedules', 200, { schedules: schedules.slice(0, 1) });
  answer('PUT', PATH, 200, schedules[1]);
  await destroyer.arm(DEPLOYMENT, NOW + 9_000, 10_800_000);
  answer('GET', '/control/schedules', 200, { schedules });
  await destroyer.arm(DEPLOYMENT, NOW + 99_000, 60_000);
  t.same(bodies, [{ first_run_at: NOW + 9_000, every_seconds: 10_800 }]);
});

t.test('Given less than a second between runs, when it is armed, then a second is the least', async (t) => {
  const { destroyer, answer, bodies } = setUp(t);
  answer('GET', '/control/schedules', 200, { schedules: [] });
  answer('PUT', PATH, 200, schedules[1]);
  await destroyer.arm(DEPLOYMENT, NOW, 400);
  t.match(bodies[0], { every_seconds: 1 });
});

t.test('Given a schedule or none, when it is disarmed, then there is none', async (t) => {
  const { destroyer, answer } = setUp(t);
  answer('DELETE', PATH, 204);
  t.equal(await destroyer.disarm(DEPLOYMENT), undefined);
  answer('DELETE', PATH, 404, { error: 'no such schedule' });
  t.equal(await destroyer.disarm(DEPLOYMENT), undefined);
});

t.test('Given a schedule, when it is hastened, then it runs now and goes on as often', async (t) => {
  const { destroyer, answer, bodies } = setUp(t);
  answer('GET', '/control/schedules', 200, { schedules });
  answer('PUT', PATH, 200, schedules[1]);
  await destroyer.hasten(DEPLOYMENT);
  t.same(bodies, [{ first_run_at: NOW, every_seconds: 10_800 }]);
});

t.test('Given several schedules, when they are listed, then their deployments are', async (t) => {
  const { destroyer, answer } = setUp(t);
  answer('GET', '/control/schedules', 200, { schedules });
  t.same(await destroyer.list(), [OTHER_DEPLOYMENT, DEPLOYMENT]);
});

t.test('Given anything goes wrong, then the second destroyer is unavailable', async (t) => {
  const { destroyer, answer } = setUp(t);
  const isUnavailable = async (work: Promise<unknown>) =>
    t.ok(isDemoError(await failureOf(work), 'SECOND_DESTROYER_UNAVAILABLE'));
  answer('GET', '/control/schedules', 200, { schedules: [] });
  answer('PUT', PATH, 500, { error: 'unavailable' });
  await isUnavailable(destroyer.arm(DEPLOYMENT, NOW, 1_000));
  answer('DELETE', PATH, 500, { error: 'unavailable' });
  await isUnavailable(destroyer.disarm(DEPLOYMENT));
  answer('GET', '/control/schedules', 200, { schedules: schedules.slice(0, 1) });
  await isUnavailable(destroyer.hasten(DEPLOYMENT));
  for (const body of [{}, [], '<html>', { schedules: [null] }, { schedules: [{ deployment_id: DEPLOYMENT }] }]) {
    answer('GET', '/control/schedules', 200, body);
    await isUnavailable(destroyer.list());
  }
  answer('GET', '/control/schedules', 500, { schedules });
  await isUnavailable(destroyer.list());
  await isUnavailable(destroyer.disarm('../faults'));
  await isUnavailable(destroyer.arm(DEPLOYMENT, NOW, 1_000));
});
