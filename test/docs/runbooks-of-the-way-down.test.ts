import t from 'tap';
import { fails, isOver, live, pressed, sitDown } from './runbook-desk.ts';

/**
 * Runbooks of docs/operations.md, tried: the event is brought about, what the runbook says is done by the means that a
 * person has, and the event ends. Which events need a trial is checked by operations.test.ts.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ORPHAN = '01930000-0000-7000-8000-0000000000ff';

t.test('Given the inventory cannot be read, when it can again, then what is overdue ends by itself', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  await desk.control('PUT', 'faults/inventory-error');
  t.equal(await desk.destroyByHttp(), 202);
  await desk.pass(69 * MINUTE_MS);
  t.same(desk.logged('deployment.overdue'), []);
  await desk.pass(3 * MINUTE_MS);
  t.match(desk.logged('deployment.overdue'), [{ level: 'error', fields: { repeated: false } }]);
  t.match(await desk.report(), { status: 'degraded', overdue_deployments: 1, dead_letters: 0 });
  t.ok(desk.logged('check.failing').some(({ fields }) => fields.check === 'inventory'));
  await desk.control('DELETE', 'faults');
  await desk.until('idle');
  await isOver(t, desk, 'inventory');
  t.equal(desk.logged('deployment.overdue_ended').length, 1);
});

t.test('Given something is deleting for ever, when what holds it up is deleted by hand, then it ends', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  const { inventory } = desk.ports;
  const { read } = inventory;
  inventory.read = async () => ({ answer: 'deleting', count: 1, detail: ['aws_network_interface eni-1'] });
  t.equal(await desk.destroyByHttp(), 202);
  await desk.pass(75 * MINUTE_MS);
  t.ok((await desk.round()).includes('overdue_deployments'));
  const report = await desk.report();
  t.match(
    report.checks.filter(({ name }) => name === 'inventory'),
    [{ state: 'ok' }],
    'as the runbook tells them apart',
  );
  t.match(report.dead_letter_details, [{ kind: 'quarantine', last_error: 'aws_network_interface eni-1' }]);
  t.equal(desk.logged('deployment.overdue').length, 1);
  inventory.read = read;
  await desk.until('idle');
  await isOver(t, desk);
});

t.test('Given a quarantine, when what is left is removed by hand, then an hour later the lock is free', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  await desk.control('PUT', 'faults/leftovers', { action: 'destroy' });
  t.equal(await desk.destroyByHttp(), 202);
  await desk.until('quarantined');
  await fails(t, desk, 'teardown');
  t.match(desk.logged('dead_letter.present'), [{ level: 'error', fields: { kind: 'quarantine' } }]);
  const { dead_letter_details: letters } = await desk.report();
  t.match(letters, [{ kind: 'quarantine', last_error: /^ec2:volume vol-/ }], 'its text names what is left');
  await desk.control('DELETE', 'faults');
  t.equal(await desk.destroyInGitlab(letters?.[0]?.id ?? ''), 201, 'in the place of the console');
  const removedAt = desk.clock.now();
  await desk.until('idle');
  t.ok(desk.clock.now() - removedAt <= 70 * MINUTE_MS, `${(desk.clock.now() - removedAt) / MINUTE_MS} minutes`);
  await isOver(t, desk, 'teardown');
  t.equal(desk.logged('dead_letter.gone').length, 1);
});

t.test('Given an orphan, when it is destroyed in GitLab by hand, then the next hourly run forgets it', async (t) => {
  const desk = await sitDown(t);
  await desk.control('PUT', `orphans/${ORPHAN}`);
  await fails(t, desk, 'inventory');
  t.same(await desk.pressByHttp(), [503, 'PREFLIGHT_FAILED']);
  await desk.nightly(desk.clock.now());
  t.match(desk.logged('orphan.sighted'), [{ level: 'error', fields: { deploymentId: ORPHAN } }]);
  t.ok((await desk.round()).includes('dead_letters'));
  t.equal(await desk.destroyInGitlab(ORPHAN), 201);
  await desk.hourly(desk.clock.now() + HOUR_MS);
  desk.clock.advance(10 * MINUTE_MS);
  await desk.hourly(desk.clock.now());
  await isOver(t, desk, 'inventory');
  t.match(desk.logged('dead_letter.gone'), [{ fields: { id: ORPHAN } }]);
});

t.test('Given an orphan, when nothing is done, then it is adopted on the second sighting and destroyed', async (t) => {
  const desk = await sitDown(t);
  await desk.control('PUT', `orphans/${ORPHAN}`);
  await desk.nightly(desk.clock.now());
  desk.clock.advance(24 * HOUR_MS);
  await desk.nightly(desk.clock.now());
  t.match(desk.logged('orphan.adopted'), [{ level: 'error' }]);
  await desk.until('idle');
  desk.faultAtSight.splice(0);
  await isOver(t, desk);
});

t.test('Given an orphan beside a running demo, when nothing is done, then it gets a destroy of its own', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  await desk.control('PUT', `orphans/${ORPHAN}`);
  await desk.nightly(0);
  desk.clock.advance(10 * MINUTE_MS);
  await desk.hourly(desk.clock.now());
  t.match(desk.logged('orphan.destroy_requested'), [{ level: 'error' }]);
  await desk.pass(10 * MINUTE_MS);
  await desk.hourly(desk.clock.now());
  await isOver(t, desk);
  t.equal(await desk.status(), 'live', 'the demo goes on');
});

t.test('Given the live demo does not answer, when it is ended as the runbook says, then it is gone', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  await desk.control('PUT', 'faults/live-url-down');
  await desk.pass(2 * MINUTE_MS);
  await fails(t, desk, 'live_demo');
  t.equal(await desk.destroyByHttp(), 202);
  await desk.until('idle');
  await isOver(t, desk, 'live_demo');
});

t.test('Given a destroy fails, when nothing is done, then the next one does it', async (t) => {
  const desk = await sitDown(t);
  await live(t, desk);
  await desk.control('PUT', 'faults/destroy-fails', { times: 1 });
  t.equal(await desk.destroyByHttp(), 202);
  await desk.until('idle');
  t.ok(desk.logged('check.failing').some(({ fields }) => fields.check === 'teardown'));
  await isOver(t, desk, 'teardown');
});

t.test('Given a foreign link or a moved tag, when it is mended, then the next demo is as it should be', async (t) => {
  const desk = await sitDown(t);
  await desk.control('PUT', 'faults/artifact-foreign-url', { url: 'https://evil.example/' });
  await pressed(t, desk);
  await desk.until('idle');
  t.match(desk.logged('deployment.link_refused'), [{ level: 'error' }]);
  await desk.control('DELETE', 'faults');
  await live(t, desk);
  await desk.control('PUT', 'faults/sha-moved');
  t.equal(await desk.destroyByHttp(), 202);
  await desk.until('idle');
  t.match(desk.logged('pipeline.sha_mismatch'), [{ level: 'error' }]);
  await desk.control('DELETE', 'faults');
  await isOver(t, desk);
});
