import t from 'tap';
import { createChecks } from '../../src/compose-health.ts';
import { jobStates } from '../../src/compose-jobs.ts';
import type { JobSummary } from '../../src/jobs/job.ts';
import { createSchedule } from '../../src/jobs/schedule.ts';
import type { EventLog } from '../../src/lifecycle/ports.ts';
import { SIMULATOR_TOKEN } from '../../src/local/gitlab-simulator/simulator.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';
import { fails, isOver, live, pressed, sitDown } from './runbook-desk.ts';

/**
 * Runbooks of docs/operations.md, tried: the event is brought about, what the runbook says is done by the means that a
 * person has, and the event ends. Which events need a trial is checked by operations.test.ts.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

t.test(
  'Given GitLab cannot be asked on the way down, when nothing is done, then the net acts, and it ends',
  async (t) => {
    const desk = await sitDown(t);
    await live(t, desk);
    await desk.control('PUT', 'faults/server-error-json');
    t.equal(await desk.destroyByHttp(), 202);
    await desk.pass(35 * MINUTE_MS);
    t.equal(desk.logged('second_destroyer.hastened').length, 1);
    t.ok(desk.logged('gitlab.unavailable').length > 0);
    t.same(desk.state().resources, []);
    await fails(t, desk, 'gitlab');
    await desk.control('DELETE', 'faults');
    await desk.until('idle');
    await isOver(t, desk, 'gitlab');
  },
);

t.test(
  'Given GitLab refuses the token, when the secret gets a new one, then it is used without a restart',
  async (t) => {
    const desk = await sitDown(t);
    desk.setToken('glpat-revoked-by-somebody');
    await fails(t, desk, 'gitlab');
    t.match(desk.logged('gitlab.unauthorized'), [{ level: 'error' }]);
    t.same(await desk.pressByHttp(), [503, 'PREFLIGHT_FAILED']);
    desk.setToken(SIMULATOR_TOKEN);
    await isOver(t, desk, 'gitlab');
    await live(t, desk);
  },
);

t.test('Given the token expires in 14 days, when it is renewed, then the warning ends', async (t) => {
  const desk = await sitDown(t);
  await desk.control('PUT', 'faults/token-expiring', { days: 14 });
  await fails(t, desk, 'gitlab_token');
  t.match(desk.logged('gitlab.token_expiring'), [{ level: 'warn' }]);
  await desk.control('DELETE', 'faults');
  desk.setToken('glpat-not-taken-yet');
  await desk.round();
  desk.setToken(SIMULATOR_TOKEN);
  await isOver(t, desk, 'gitlab_token');
});

t.test('Given the second destroyer cannot be reached, when it is back, then demos are started again', async (t) => {
  const desk = await sitDown(t);
  await desk.round();
  await desk.control('PUT', 'faults/schedules-error');
  t.same(await desk.pressByHttp(), [503, 'ARM_FAILED'], 'it broke after the last round of checks');
  t.match(desk.logged('second_destroyer.not_armed'), [{ level: 'error' }]);
  await fails(t, desk, 'second_destroyer');
  await desk.control('DELETE', 'faults');
  await desk.until('idle');
  await isOver(t, desk, 'second_destroyer');
  await live(t, desk);
  await desk.control('PUT', 'faults/server-error-json');
  await desk.control('PUT', 'faults/schedules-error');
  t.equal(await desk.destroyByHttp(), 202);
  await desk.pass(35 * MINUTE_MS);
  t.ok(desk.logged('second_destroyer.unavailable').length > 0, 'nor can it be told');
  await desk.control('DELETE', 'faults');
  await desk.until('idle');
});

t.test('Given a check fails between lock and apply, when it is over, then the next start goes well', async (t) => {
  const desk = await sitDown(t);
  await desk.round();
  await desk.control('PUT', 'faults/server-error-json');
  t.same(await desk.pressByHttp(), [503, 'PREFLIGHT_FAILED']);
  t.match(desk.logged('preflight.failed'), [{ fields: { failed: ['gitlab'] } }]);
  await desk.control('DELETE', 'faults');
  await desk.until('idle');
  desk.clock.advance(MINUTE_MS);
  await isOver(t, desk);
  await live(t, desk);
});

t.test('Given the store cannot be reached, when it is back, then all goes on by itself', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  desk.storeFaults.always('down');
  await desk.controller.advance();
  t.match(desk.logged('deployment.step_failed'), [{ level: 'error' }]);
  const round = async (): Promise<void> => {
    desk.clock.advance(25_000);
    await desk.health.refresh();
    desk.alarms.observe(desk.health.report());
  };
  for (let again = 0; again < 3; again += 1) await round();
  t.match(
    desk.logged('check.failing').filter(({ fields }) => fields.check === 'store'),
    [{ level: 'error' }],
  );
  t.equal(await desk.healthStatus(), 503, 'after a minute');
  desk.storeFaults.heal();
  await isOver(t, desk, 'store');
  t.equal(await desk.healthStatus(), 200);
  await desk.pass(MINUTE_MS);
  t.equal(await desk.status(), 'live');
});

t.test('Given the latest demo was not built, when the next one is live, then it is over', async (t) => {
  const desk = await sitDown(t);
  await desk.control('PUT', 'faults/create-rejected', { action: 'apply', reason: 'Reference not found' });
  await pressed(t, desk);
  await desk.until('idle');
  await fails(t, desk, 'latest_start');
  t.match((await desk.report()).checks.find(({ name }) => name === 'latest_start')?.detail, /not_started/);
  t.match(desk.logged('pipeline.refused'), [{ fields: { reason: 'ref_not_found' } }]);
  t.ok(desk.logged('gitlab.create_rejected').length <= 1);
  await desk.control('DELETE', 'faults');
  t.ok((await desk.round()).includes('latest_start'), 'nobody has shown yet that it works');
  await live(t, desk);
  await isOver(t, desk, 'latest_start');
});

t.test('Given everything is to stop, when it is paused and ended, then nobody can start until it is not', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  t.equal(await desk.pauseByHttp(true), 200);
  t.equal(await desk.destroyByHttp(), 202);
  await desk.until('idle');
  t.same(await desk.pressByHttp(), [503, 'PAUSED']);
  t.equal(await desk.pauseByHttp(false), 200);
  await pressed(t, desk);
});

t.test('Given a job is silent or fails, when a task runs the catch-up at its start, then it is over', async (t) => {
  const clock = createFakeClock(Date.parse('2026-11-20T09:00:00Z'));
  const store = createMemoryStore(createStoreFaults());
  const events: { name: string; level: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const log: EventLog = { event: (level, name, fields) => events.push({ level, name, fields }) };
  let errors: readonly string[] = ['the inventory could not be swept'];
  const run = async (): Promise<JobSummary> => ({ examined: 1, acted: 0, errors });
  const newSchedule = () =>
    createSchedule({ slots: store, deadLetters: store, clock, log, timeZone: 'UTC' }, [
      { name: 'nightly', expression: '0 3 * * *', run },
    ]);
  await store.completeSlot('nightly', Date.parse('2026-11-19T03:00:00Z'));
  const schedule = newSchedule();
  const nothing = async () => undefined;
  const { health, alarms } = createChecks('aws', {
    store,
    secrets: { freshen: nothing },
    gitlab: { ping: nothing, checkToken: nothing },
    secondDestroyer: { list: async () => [] },
    inventory: { sweep: async () => [] },
    deadLetters: store,
    slots: store,
    notifier: { notify: () => undefined },
    log,
    clock,
    jobs: () => jobStates(schedule),
    jobProgress: () => schedule.completions(),
  });
  const round = async (): Promise<void> => {
    clock.advance(25_000);
    await health.refresh();
    alarms.observe(health.report());
  };
  const logged = (name: string) => events.filter((event) => event.name === name);
  await round();
  t.match(logged('job.silent'), [{ level: 'error', fields: { job: 'nightly' } }]);
  t.equal(await newSchedule().catchUp(['nightly']), 1, 'a restart');
  await round();
  t.match(logged('job.completed'), [{ level: 'error', fields: { errors } }], 'and says why it fails');
  t.match(logged('dead_letter.present'), [{ fields: { kind: 'job', id: 'job:nightly' } }]);
  errors = [];
  clock.advance(HOUR_MS);
  t.equal(await newSchedule().catchUp(['nightly']), 1, 'another one, an hour later');
  await round();
  t.equal(logged('job.recovered').length, 1);
  t.equal(logged('dead_letter.gone').length, 1);
  t.equal(health.report().isDegraded, false);
});
