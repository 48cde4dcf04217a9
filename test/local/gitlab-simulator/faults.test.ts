import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import { FAULTS, type FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { DEPLOYMENT, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';
import { driverWith, endOf, type Scenario, traceOf } from './fault-driver.ts';
import { LATER_SCENARIOS } from './fault-scenarios-later.ts';
import { shapeErrors } from './gitlab-shapes.ts';
import { listening } from './listening.ts';

/** A fault that answers in place of the API, once. */
function refusal(expected: {
  readonly parameters?: FaultParameters;
  readonly status: number;
  readonly body: RegExp;
  readonly headers?: Record<string, RegExp>;
}): Scenario {
  return async (t, name) => {
    const driver = driverWith(t, name, { times: 1, ...expected.parameters });
    const answer = await driver.api('GET', '/pipelines');
    t.equal(answer.status, expected.status);
    t.match(answer.body, expected.body);
    t.match(answer.headers, { 'ratelimit-limit': '2000', ...expected.headers });
    t.equal((await driver.api('GET', '/pipelines')).status, 200, 'only once');
  };
}

function createRefusal(parameters: FaultParameters, text: string): Scenario {
  return async (t, name) => {
    const driver = driverWith(t, name, { times: 1, ...parameters });
    const answer = await driver.create();
    t.equal(answer.status, 400);
    t.same(answer.json(), { message: { base: [text] } });
    t.same((await driver.api('GET', '/pipelines')).list(), [], 'nothing was made');
    t.equal((await driver.create()).status, 201);
  };
}

/** A fault that breaks the connection or keeps it open; only a real connection shows it. */
function broken(parameters: FaultParameters, created: number, isHang: boolean): Scenario {
  return async (t, name) => {
    const { driver, post } = await listening(t);
    driver.simulator.control.setFault(name, { times: 1, ...parameters });
    await t.rejects(post(isHang ? 200 : 5_000), isHang ? { name: 'TimeoutError' } : { message: /fetch failed/ });
    t.equal((await driver.api('GET', '/pipelines')).list().length, created);
    t.equal((await post(5_000)).status, 201, 'only once');
  };
}

async function outputs(t: Test, name: FaultName, parameters: FaultParameters = {}) {
  const driver = driverWith(t, name, { times: 1, ...parameters });
  const job = await driver.job(await deploy(driver), 'apply');
  const read = () => driver.api('GET', `/jobs/${job.id}/artifacts/outputs.json`);
  const first = await read();
  t.match((await read()).json(), { deployment_id: DEPLOYMENT }, 'only once');
  return first;
}

async function page(t: Test, name: FaultName, parameters: FaultParameters = {}) {
  const driver = driverWith(t, name, { times: 1, ...parameters });
  await deploy(driver);
  const first = await driver.request('GET', `/demo/${DEPLOYMENT}/`);
  t.match((await driver.request('GET', `/demo/${DEPLOYMENT}/`)).body, DEPLOYMENT, 'only once');
  return first;
}

/** The type demands one scenario for each fault of the table. */
const SCENARIOS: Readonly<Record<FaultName, Scenario>> = {
  ...LATER_SCENARIOS,
  'connection-reset': async (t, name) => {
    const { driver, post } = await listening(t);
    driver.simulator.control.setFault(name, { method: 'POST' });
    await t.rejects(post(5_000), { message: /fetch failed/ });
    t.same((await driver.api('GET', '/pipelines')).list(), []);
  },
  hang: async (t, name) => {
    const { driver, post } = await listening(t);
    driver.simulator.control.setFault(name, { path_contains: '/pipeline', times: 1 });
    await t.rejects(post(200), { name: 'TimeoutError' });
    t.equal((await post(5_000)).status, 201);
  },
  slow: async (t, name) => {
    const driver = driverWith(t, name, { delay_ms: 30, times: 1 });
    const before = performance.now();
    t.equal((await driver.api('GET', '/pipelines')).status, 200);
    t.ok(performance.now() - before >= 25);
    const open = await listening(t);
    open.driver.simulator.control.setFault(name, { delay_ms: 1e9, times: 1 });
    const waiting = open.post(5_000);
    waiting.catch(() => undefined);
    await setImmediate();
    await open.driver.simulator.close();
    await t.rejects(waiting, { message: /fetch failed/ }, 'closing waits for nobody');
  },
  unauthorized: async (t, name) => {
    const driver = driverWith(t, name);
    t.same((await driver.api('GET', '/pipelines')).json(), { message: '401 Unauthorized' });
    for (const [kind, text] of [
      ['expired', /expired/],
      ['revoked', /revoked/],
    ] as const) {
      driver.simulator.control.setFault(name, { kind });
      const answer = await driver.api('GET', '/pipelines');
      t.equal(answer.status, 401);
      t.match(answer.json(), { error: 'invalid_token', error_description: text });
      t.same(shapeErrors('error', answer.json()), []);
    }
  },
  forbidden: refusal({ status: 403, body: /insufficient_scope/ }),
  'rate-limited': async (t, name) => {
    await refusal({
      parameters: { retry_after_seconds: 11 },
      status: 429,
      body: /^Retry later\n$/,
      headers: { 'retry-after': /^11$/, 'content-type': /^text\/plain/ },
    })(t, name);
    await refusal({ parameters: { kind: 'json' }, status: 429, body: /requested too many times/ })(t, name);
  },
  'server-error-html': async (t, name) => {
    const headers = { 'content-type': /^text\/html/ };
    await refusal({ status: 502, body: /<h1>502<\/h1>/, headers })(t, name);
    await refusal({ parameters: { status: 503 }, status: 503, body: /503 Service Unavailable/, headers })(t, name);
  },
  'server-error-json': refusal({ status: 500, body: /^\{"message":"500 Internal Server Error"\}$/ }),
  'truncated-json': async (t, name) => {
    const driver = drive(t);
    await driver.create();
    driver.simulator.control.setFault(name, { times: 1 });
    const answer = await driver.api('GET', '/pipelines');
    t.equal(answer.status, 200);
    t.throws(() => answer.list(), SyntaxError);
    t.equal((await driver.api('GET', '/pipelines')).list().length, 1);
  },
  'not-found': async (t, name) => {
    const driver = drive(t);
    const id = await driver.createId();
    const other = await driver.createId({ deployment_id: OTHER_DEPLOYMENT });
    const job = await driver.job(id, 'plan');
    driver.simulator.control.setFault(name, { pipeline_id: id });
    t.same((await driver.api('GET', `/pipelines/${id}`)).json(), { message: '404 Not found' });
    t.equal((await driver.api('GET', `/pipelines/${id}/jobs`)).status, 404);
    t.equal((await driver.api('GET', `/jobs/${job.id}`)).status, 404);
    t.same(
      (await driver.api('GET', '/pipelines')).list().map((pipeline) => pipeline.id),
      [other],
    );
  },
  'create-lost-request': broken({}, 0, false),
  'create-lost-reply': async (t, name) => {
    await broken({}, 1, false)(t, name);
    const { driver, post } = await listening(t);
    driver.simulator.control.setFault(name, { times: 1, commit_after_seconds: 20 });
    await t.rejects(post(5_000), { message: /fetch failed/ });
    driver.pass(19.9);
    t.same((await driver.api('GET', '/pipelines')).list(), []);
    driver.pass(0.2);
    const [late] = (await driver.api('GET', '/pipelines')).list();
    t.match(late, { created_at: '2026-11-20T09:00:20.123Z' }, 'it commits later');
  },
  'create-hang': async (t, name) => {
    await broken({}, 0, true)(t, name);
    await broken({ commit: true }, 1, true)(t, name);
  },
  'create-limit': createRefusal({}, 'Too many pipelines created in the last minute. Try again later.'),
  'create-rejected': createRefusal({ reason: 'Missing CI config file' }, 'Missing CI config file'),
  'create-twice': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const id = await driver.createId();
    const list = (await driver.api('GET', '/pipelines')).list();
    t.equal(list.length, 2);
    t.equal(list[0]?.id, id);
    t.equal(list[0]?.name, list[1]?.name);
  },
  'sha-moved': async (t, name) => {
    const driver = drive(t);
    const before = (await driver.create()).json().sha;
    driver.simulator.control.setFault(name, { times: 1 });
    t.not((await driver.create()).json().sha, before);
    t.equal((await driver.create()).json().sha, before);
  },
  'stuck-pipeline': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, action: 'apply' });
    const stuck = await driver.createId();
    driver.pass(10_000);
    t.equal(await driver.pipelineStatus(stuck), 'pending');
    await driver.api('POST', `/pipelines/${stuck}/cancel`);
    t.equal(await driver.pipelineStatus(stuck), 'canceled');
    driver.simulator.control.setFault(name, { times: 1, for_seconds: 30 });
    const late = await driver.createId();
    driver.pass(29.9);
    t.equal(await driver.pipelineStatus(late), 'pending');
    driver.pass(0.2);
    t.equal(await driver.pipelineStatus(late), 'running');
  },
  'apply-fails': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const job = await endOf(driver, 'apply');
    t.match(job, { status: 'failed', failure_reason: 'script_failure' });
    t.match(await traceOf(driver, job), /VcpuLimitExceeded[\s\S]*ERROR: Job failed: exit code 1/);
    const types = (await driver.inventory()).map(({ type }) => type);
    t.ok(types.includes('eks:cluster'), 'what was built stays');
    t.equal((await driver.request('GET', `/demo/${DEPLOYMENT}/`)).body.includes(DEPLOYMENT), false);
    for (const [after, expected] of [
      [0, 0],
      [1, 6],
      [1_000, 11],
    ] as const) {
      const other = driverWith(t, name, { after_resources: after });
      await endOf(other, 'apply');
      t.equal((await other.inventory()).length, expected, `after ${after} resources`);
    }
  },
  'verify-fails': async (t, name) => {
    const driver = driverWith(t, name);
    t.match(await endOf(driver, 'verify'), { status: 'failed', failure_reason: 'script_failure' });
    t.match((await driver.request('GET', `/demo/${DEPLOYMENT}/`)).body, DEPLOYMENT);
  },
  'destroy-fails': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    await deploy(driver);
    const job = await endOf(driver, 'destroy', 'destroy');
    t.equal(job.status, 'failed');
    t.match(await traceOf(driver, job), /DependencyViolation/);
    const left = (await driver.inventory()).map(({ type, state }) => [type, state]);
    t.same(left, [
      ['ec2:security-group', 'active'],
      ['ec2:network-interface', 'active'],
    ]);
    t.equal((await endOf(driver, 'destroy', 'destroy')).status, 'success');
    t.same(await driver.inventory(), [], 'the next destroy takes the rest');
  },
  leftovers: async (t, name) => {
    const driver = driverWith(t, name, { survive: 2 });
    await deploy(driver);
    for (const attempt of [1, 2]) {
      t.equal((await endOf(driver, 'destroy', 'destroy')).status, 'success', `destroy ${attempt}`);
      t.same(
        (await driver.inventory()).map(({ type }) => type),
        ['ec2:volume', 'ec2:network-interface'],
      );
    }
    const inventory = await endOf(driver, 'inventory', 'destroy');
    t.equal(inventory.status, 'success');
    t.same(await driver.inventory(), []);
    const failing = driverWith(t, name);
    await deploy(failing);
    t.equal((await endOf(failing, 'inventory', 'destroy')).status, 'failed', 'the inventory job sees what is left');
    const partial = driverWith(t, name);
    partial.simulator.control.setFault('apply-fails', { after_resources: 1 });
    await deploy(partial);
    await endOf(partial, 'destroy', 'destroy');
    t.ok((await partial.inventory()).length > 0, 'something is left also of a partial apply');
  },
  'state-locked': async (t, name) => {
    const driver = driverWith(t, name, { times: 2 });
    for (const [job, action] of [
      ['apply', 'apply'],
      ['destroy', 'destroy'],
    ] as const) {
      const ended = await endOf(driver, job, action);
      t.equal(ended.status, 'failed');
      t.match(await traceOf(driver, ended), /Error acquiring the state lock/);
    }
    t.same(await driver.inventory(), []);
  },
  'runner-lost': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, job: 'apply', after_seconds: 10 });
    const job = await endOf(driver, 'apply');
    t.match(job, { status: 'failed', failure_reason: 'runner_system_failure', duration: 10 });
    t.notMatch(await traceOf(driver, job), /Job failed/, 'a lost runner says nothing');
    t.ok((await driver.inventory()).length > 0);
  },
  'job-hangs': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, job: 'destroy', after_seconds: 3 });
    const id = await driver.createId({ action: 'destroy' });
    driver.pass(300);
    t.equal((await driver.job(id, 'destroy')).status, 'running');
    driver.pass(100);
    t.match(await driver.job(id, 'destroy'), { status: 'failed', failure_reason: 'job_execution_timeout' });
    driver.simulator.control.setFault(name, { times: 1, after_seconds: 1_000, for_seconds: 2 });
    const late = await endOf(driver, 'destroy', 'destroy');
    t.equal(late.status, 'failed', 'at the latest just before the end');
    t.notMatch(await traceOf(driver, late), /Job succeeded/);
  },
  'quota-exceeded': async (t, name) => {
    const driver = driverWith(t, name);
    const job = await endOf(driver, 'plan');
    t.match(job, { status: 'failed', failure_reason: 'ci_quota_exceeded', started_at: null, artifacts: [] });
  },
  'cancel-hangs': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, for_seconds: 60 });
    const id = await driver.createId();
    driver.pass(20);
    await driver.api('POST', `/pipelines/${id}/cancel`);
    driver.pass(59.9);
    t.equal(await driver.pipelineStatus(id), 'canceling');
    driver.pass(0.2);
    t.equal(await driver.pipelineStatus(id), 'canceled');
    const forever = driverWith(t, name);
    const other = await forever.createId();
    forever.pass(20);
    await forever.api('POST', `/pipelines/${other}/cancel`);
    forever.pass(100_000);
    t.equal(await forever.pipelineStatus(other), 'canceling');
  },
  'unknown-status': async (t, name) => {
    const driver = driverWith(t, name, { status: 'on_fire' });
    const id = await driver.createId();
    driver.pass(5);
    t.equal(await driver.pipelineStatus(id), 'on_fire');
    t.equal((await driver.job(id, 'plan')).status, 'on_fire');
    driver.pass(100);
    t.equal(await driver.pipelineStatus(id), 'success', 'what is finished is told');
  },
  'clock-skew': async (t, name) => {
    const driver = driverWith(t, name, { seconds: -90 });
    t.equal((await driver.create()).json().created_at, '2026-11-20T08:58:30.123Z');
  },
  'token-expiring': async (t, name) => {
    const driver = driverWith(t, name, { days: 9 });
    const headers = { authorization: 'Bearer rotated' };
    driver.simulator.setToken('rotated');
    const token = await driver.request('GET', '/api/v4/personal_access_tokens/self', undefined, headers);
    t.match(token.json(), { expires_at: '2026-11-29', active: true });
  },
  'trace-ignores-ranges': async (t, name) => {
    const driver = driverWith(t, name);
    const job = await endOf(driver, 'verify');
    const part = await driver.api('GET', `/jobs/${job.id}/trace?byte_offset=100&byte_limit=10`);
    t.equal(part.body, await traceOf(driver, job));
    t.ok(part.bytes.length > 10);
  },
  'trace-classic': async (t, name) => {
    const driver = driverWith(t, name);
    const job = await endOf(driver, 'verify');
    t.match(await traceOf(driver, job), /^\u001b\[0KRunning with gitlab-runner/);
  },
  'artifact-missing': async (t, name) => {
    t.equal((await outputs(t, name)).status, 404);
  },
  'artifact-redirect': async (t, name) => {
    const answer = await outputs(t, name);
    t.equal(answer.status, 302);
    t.match(String(answer.headers.location), /^http:\/\/127\.0\.0\.1:\d+\/artifacts\/\d+\/outputs\.json$/);
  },
  'artifact-malformed': async (t, name) => {
    const answer = await outputs(t, name);
    t.equal(answer.status, 200);
    t.throws(() => answer.json(), SyntaxError);
  },
  'artifact-foreign-url': async (t, name) => {
    const answer = await outputs(t, name, { url: 'https://evil.example/' });
    t.match(answer.json(), { url: 'https://evil.example/' });
  },
  'inventory-partial': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    await deploy(driver);
    const { complete, resources } = (await driver.request('GET', '/control/inventory')).json();
    t.equal(complete, false);
    t.equal((resources as unknown[]).length, 5);
    t.match((await driver.request('GET', '/control/inventory')).json(), { complete: true });
  },
  'inventory-error': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, deployment_id: DEPLOYMENT });
    t.equal((await driver.request('GET', '/control/inventory')).status, 200, 'the sweep is another question');
    t.equal((await driver.request('GET', `/control/inventory?deployment_id=${DEPLOYMENT}`)).status, 500);
    t.equal((await driver.request('GET', `/control/inventory?deployment_id=${DEPLOYMENT}`)).status, 200);
  },
  'schedules-error': async (t, name) => {
    const driver = driverWith(t, name, { times: 3 });
    const url = `/control/schedules/${DEPLOYMENT}`;
    const body = { first_run_at: driver.now(), every_seconds: 60 };
    t.equal((await driver.request('PUT', url, body)).status, 500);
    t.equal((await driver.request('GET', '/control/schedules')).status, 500);
    t.equal((await driver.request('DELETE', url)).status, 500);
    t.same((await driver.request('GET', '/control/schedules')).json(), { schedules: [] }, 'nothing was set');
  },
  'second-destroyer-fails': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    await deploy(driver);
    const before = (await driver.inventory()).length;
    driver.simulator.control.putSchedule(DEPLOYMENT, driver.now(), 100);
    driver.pass(60);
    t.equal((await driver.inventory()).length, before);
    t.match(driver.simulator.snapshot(), { builds: [{ status: 'failed', destroyed: 0 }] });
    driver.pass(100);
    t.same(await driver.inventory(), [], 'the next run works');
  },
  'live-url-down': async (t, name) => {
    t.equal((await page(t, name)).status, 503);
  },
  'live-url-holding': async (t, name) => {
    const answer = await page(t, name);
    t.equal(answer.status, 200);
    t.notMatch(answer.body, DEPLOYMENT);
  },
  'live-url-redirect': async (t, name) => {
    const answer = await page(t, name, { url: 'http://169.254.169.254/' });
    t.equal(answer.status, 302);
    t.equal(answer.headers.location, 'http://169.254.169.254/');
  },
  'live-url-foreign': async (t, name) => {
    const answer = await page(t, name);
    t.equal(answer.status, 200);
    t.notMatch(answer.body, DEPLOYMENT);
    t.match(answer.body, '00000000-0000-4000-8000-000000000000');
  },
};

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const fault = name as FaultName;
  t.test(`Given the fault ${fault}, then: ${FAULTS[fault].does}`, (t) => scenario(t, fault));
}
