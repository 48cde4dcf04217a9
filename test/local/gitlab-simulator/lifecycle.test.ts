import t from 'tap';
import { DEPLOYMENT, type Driver, deploy, drive, OTHER_DEPLOYMENT, START } from './driver.ts';

async function jobStates(driver: Driver, id: number): Promise<string> {
  const jobs = (await driver.api('GET', `/pipelines/${id}/jobs`)).list();
  return jobs.map(({ name, status }) => `${name}:${status}`).join(' ');
}

t.test('Given an apply, when time passes, then pipeline and jobs go through GitLab’s states', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  const seen: string[] = [];
  for (let step = 0; step < 1_000; step += 1) {
    const line = `${await driver.pipelineStatus(id)} | ${await jobStates(driver, id)}`;
    if (seen.at(-1) !== line) seen.push(line);
    driver.pass(0.1);
  }
  t.same(seen, [
    'created | verify:created stop:created apply:created plan:created',
    'pending | verify:created stop:created apply:created plan:pending',
    'running | verify:created stop:created apply:created plan:running',
    'running | verify:created stop:manual apply:pending plan:success',
    'running | verify:created stop:manual apply:running plan:success',
    'running | verify:pending stop:manual apply:success plan:success',
    'running | verify:running stop:manual apply:success plan:success',
    'success | verify:success stop:manual apply:success plan:success',
  ]);
});

t.test('Given speed 1, then an apply takes about 90 seconds and a destroy about 30', async (t) => {
  const driver = drive(t);
  const up = await deploy(driver);
  const down = await driver.createId({ action: 'destroy' });
  driver.pass(60);
  const seconds = async (id: number): Promise<number> => {
    const { created_at, finished_at } = (await driver.api('GET', `/pipelines/${id}`)).json();
    return (Date.parse(String(finished_at)) - Date.parse(String(created_at))) / 1_000;
  };
  t.ok(Math.abs((await seconds(up)) - 90) < 8, `up in ${await seconds(up)} s`);
  t.ok(Math.abs((await seconds(down)) - 30) < 4, `down in ${await seconds(down)} s`);
});

t.test('Given speed 10, then the same run takes a tenth of the wall-clock time', async (t) => {
  const slow = drive(t);
  const fast = drive(t, { speed: 10 });
  const slowId = await deploy(slow);
  const fastId = await fast.createId();
  fast.pass(10);
  const slowRun = (await slow.api('GET', `/pipelines/${slowId}`)).json();
  const fastRun = (await fast.api('GET', `/pipelines/${fastId}`)).json();
  const length = ({ finished_at }: Record<string, unknown>) => Date.parse(String(finished_at)) - START;
  t.ok(Math.abs(length(slowRun) / length(fastRun) - 10) < 0.01);
});

t.test(
  'Given speed changes in mid-run, then no instant of the run moves and none lies before an earlier one',
  async (t) => {
    const driver = drive(t);
    const id = await driver.createId();
    let latest = 0;
    for (const speed of [1, 5, 0.5, 20, 1, 3]) {
      driver.simulator.control.setSpeed(speed);
      driver.pass(3);
      const plan = await driver.job(id, 'plan');
      const { updated_at } = (await driver.api('GET', `/pipelines/${id}`)).json();
      t.equal(plan.started_at, '2026-11-20T09:00:01.223Z');
      t.ok(Date.parse(String(updated_at)) >= latest);
      latest = Date.parse(String(updated_at));
      t.ok(latest <= driver.now());
    }
  },
);

