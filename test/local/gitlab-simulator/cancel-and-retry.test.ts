import t from 'tap';
import { DEPLOYMENT, deploy, drive } from './driver.ts';

t.test(
  'Given a running apply, when it is cancelled, then it is canceling for three seconds and keeps what it built',
  async (t) => {
    const driver = drive(t);
    const id = await driver.createId();
    driver.pass(40);
    const built = (await driver.inventory()).length;
    t.ok(built > 10);
    const answer = await driver.api('POST', `/pipelines/${id}/cancel`);
    t.equal(answer.json().status, 'canceling');
    driver.pass(2.9);
    t.equal(await driver.pipelineStatus(id), 'canceling');
    driver.pass(0.1);
    t.equal(await driver.pipelineStatus(id), 'canceled');
    t.equal((await driver.job(id, 'verify')).status, 'canceled');
    t.equal((await driver.job(id, 'stop')).status, 'manual');
    driver.pass(300);
    t.equal((await driver.inventory()).length, built, 'nothing more is built');
    const trace = (await driver.api('GET', `/jobs/${(await driver.job(id, 'apply')).id}/trace`)).body;
    t.match(trace, /Interrupt received\.[\s\S]*ERROR: Job failed: canceled\S*\n$/);
    t.notMatch(trace, /Apply complete/);
  },
);

t.test('Given a pipeline that has not started, when it is cancelled, then it is canceled at once', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  t.equal((await driver.api('POST', `/pipelines/${id}/cancel`)).json().status, 'canceled');
  driver.pass(100);
  t.equal(await driver.pipelineStatus(id), 'canceled');
});

t.test('Given a finished pipeline, when it is cancelled, then 200 and nothing changes', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const answer = await driver.api('POST', `/pipelines/${id}/cancel`);
  t.equal(answer.status, 200);
  t.equal(answer.json().status, 'success');
});

t.test(
  'Given a job that waits for the resource group, when it is cancelled, then the next one is not held up',
  async (t) => {
    const driver = drive(t);
    const first = await driver.createId();
    driver.pass(15);
    const second = await driver.createId({ action: 'destroy' });
    const third = await driver.createId({ action: 'destroy', request_id: 'req-3' });
    driver.pass(5);
    t.equal((await driver.job(third, 'destroy')).status, 'waiting_for_resource');
    await driver.api('POST', `/pipelines/${second}/cancel`);
    await driver.api('POST', `/pipelines/${first}/cancel`);
    driver.pass(5);
    t.equal((await driver.job(third, 'destroy')).status, 'running');
  },
);

t.test('Given a job in canceling, when it is cancelled with force, then it is canceled at once', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(20);
  const { id: jobId } = await driver.job(id, 'apply');
  t.equal((await driver.api('POST', `/jobs/${jobId}/cancel`)).json().status, 'canceling');
  t.equal((await driver.api('POST', `/jobs/${jobId}/cancel`)).json().status, 'canceling');
  t.equal((await driver.api('POST', `/jobs/${jobId}/cancel`, { force: true })).json().status, 'canceled');
  t.equal((await driver.job(id, 'verify')).status, 'skipped');
});

t.test(
  'Given a failed apply, when it is retried, then a new job goes on where it stopped and the pipeline succeeds',
  async (t) => {
    const driver = drive(t);
    driver.simulator.control.setFault('apply-fails', { times: 1 });
    const id = await deploy(driver);
    const failed = await driver.job(id, 'apply');
    t.equal(failed.status, 'failed');
    t.equal((await driver.job(id, 'verify')).status, 'skipped');
    const retried = await driver.api('POST', `/jobs/${failed.id}/retry`);
    t.equal(retried.status, 201);
    t.not(retried.json().id, failed.id);
    t.equal(await driver.pipelineStatus(id), 'running', 'the finished pipeline is open again');
    driver.pass(100);
    t.equal(await driver.pipelineStatus(id), 'success');
    t.equal((await driver.job(id, 'apply')).id, retried.json().id);
    const all = (await driver.api('GET', `/pipelines/${id}/jobs?include_retried=true`)).list();
    t.equal(all.filter(({ name }) => name === 'apply').length, 2);
    t.equal((await driver.api('GET', `/pipelines/${id}/jobs`)).list().length, 4);
  },
);

t.test('Given jobs that cannot be retried or played, then GitLab’s refusals', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(20);
  const plan = await driver.job(id, 'plan');
  const apply = await driver.job(id, 'apply');
  const running = await driver.api('POST', `/jobs/${apply.id}/retry`);
  t.equal(running.status, 403);
  t.same(running.json(), { message: '403 Forbidden - Job is not retryable' });
  t.equal((await driver.api('POST', `/jobs/${plan.id}/retry`)).status, 201);
  t.equal((await driver.api('POST', `/jobs/${plan.id}/retry`)).status, 403, 'a second time');
  const played = await driver.api('POST', `/jobs/${apply.id}/play`);
  t.equal(played.status, 400);
  t.same(played.json(), { message: '400 Bad request - Unplayable Job' });
});

t.test('Given a job that is retried for ever, then at some point no more', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  let status = 201;
  for (let count = 0; count < 70 && status === 201; count += 1) {
    status = (await driver.api('POST', `/jobs/${(await driver.job(id, 'plan')).id}/retry`)).status;
    driver.pass(20);
  }
  t.equal(status, 403);
});

t.test('Given a successful pipeline, when it is retried as a whole, then nothing happens', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const answer = await driver.api('POST', `/pipelines/${id}/retry`);
  t.equal(answer.status, 201);
  t.equal(answer.json().status, 'success');
});

t.test(
  'Given a cancelled pipeline, when it is retried as a whole, then it runs stage by stage to success',
  async (t) => {
    const driver = drive(t);
    const id = await driver.createId();
    driver.pass(5);
    await driver.api('POST', `/pipelines/${id}/cancel`);
    driver.pass(5);
    t.equal(await driver.pipelineStatus(id), 'canceled');
    await driver.api('POST', `/pipelines/${id}/retry`);
    t.equal((await driver.job(id, 'plan')).status, 'pending');
    t.equal((await driver.job(id, 'apply')).status, 'created');
    driver.pass(110);
    t.equal(await driver.pipelineStatus(id), 'success');
  },
);

t.test(
  'Given a successful apply, when its stop job is played, then the pipeline runs again and everything goes',
  async (t) => {
    const driver = drive(t);
    const id = await deploy(driver);
    const stop = await driver.job(id, 'stop');
    t.equal((await driver.api('POST', `/jobs/${stop.id}/play`)).json().status, 'pending');
    t.equal(await driver.pipelineStatus(id), 'running');
    driver.pass(40);
    t.equal(await driver.pipelineStatus(id), 'success');
    t.same(await driver.inventory(DEPLOYMENT), []);
  },
);

t.test('Given unknown pipelines and jobs, then every route says 404', async (t) => {
  const driver = drive(t);
  const gets = ['/pipelines/1', '/pipelines/1/jobs', '/jobs/1', '/jobs/1/trace', '/jobs/1/artifacts/outputs.json'];
  const posts = ['/pipelines/1/cancel', '/pipelines/1/retry', '/jobs/1/cancel', '/jobs/1/retry', '/jobs/1/play'];
  for (const path of gets) t.equal((await driver.api('GET', path)).status, 404, path);
  for (const path of posts) t.equal((await driver.api('POST', path)).status, 404, path);
  t.same((await driver.api('GET', '/pipelines/abc')).json(), { message: '404 Not found' });
});
