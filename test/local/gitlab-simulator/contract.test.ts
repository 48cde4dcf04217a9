import t, { type Test } from 'tap';
import { SIMULATOR_TOKEN } from '../../../src/local/gitlab-simulator/simulator.ts';
import { DEPLOYMENT, type Driver, drive } from './driver.ts';
import { type ShapeName, shapeErrors } from './gitlab-shapes.ts';

function conforms(t: Test, shape: ShapeName, value: unknown, what: string): void {
  t.same(shapeErrors(shape, value), [], `${what} is a ${shape}`);
}

async function checkPipeline(t: Test, driver: Driver, id: number, what: string): Promise<void> {
  const pipeline = (await driver.api('GET', `/pipelines/${id}`)).json();
  conforms(t, 'pipeline', pipeline, `${what}: the pipeline`);
  conforms(t, 'pipelineList', (await driver.api('GET', '/pipelines')).list(), `${what}: the list`);
  const jobs = (await driver.api('GET', `/pipelines/${id}/jobs?include_retried=true`)).list();
  conforms(t, 'jobList', jobs, `${what}: the jobs`);
  for (const job of jobs) {
    conforms(t, 'job', (await driver.api('GET', `/jobs/${job.id}`)).json(), `${what}: job ${job.name}`);
  }
}

t.test(
  'Given a run, when it is asked for at every moment of its life, then each answer has GitLab’s shape',
  async (t) => {
    const driver = drive(t);
    const created = await driver.create();
    t.equal(created.status, 201);
    conforms(t, 'createdPipeline', created.json(), 'the answer to create');
    const id = Number(created.json().id);
    for (const seconds of [0, 0.5, 1, 5, 10, 30, 40, 3, 10]) {
      driver.pass(seconds);
      await checkPipeline(t, driver, id, `after ${seconds} s more`);
    }
    t.equal(await driver.pipelineStatus(id), 'success');
  },
);

t.test('Given a cancelled, a failed and a retried run, then each answer has GitLab’s shape', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(20);
  const cancelled = await driver.api('POST', `/pipelines/${id}/cancel`);
  t.equal(cancelled.status, 200);
  conforms(t, 'createdPipeline', cancelled.json(), 'the answer to cancel');
  await checkPipeline(t, driver, id, 'canceling');
  driver.pass(10);
  await checkPipeline(t, driver, id, 'canceled');
  driver.simulator.control.setFault('apply-fails', { times: 1 });
  const retried = await driver.api('POST', `/pipelines/${id}/retry`);
  t.equal(retried.status, 201);
  conforms(t, 'createdPipeline', retried.json(), 'the answer to retry');
  driver.pass(100);
  t.equal(await driver.pipelineStatus(id), 'failed');
  await checkPipeline(t, driver, id, 'failed');
});

t.test('Given jobs, when they are cancelled, retried and played, then each answer has GitLab’s shape', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(15);
  const apply = await driver.job(id, 'apply');
  const cancelled = await driver.api('POST', `/jobs/${apply.id}/cancel`);
  t.equal(cancelled.status, 201);
  conforms(t, 'job', cancelled.json(), 'the answer to cancel');
  driver.pass(5);
  const retried = await driver.api('POST', `/jobs/${apply.id}/retry`);
  t.equal(retried.status, 201);
  conforms(t, 'job', retried.json(), 'the answer to retry');
  const stop = await driver.job(id, 'stop');
  const played = await driver.api('POST', `/jobs/${stop.id}/play`);
  t.equal(played.status, 200);
  conforms(t, 'jobBasic', played.json(), 'the answer to play');
  const group = await driver.api('GET', '/resource_groups/demo');
  conforms(t, 'resourceGroup', group.json(), 'the resource group');
  conforms(t, 'jobBasic', (await driver.api('GET', '/resource_groups/demo/current_job')).json(), 'its current job');
  const upcoming = (await driver.api('GET', '/resource_groups/demo/upcoming_jobs')).list();
  t.same(
    upcoming.map(({ name }) => name),
    ['stop'],
  );
  for (const job of upcoming) conforms(t, 'jobBasic', job, 'an upcoming job');
});

t.test('Given environments and the token, then each answer has GitLab’s shape', async (t) => {
  const driver = drive(t);
  await driver.createId();
  const before = (await driver.api('GET', '/environments')).list();
  conforms(t, 'environmentList', before, 'the environments before the apply');
  driver.pass(100);
  const list = (await driver.api('GET', `/environments?name=demo/${DEPLOYMENT}`)).list();
  conforms(t, 'environmentList', list, 'the environments');
  t.equal(list.length, 1);
  const environment = (await driver.api('GET', `/environments/${list[0]?.id}`)).json();
  conforms(t, 'environment', environment, 'the environment');
  conforms(
    t,
    'environment',
    (await driver.api('POST', `/environments/${list[0]?.id}/stop`)).json(),
    'the answer to stop',
  );
  const headers = { 'private-token': SIMULATOR_TOKEN };
  conforms(t, 'version', (await driver.request('GET', '/api/v4/version', undefined, headers)).json(), 'the version');
  const token = await driver.request('GET', '/api/v4/personal_access_tokens/self', undefined, headers);
  conforms(t, 'token', token.json(), 'the token');
});

t.test('Given the shapes, when a value has a field too many or too few, then they say so', async (t) => {
  const driver = drive(t);
  const created = (await driver.create()).json();
  t.not(shapeErrors('createdPipeline', { ...created, name: 'demo apply' }).length, 0, 'create has no name');
  const { sha: _sha, ...without } = created;
  t.not(shapeErrors('createdPipeline', without).length, 0, 'create has a sha');
  const job = await driver.job(Number(created.id), 'plan');
  t.not(shapeErrors('job', { ...job, failure_reason: 'script_failure' }).length, 0, 'only failed jobs have a reason');
  t.not(shapeErrors('error', { message: { base: [] } }).length, 0);
});