t.test(
  'Given the same requests, when one world is looked at all the time and one only at the end, then both are equal',
  async (t) => {
    const watched = drive(t);
    const left = drive(t);
    for (const driver of [watched, left]) {
      await driver.createId();
      driver.simulator.control.putSchedule(DEPLOYMENT, START + 200_000, 60);
    }
    for (let second = 0; second < 400; second += 1) {
      watched.pass(1);
      await watched.request('GET', '/control/inventory');
    }
    left.pass(400);
    t.same(left.simulator.snapshot(), watched.simulator.snapshot());
    const trace = async (driver: Driver, name: string) =>
      (await driver.api('GET', `/jobs/${(await driver.job(2_200_000_001, name)).id}/trace`)).body;
    for (const name of ['plan', 'apply', 'verify']) t.equal(await trace(left, name), await trace(watched, name), name);
  },
);

t.test('Given an apply that builds, then resources appear one after the other and carry id and name', async (t) => {
  const driver = drive(t);
  await driver.createId();
  const counts: number[] = [];
  for (let step = 0; step < 20; step += 1) {
    driver.pass(5);
    counts.push((await driver.inventory()).length);
  }
  t.same(
    counts,
    [...counts].sort((left, right) => left - right),
    'never fewer',
  );
  t.equal(counts[0], 0);
  t.ok(new Set(counts).size >= 3, `in steps: ${counts}`);
  const resources = await driver.inventory(DEPLOYMENT);
  t.equal(resources.length, 11);
  for (const resource of resources) {
    t.match(resource, { deployment_id: DEPLOYMENT, name: 'demo-0123456789ab', state: 'active' });
  }
  const types = resources.map(({ type }) => type);
  for (const type of ['eks:cluster', 'ec2:launch-template', 'ec2:instance', 'elasticloadbalancing:loadbalancer'])
    t.ok(types.includes(type), type);
  t.same(await driver.inventory(OTHER_DEPLOYMENT), []);
});

t.test(
  'Given a destroy, then resources are deleting for a while, then gone, and only those of its deployment',
  async (t) => {
    const driver = drive(t);
    await deploy(driver);
    await deploy(driver, OTHER_DEPLOYMENT);
    const others = (await driver.inventory(OTHER_DEPLOYMENT)).length;
    const id = await driver.createId({ action: 'destroy' });
    const deleting: number[] = [];
    for (let second = 0; second < 45; second += 1) {
      driver.pass(1);
      deleting.push((await driver.inventory(DEPLOYMENT)).filter(({ state }) => state === 'deleting').length);
    }
    t.ok(Math.max(...deleting) >= 3);
    t.equal(await driver.pipelineStatus(id), 'success');
    t.same(await driver.inventory(DEPLOYMENT), []);
    t.equal((await driver.inventory(OTHER_DEPLOYMENT)).length, others);
  },
);

t.test('Given nothing to destroy, then a destroy succeeds all the same', async (t) => {
  const driver = drive(t);
  const id = await driver.createId({ action: 'destroy' });
  driver.pass(40);
  t.equal(await driver.pipelineStatus(id), 'success');
});

t.test(
  'Given two applies, then the second waits for the resource group and starts when the first is done',
  async (t) => {
    const driver = drive(t);
    const first = await driver.createId();
    const second = await driver.createId({ deployment_id: OTHER_DEPLOYMENT });
    driver.pass(30);
    t.equal((await driver.job(first, 'apply')).status, 'running');
    const waiting = await driver.job(second, 'apply');
    t.equal(waiting.status, 'waiting_for_resource');
    t.equal(await driver.pipelineStatus(second), 'waiting_for_resource');
    t.ok(Number(waiting.queued_duration) > 15);
    t.equal(waiting.started_at, null);
    driver.pass(60);
    const started = await driver.job(second, 'apply');
    t.equal(started.status, 'running');
    t.ok(String(started.started_at) > String((await driver.job(first, 'apply')).finished_at));
    driver.pass(100);
    t.equal(await driver.pipelineStatus(second), 'success');
    t.equal((await driver.api('GET', '/resource_groups/demo/current_job')).status, 404, 'nobody holds the group');
  },
);

