import t from 'tap';
import { DEPLOYMENT, type Driver, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';

async function builds(driver: Driver): Promise<Record<string, unknown>[]> {
  const state = (await driver.request('GET', '/control/state')).json();
  return Array.isArray(state.builds) ? state.builds : [];
}

function put(driver: Driver, firstRunAt: unknown, everySeconds: unknown = 600, id = DEPLOYMENT) {
  return driver.request('PUT', `/control/schedules/${id}`, { first_run_at: firstRunAt, every_seconds: everySeconds });
}

t.test('Given a schedule, when its time has come, then that deployment is destroyed without GitLab', async (t) => {
  const driver = drive(t);
  await deploy(driver);
  await deploy(driver, OTHER_DEPLOYMENT);
  const firstRunAt = driver.now() + 60_000;
  const answer = await put(driver, firstRunAt);
  t.equal(answer.status, 200);
  t.same(answer.json(), {
    deployment_id: DEPLOYMENT,
    first_run_at: firstRunAt,
    every_seconds: 600,
    next_run_at: firstRunAt,
  });
  driver.pass(59.9);
  t.ok((await driver.inventory(DEPLOYMENT)).every(({ state }) => state === 'active'));
  t.same(await builds(driver), []);
  driver.pass(10);
  t.ok((await driver.inventory(DEPLOYMENT)).some(({ state }) => state === 'deleting'));
  t.match(await builds(driver), [{ deployment_id: DEPLOYMENT, status: 'running', started_at: firstRunAt }]);
  driver.pass(40);
  t.same(await driver.inventory(DEPLOYMENT), []);
  t.ok((await driver.inventory(OTHER_DEPLOYMENT)).length > 0, 'and no other');
  const [build] = await builds(driver);
  t.equal(build?.status, 'succeeded');
  t.equal(build?.destroyed, 16, 'all that there was');
  t.equal((await driver.request('GET', `/demo/${DEPLOYMENT}/`)).status, 404);
});

t.test('Given a schedule that stays, then it runs again and again until it is removed', async (t) => {
  const driver = drive(t);
  await put(driver, driver.now() + 10_000, 100);
  driver.pass(10 + 250);
  t.equal((await builds(driver)).length, 3);
  const listed = (await driver.request('GET', '/control/schedules')).json();
  t.match(listed, { schedules: [{ deployment_id: DEPLOYMENT }] });
  t.equal((await driver.request('DELETE', `/control/schedules/${DEPLOYMENT}`)).status, 204);
  t.equal((await driver.request('DELETE', `/control/schedules/${DEPLOYMENT}`)).status, 404);
  driver.pass(1_000);
  t.equal((await builds(driver)).length, 3);
});

t.test('Given a first run that lies in the past, then it runs now and catches nothing up', async (t) => {
  const driver = drive(t);
  await deploy(driver);
  await put(driver, driver.now() - 3_600_000, 60);
  driver.pass(1);
  t.equal((await builds(driver)).length, 1);
  t.match(await builds(driver), [{ status: 'running' }]);
});

t.test('Given a job of the same deployment that holds the state, then the build waits for it', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(20);
  await put(driver, driver.now());
  driver.pass(10);
  t.match(await builds(driver), [{ status: 'queued', started_at: null }]);
  await driver.api('POST', `/pipelines/${id}/cancel`);
  driver.pass(4);
  t.match(await builds(driver), [{ status: 'running' }]);
  driver.pass(40);
  t.same(await driver.inventory(), []);
});

t.test('Given two schedules at the same time, then one build after the other', async (t) => {
  const driver = drive(t);
  await deploy(driver);
  await deploy(driver, OTHER_DEPLOYMENT);
  await put(driver, driver.now());
  await put(driver, driver.now(), 600, OTHER_DEPLOYMENT);
  driver.pass(5);
  t.match(await builds(driver), [{ status: 'running' }, { status: 'queued' }]);
  driver.pass(80);
  t.same(await driver.inventory(), []);
});

t.test(
  'Given a period shorter than a build, then no second build of that deployment is queued beside it',
  async (t) => {
    const driver = drive(t);
    await deploy(driver);
    await put(driver, driver.now(), 1);
    driver.pass(10);
    t.equal((await builds(driver)).length, 1);
  },
);

t.test('Given wrong schedules, then 400 and nothing is set', async (t) => {
  const driver = drive(t);
  t.equal((await put(driver, 'soon')).status, 400);
  t.equal((await put(driver, 1, 0.5)).status, 400);
  t.equal((await put(driver, 1, '60')).status, 400);
  t.equal((await put(driver, 1, 60, 'nonsense')).status, 400);
  t.same((await driver.request('GET', '/control/schedules')).json(), { schedules: [] });
  t.equal((await put(driver, 1, 1)).status, 200, 'one second is the least');
});

t.test(
  'Given more schedules than are kept, then one too many is refused, and a known one can still be moved',
  async (t) => {
    const driver = drive(t);
    const far = driver.now() + 1e9;
    const idOf = (count: number) => `0193f0a0-3333-7abc-8def-${String(count).padStart(12, '0')}`;
    for (let count = 0; count < 500; count += 1) t.equal((await put(driver, far, 600, idOf(count))).status, 200);
    t.equal((await put(driver, far, 600, idOf(500))).status, 409);
    t.equal((await put(driver, far + 1, 600, idOf(0))).status, 200);
  },
);

t.test('Given more builds than are kept, then the oldest are forgotten', async (t) => {
  const driver = drive(t);
  await put(driver, driver.now(), 60);
  driver.pass(60 * 250);
  t.equal((await builds(driver)).length, 200);
});
