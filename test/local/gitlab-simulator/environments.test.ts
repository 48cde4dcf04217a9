import t from 'tap';
import { DEPLOYMENT, type Driver, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';

async function environmentOf(driver: Driver, deploymentId = DEPLOYMENT): Promise<Record<string, unknown>> {
  const list = (await driver.api('GET', `/environments?name=${encodeURIComponent(`demo/${deploymentId}`)}`)).list();
  return list[0] ?? {};
}

t.test('Given an apply, then its environment gets the URL and the auto-stop when the job has succeeded', async (t) => {
  const driver = drive(t);
  await driver.createId();
  t.match(await environmentOf(driver), { state: 'available', external_url: null, auto_stop_at: null });
  driver.pass(100);
  const environment = await environmentOf(driver);
  t.match(environment, { state: 'available', external_url: new RegExp(`/demo/${DEPLOYMENT}/$`) });
  const detail = (await driver.api('GET', `/environments/${environment.id}`)).json();
  t.match(detail, { last_deployment: { status: 'success', deployable: { name: 'apply' } } });
});

t.test('Given a destroy pipeline that succeeds, then the environment is stopped', async (t) => {
  const driver = drive(t);
  await deploy(driver);
  await driver.createId({ action: 'destroy' });
  driver.pass(60);
  t.match(await environmentOf(driver), { state: 'stopped', auto_stop_at: null });
});

t.test(
  'Given a stop of the environment, then its stop job runs in the apply pipeline and destroys everything',
  async (t) => {
    const driver = drive(t);
    const pipeline = await deploy(driver);
    const { id } = await environmentOf(driver);
    const answer = await driver.api('POST', `/environments/${id}/stop`);
    t.equal(answer.status, 200);
    t.equal(answer.json().state, 'stopping');
    driver.pass(2);
    t.equal((await driver.job(pipeline, 'stop')).status, 'running');
    t.equal(await driver.pipelineStatus(pipeline), 'running');
    driver.pass(40);
    t.match(await environmentOf(driver), { state: 'stopped' });
    t.same(await driver.inventory(), []);
  },
);

t.test('Given a forced stop, then the environment is stopped and nothing is destroyed', async (t) => {
  const driver = drive(t);
  const pipeline = await deploy(driver);
  const { id } = await environmentOf(driver);
  t.equal((await driver.api('POST', `/environments/${id}/stop`, { force: true })).json().state, 'stopped');
  driver.pass(60);
  t.equal((await driver.job(pipeline, 'stop')).status, 'manual');
  t.ok((await driver.inventory()).length > 0);
});

t.test(
  'Given an environment nobody stops, then GitLab starts its stop job at the first full hour after 13 hours',
  async (t) => {
    const driver = drive(t);
    const pipeline = await deploy(driver);
    const { auto_stop_at } = await environmentOf(driver);
    t.match(String(auto_stop_at), /^2026-11-20T22:01:/);
    driver.setNow(Date.parse('2026-11-20T22:59:59.999Z'));
    t.equal((await driver.job(pipeline, 'stop')).status, 'manual');
    driver.setNow(Date.parse('2026-11-20T23:00:00.001Z'));
    t.equal((await driver.job(pipeline, 'stop')).status, 'pending');
    t.equal((await environmentOf(driver)).state, 'stopping');
    driver.pass(60);
    t.same(await driver.inventory(), []);
  },
);

t.test('Given filters, then GitLab’s rules for them', async (t) => {
  const driver = drive(t);
  await deploy(driver);
  await deploy(driver, OTHER_DEPLOYMENT);
  const names = async (query: string) =>
    (await driver.api('GET', `/environments?${query}`)).list().map(({ name }) => name);
  t.equal((await names('')).length, 2);
  t.same(await names('search=0193f0a0-22'), [`demo/${OTHER_DEPLOYMENT}`]);
  t.same(await names('states=stopped'), []);
  t.equal((await names('states=available')).length, 2);
  t.equal((await driver.api('GET', '/environments?name=a&search=abc')).status, 400);
  t.equal((await driver.api('GET', '/environments?search=ab')).status, 400);
  t.equal((await driver.api('GET', '/environments?states=odd')).status, 400);
  t.equal((await driver.api('GET', '/environments/1')).status, 404);
  t.equal((await driver.api('POST', '/environments/1/stop')).status, 404);
  for (const path of ['', '/current_job', '/upcoming_jobs']) {
    t.equal((await driver.api('GET', `/resource_groups/other${path}`)).status, 404);
  }
});

t.test('Given more environments than are kept, then the oldest is forgotten', async (t) => {
  const driver = drive(t);
  for (let count = 0; count <= 500; count += 1) {
    const id = await driver.createId({ deployment_id: `0193f0a0-3333-7abc-8def-${String(count).padStart(12, '0')}` });
    await driver.api('POST', `/pipelines/${id}/cancel`);
  }
  t.equal((await driver.api('GET', '/environments?per_page=1')).headers['x-total'], '500');
  t.same(await environmentOf(driver, '0193f0a0-3333-7abc-8def-000000000000'), {});
});
