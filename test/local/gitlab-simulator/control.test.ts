import t from 'tap';
import { DEPLOYMENT, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';

t.test('Given the control API, then it needs no token and shows everything', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const state = (await driver.request('GET', '/control/state')).json();
  t.match(state, {
    now: driver.now(),
    speed: 1,
    resource_group_holder: null,
    pipelines: [{ id, status: 'success', name: `demo apply ${DEPLOYMENT} req-1` }],
    environments: [{ deployment_id: DEPLOYMENT, state: 'available' }],
    schedules: [],
    builds: [],
    faults: [],
  });
  t.same(state, JSON.parse(JSON.stringify(driver.simulator.snapshot())));
  t.same(state, JSON.parse(JSON.stringify(driver.simulator.control.state())));
});

t.test('Given a speed, then it counts from now on, and only a sensible one is taken', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  const set = (speed: unknown) => driver.request('PUT', '/control/speed', { speed });
  t.same((await set(50)).json(), { speed: 50 });
  driver.pass(2);
  t.equal(await driver.pipelineStatus(id), 'success');
  for (const speed of [0, -1, 0.009, 10_001, '5', null, undefined]) {
    t.equal((await set(speed)).status, 400, String(speed));
  }
  t.equal((await set(0.01)).status, 200);
  t.equal((await set(10_000)).status, 200);
});

t.test('Given faults, then they are listed, counted down and removed', async (t) => {
  const driver = drive(t);
  const faults = async () => (await driver.request('GET', '/control/faults')).json().faults;
  t.same((await driver.request('PUT', '/control/faults/unauthorized', { times: 2, kind: 'expired' })).json(), {
    faults: [{ name: 'unauthorized', remaining: 2, parameters: { kind: 'expired' } }],
  });
  await driver.api('GET', '/pipelines');
  t.match(await faults(), [{ remaining: 1 }]);
  await driver.api('GET', '/pipelines');
  t.same(await faults(), []);
  await driver.request('PUT', '/control/faults/slow');
  await driver.request('PUT', '/control/faults/stuck-pipeline', {});
  t.match(await faults(), [{ name: 'slow', remaining: null }, { name: 'stuck-pipeline' }]);
  t.equal((await driver.request('DELETE', '/control/faults/slow')).status, 204);
  t.match(await faults(), [{ name: 'stuck-pipeline' }]);
  await driver.request('PUT', '/control/faults/stuck-pipeline', { times: 0 });
  t.same(await faults(), [], 'no times is off');
  await driver.request('PUT', '/control/faults/slow');
  t.equal((await driver.request('DELETE', '/control/faults')).status, 204);
  t.same(await faults(), []);
  t.equal((await driver.request('PUT', '/control/faults/nonsense', {})).status, 404);
  t.equal((await driver.request('PUT', '/control/faults/toString', {})).status, 404);
  t.equal((await driver.request('DELETE', '/control/faults/nonsense')).status, 404);
});

t.test('Given filters, then a fault strikes only what they name', async (t) => {
  const driver = drive(t);
  driver.simulator.control.setFault('server-error-json', { path_contains: '/jobs', method: 'GET' });
  const id = await driver.createId();
  t.equal((await driver.api('GET', `/pipelines/${id}`)).status, 200);
  t.equal((await driver.api('GET', `/pipelines/${id}/jobs`)).status, 500);
  driver.simulator.control.clearFaults();
  driver.simulator.control.setFault('stuck-pipeline', { deployment_id: OTHER_DEPLOYMENT });
  const own = await driver.createId();
  const other = await driver.createId({ deployment_id: OTHER_DEPLOYMENT });
  driver.pass(5);
  t.equal(await driver.pipelineStatus(own), 'running');
  t.equal(await driver.pipelineStatus(other), 'pending');
});

t.test('Given an orphan, then the inventory lists it and a destroy pipeline takes it away', async (t) => {
  const driver = drive(t);
  const answer = await driver.request('PUT', `/control/orphans/${OTHER_DEPLOYMENT}`);
  t.equal(answer.status, 200);
  t.match(answer.json(), { complete: true });
  t.equal((await driver.inventory()).length, 4);
  t.equal((await driver.request('GET', `/demo/${OTHER_DEPLOYMENT}/`)).body.includes(OTHER_DEPLOYMENT), false);
  const id = await driver.createId({ action: 'destroy', deployment_id: OTHER_DEPLOYMENT });
  driver.pass(60);
  t.equal(await driver.pipelineStatus(id), 'success');
  t.same(await driver.inventory(), []);
  t.equal((await driver.request('PUT', '/control/orphans/nonsense')).status, 400);
});
