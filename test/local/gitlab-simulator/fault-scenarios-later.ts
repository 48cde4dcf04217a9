import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { DEPLOYMENT, type Driver, deploy, drive } from './driver.ts';
import { driverWith, endOf, type Scenario, traceOf } from './fault-driver.ts';

const addressTypes = async (driver: Driver): Promise<readonly unknown[]> =>
  (await driver.inventory()).map(({ type }) => type);

/** How many jobs of that name a pipeline has had. */
async function runsOf(driver: Driver, pipelineId: number, name: string): Promise<number> {
  const jobs = await driver.api('GET', `/pipelines/${pipelineId}/jobs?include_retried=true`);
  return jobs.list().filter((job) => job.name === name).length;
}

/** What happens a while after the request that set it in motion, or after a job's end. */
export const LATER_SCENARIOS = {
  'auto-cancelled': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const id = await driver.createId();
    driver.pass(0.4);
    t.equal(await driver.pipelineStatus(id), 'pending');
    driver.pass(0.2);
    t.equal(await driver.pipelineStatus(id), 'canceled');
    driver.simulator.control.setFault(name, { times: 1, after_seconds: 3 });
    const started = await driver.createId();
    driver.pass(100);
    t.equal(await driver.pipelineStatus(started), 'success', 'what has started is not interruptible');
  },
  'pipeline-reopened': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, after_seconds: 20 });
    const id = await driver.createId();
    driver.pass(100);
    t.equal(await driver.pipelineStatus(id), 'success');
    driver.setNow(Date.parse(String((await driver.job(id, 'verify')).finished_at)) + 22_000);
    t.equal(await driver.pipelineStatus(id), 'running');
    driver.pass(60);
    t.equal(await driver.pipelineStatus(id), 'success');
    t.equal(await runsOf(driver, id, 'verify'), 2);
    driver.simulator.control.setFault(name, { times: 1, job: 'plan' });
    const other = await driver.createId();
    driver.pass(200);
    t.equal(await runsOf(driver, other, 'plan'), 2);
    t.equal(await runsOf(driver, other, 'verify'), 1);
  },
  'apply-retried': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const id = await driver.createId();
    driver.pass(20);
    await driver.api('POST', `/pipelines/${id}/cancel`);
    driver.pass(4);
    t.equal((await driver.job(id, 'apply')).status, 'canceled');
    driver.pass(5);
    t.match(await driver.job(id, 'apply'), { status: 'running' });
    t.equal(await runsOf(driver, id, 'apply'), 2);
  },
  'auto-stop': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, after_seconds: 30 });
    const id = await deploy(driver);
    t.equal((await driver.job(id, 'stop')).status, 'manual');
    driver.pass(30);
    t.equal((await driver.job(id, 'stop')).status, 'running');
    driver.pass(60);
    t.same(await driver.inventory(), []);
  },
  'late-start': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, late_seconds: 2 });
    const id = await driver.createId({ start_before: '2026-11-20T09:05:00Z' });
    driver.pass(300);
    t.equal((await driver.job(id, 'apply')).status, 'pending');
    driver.pass(10);
    const job = await driver.job(id, 'apply');
    t.match(job, { status: 'failed', failure_reason: 'script_failure', started_at: '2026-11-20T09:05:02.000Z' });
    t.match(await traceOf(driver, job), /refused: this apply had to start before 2026-11-20T09:05:00Z/);
    t.same(await driver.inventory(), []);
    driver.simulator.control.setFault(name, {});
    t.equal((await endOf(driver, 'apply')).status, 'success', 'without a deadline nothing is late');
  },
  'resource-group-stuck': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const stuck = await driver.createId();
    driver.pass(10_000);
    t.equal((await driver.job(stuck, 'apply')).status, 'waiting_for_resource');
    t.equal((await endOf(driver, 'apply')).status, 'success', 'it keeps nobody else from the group');
    t.equal((await driver.job(stuck, 'apply')).status, 'waiting_for_resource', 'and does not get it then');
    await driver.api('POST', `/pipelines/${stuck}/cancel`);
    t.equal(await driver.pipelineStatus(stuck), 'canceled');
  },
  'created-not-in-state': async (t, name) => {
    const driver = driverWith(t, name, { times: 1 });
    const job = await endOf(driver, 'apply');
    t.match(job, { status: 'failed', failure_reason: 'runner_system_failure', duration: 30 });
    t.ok((await addressTypes(driver)).includes('eks:cluster'), 'it was being made');
    const first = await endOf(driver, 'destroy', 'destroy');
    t.equal(first.status, 'success');
    const log = await traceOf(driver, first);
    t.notMatch(log, /aws_eks_cluster\.demo: Destroying/, 'Terraform does not know it');
    t.match(log, /sweep: deleting eks:cluster/, 'its tag and name are enough');
    t.same(await driver.inventory(), []);
  },
  'stale-lock': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, job: 'apply', after_seconds: 30, stale_after_seconds: 400 });
    t.match(await endOf(driver, 'apply'), { status: 'failed', failure_reason: 'runner_system_failure' });
    t.match(driver.simulator.snapshot(), { state_locks: [{ deployment_id: DEPLOYMENT }] });
    for (const [job, action] of [
      ['apply', 'apply'],
      ['destroy', 'destroy'],
    ] as const) {
      const locked = await endOf(driver, job, action);
      t.equal(locked.status, 'failed');
      t.match(await traceOf(driver, locked), /Error acquiring the state lock/);
    }
    driver.simulator.control.putSchedule(DEPLOYMENT, driver.now(), 100_000);
    driver.pass(60);
    t.match(driver.simulator.snapshot(), { builds: [{ status: 'failed', destroyed: 0 }] }, 'the second destroyer too');
    const broken = await endOf(driver, 'destroy', 'destroy');
    t.equal(broken.status, 'success');
    t.match(await traceOf(driver, broken), /lock: 76 minutes old, and nobody holds it any more: broken/);
    t.match(driver.simulator.snapshot(), { state_locks: [] });
    t.same(await driver.inventory(), []);

    driver.simulator.control.setFault(name, { times: 1, job: 'apply', after_seconds: 30 });
    t.match(await endOf(driver, 'apply'), { status: 'failed' });
    const id = await driver.createId({ action: 'destroy', holders_ended: 'true' });
    driver.pass(120);
    const told = await driver.job(id, 'destroy');
    t.equal(told.status, 'success', 'who is told that nobody holds it need not wait until it is old');
    t.match(await traceOf(driver, told), /lock: 12 minutes old, and nobody holds it any more: broken/);
  },
  'resource-reappears': async (t, name) => {
    const driver = driverWith(t, name, { times: 1, after_seconds: 200 });
    await deploy(driver);
    t.equal((await endOf(driver, 'destroy', 'destroy')).status, 'success');
    t.same(await driver.inventory(), []);
    driver.pass(200);
    t.same(await addressTypes(driver), ['ec2:network-interface']);
    t.equal((await endOf(driver, 'destroy', 'destroy')).status, 'success', 'nothing stands in its way');
    t.same(await driver.inventory(), []);
    driver.simulator.control.setFault(name, { times: 1 });
    driver.simulator.control.putSchedule(DEPLOYMENT, driver.now(), 100_000);
    driver.pass(100);
    t.same(await addressTypes(driver), ['ec2:network-interface'], 'whoever destroyed');
  },
  'stale-status': async (t, name) => {
    const driver = drive(t);
    const id = await deploy(driver);
    driver.simulator.control.setFault(name, { seconds: 60 });
    t.equal(await driver.pipelineStatus(id), 'running');
    t.match(await driver.job(id, 'apply'), { status: 'running', finished_at: null });
    t.match(await driver.job(id, 'verify'), { status: 'created', started_at: null });
    driver.simulator.control.setFault(name, { seconds: 98.5 });
    t.match(await driver.job(id, 'plan'), { status: 'running' });
    t.match(await driver.job(id, 'apply'), { status: 'created' });
    driver.pass(60);
    t.equal(await driver.pipelineStatus(id), 'running', 'a list is as late');
    driver.simulator.control.clearFaults();
    await driver.createId({ request_id: 'req-2' });
    driver.pass(20);
    driver.simulator.control.setFault(name, { seconds: 15 });
    const [newest] = (await driver.api('GET', '/pipelines')).list();
    await driver.api('POST', `/pipelines/${newest?.id}/cancel`);
    driver.pass(5);
    t.equal(await driver.pipelineStatus(Number(newest?.id)), 'running', 'cancelled, and not shown yet');
    driver.pass(12);
    t.equal(await driver.pipelineStatus(Number(newest?.id)), 'canceling');
    driver.pass(10);
    t.equal(await driver.pipelineStatus(Number(newest?.id)), 'canceled');
  },
} as const satisfies Partial<Record<FaultName, Scenario>>;