t.test('Given start_before, when the apply starts in time, then it builds', async (t) => {
  const driver = drive(t);
  // The apply job of a fresh pipeline starts at 09:00:08.767, 8.6 seconds after the request.
  const id = await driver.createId({ start_before: '2026-11-20T09:00:09Z' });
  driver.pass(100);
  t.equal((await driver.job(id, 'apply')).status, 'success');
});

t.test(
  'Given start_before, when the apply starts a second late, then it refuses, builds nothing and says why',
  async (t) => {
    const driver = drive(t);
    const id = await driver.createId({ start_before: '2026-11-20T09:00:08Z' });
    driver.pass(100);
    const apply = await driver.job(id, 'apply');
    t.match(apply, { status: 'failed', failure_reason: 'script_failure' });
    t.equal(await driver.pipelineStatus(id), 'failed');
    t.equal((await driver.job(id, 'verify')).status, 'skipped');
    t.same(await driver.inventory(), []);
    t.match(
      (await driver.api('GET', `/jobs/${apply.id}/trace`)).body,
      /refused: this apply had to start before 2026-11-20T09:00:08Z/,
    );
    const again = (await driver.api('POST', `/jobs/${apply.id}/retry`)).json();
    driver.pass(30);
    t.equal((await driver.api('GET', `/jobs/${again.id}`)).json().status, 'failed', 'also when it is retried by hand');
    t.same(await driver.inventory(), []);
  },
);

t.test('Given a date that no calendar has, then the apply refuses', async (t) => {
  const driver = drive(t);
  const id = await driver.createId({ start_before: '2026-13-40T09:00:00Z' });
  driver.pass(100);
  t.equal((await driver.job(id, 'apply')).status, 'failed');
});

t.test('Given a finished apply, then outputs.json is there, and before it is a 404', async (t) => {
  const driver = drive(t, { publicOrigin: () => 'https://demos.example.com' });
  const id = await driver.createId();
  const { id: jobId } = await driver.job(id, 'apply');
  driver.pass(50);
  const early = await driver.api('GET', `/jobs/${jobId}/artifacts/outputs.json`);
  t.equal(early.status, 404);
  driver.pass(50);
  const outputs = await driver.api('GET', `/jobs/${jobId}/artifacts/outputs.json`);
  t.equal(outputs.status, 200);
  t.same(outputs.json(), { url: `https://demos.example.com/demo/${DEPLOYMENT}/`, deployment_id: DEPLOYMENT });
  t.equal((await driver.api('GET', `/jobs/${jobId}/artifacts/other.json`)).status, 404);
  const plan = await driver.job(id, 'plan');
  t.equal((await driver.api('GET', `/jobs/${plan.id}/artifacts/outputs.json`)).status, 404, 'plan has no outputs');
  t.match(await driver.job(id, 'apply'), { artifacts_file: { filename: 'artifacts.zip' } });
});

t.test('Given more pipelines than are kept, then the oldest finished ones are forgotten', async (t) => {
  const driver = drive(t);
  const first = await driver.createId({ action: 'destroy' });
  driver.pass(40);
  const open = await driver.createId({ action: 'destroy' });
  await driver.api('POST', `/pipelines/${open}/cancel`);
  for (let count = 0; count < 499; count += 1) {
    const id = await driver.createId();
    await driver.api('POST', `/pipelines/${id}/cancel`);
  }
  const total = (await driver.api('GET', '/pipelines?per_page=1')).headers['x-total'];
  t.equal(total, '500');
  t.equal((await driver.api('GET', `/pipelines/${first}`)).status, 404);
});

t.test('Given nothing but unfinished pipelines, then one too many is refused instead of forgetting one', async (t) => {
  const driver = drive(t);
  driver.simulator.control.setFault('stuck-pipeline');
  for (let count = 0; count < 500; count += 1) await driver.create();
  const refused = await driver.create();
  t.equal(refused.status, 400);
  t.match(refused.body, /Too many pipelines/);
});
