import t from 'tap';
import type { StartRequest } from '../../src/lifecycle/requests.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type StageOptions, VISITOR } from '../fakes/stage.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const NO_LIMITS = { perVisitorPerDay: null, perDay: null, noOriginPerDay: null };
const other = (visitorHash: string): StartRequest => ({ ...VISITOR, visitorHash });

const pausedStage = async (options: StageOptions = {}) => {
  const stage = createStage(options);
  await stage.store.switch.write({ paused: true, reason: 'On holiday.', changedAt: stage.clock.now() });
  return stage;
};

/** One whole life, from the press to the proof. */
const live = async (stage: ReturnType<typeof createStage>, request: StartRequest = VISITOR): Promise<string> => {
  const { id } = await stage.start(request);
  await stage.runUntilStatus('live');
  await stage.runUntilStatus('idle');
  stage.guards.invalidate();
  return id;
};

t.test('Given everything stands in the way, when one after the other goes, then they come in order', async (t) => {
  const nightly = { at: 0 };
  const limits = { ...NO_LIMITS, perDay: 0 };
  const stage = await pausedStage({ nextNightlyAt: () => nightly.at, monthlyBudgetUsd: 0, limits });
  nightly.at = stage.clock.now() + MINUTE_MS;
  stage.preflight.failing.standing = ['gitlab'];
  await t.rejects(stage.start(VISITOR), { code: 'PAUSED', data: { detail: 'On holiday.' } });
  await stage.store.switch.write({ paused: false, reason: null, changedAt: stage.clock.now() });
  stage.guards.invalidate();
  await t.rejects(stage.start(VISITOR), { code: 'BUDGET_SPENT' });

  const richer = createStage({ nextNightlyAt: () => nightly.at, limits });
  richer.preflight.failing.standing = ['gitlab', 'inventory'];
  await t.rejects(richer.start(VISITOR), {
    code: 'PREFLIGHT_FAILED',
    data: { detail: 'Not ready: gitlab, inventory.' },
  });
  richer.preflight.failing.standing = [];
  await t.rejects(richer.start(VISITOR), { code: 'NIGHTLY_WINDOW', data: { until: nightly.at } });
  nightly.at += DAY_MS;
  await t.rejects(richer.start(VISITOR), { code: 'QUOTA_EXCEEDED' });
  t.equal(await richer.status(), 'idle');
  t.same(richer.pipelines.created('apply'), [], 'nothing was built by any of it');
});

t.test('Given one runs, when it is paused as well, then the visitor joins what runs', async (t) => {
  const stage = createStage();
  await stage.start(VISITOR);
  await stage.store.switch.write({ paused: true, reason: null, changedAt: stage.clock.now() });
  stage.guards.invalidate();
  await t.rejects(stage.start(other('b')), { code: 'ALREADY_RUNNING' });
  await stage.runUntilStatus('live');
  t.equal(await stage.status(), 'live', 'a pause ends nothing');
});

t.test('Given a replay, when demos are paused, then it is answered all the same', async (t) => {
  const stage = createStage();
  const keyed: StartRequest = { ...VISITOR, idempotency: { key: 'key', bodyHash: 'body' } };
  const first = await stage.start(keyed);
  await stage.store.switch.write({ paused: true, reason: null, changedAt: stage.clock.now() });
  stage.guards.invalidate();
  t.same(await stage.start(keyed), { ...first, replayed: true });
});

t.test(
  'Given it was paused by another task, when this one still holds the old answer, then a start asks',
  async (t) => {
    const stage = createStage();
    t.equal(await stage.guards.standing(), null);
    await stage.store.switch.write({ paused: true, reason: null, changedAt: stage.clock.now() });
    t.equal(await stage.guards.standing(), null, 'the shared answer is a few seconds old');
    await t.rejects(stage.start(VISITOR), { code: 'PAUSED' });
    stage.clock.advance(4_999);
    t.equal(await stage.guards.standing(), null);
    stage.clock.advance(1);
    t.match(await stage.guards.standing(), { reason: 'paused', until: null });
  },
);

t.test('Given it is paused, when a crowd presses, then the store is asked for the switch once', async (t) => {
  const stage = await pausedStage();
  let reads = 0;
  const { read } = stage.store.switch;
  Object.assign(stage.store.switch, {
    read: () => {
      reads += 1;
      return read();
    },
  });
  const answers = await Promise.allSettled(Array.from({ length: 500 }, () => stage.start(VISITOR)));
  t.ok(answers.every(({ status }) => status === 'rejected'));
  t.equal(reads, 1);
});

t.test('Given a budget for one worst case, when a demo has lived, then the next one is refused until', async (t) => {
  const worstHours = (45 + 240 + 30 + 40 + 5) / 60;
  const stage = createStage({ monthlyBudgetUsd: worstHours * 0.18 + 0.01 });
  await live(stage);
  const [tombstone] = await stage.ledger();
  t.ok((tombstone?.costUsd ?? 0) > 0.01);
  await t.rejects(stage.start(VISITOR), { code: 'BUDGET_SPENT', data: { until: Number, retryAfterSeconds: Number } });
  t.match(await stage.guards.standing(), { reason: 'budget' });
  stage.clock.set(Date.UTC(2027, 1));
  await stage.start(VISITOR);
  t.equal(await stage.status(), 'queued', 'a later month has its own');
});

t.test('Given demos that built nothing, when the budget is counted, then they are free', async (t) => {
  const worstHours = (45 + 240 + 30 + 40 + 5) / 60;
  const stage = createStage({ monthlyBudgetUsd: worstHours * 0.18 });
  stage.cloud.faults.arm = true;
  await t.rejects(stage.start(VISITOR), { code: 'ARM_FAILED' });
  stage.cloud.faults.arm = false;
  stage.guards.invalidate();
  t.equal((await stage.ledger()).length, 1);
  await stage.start(VISITOR);
  t.equal(await stage.status(), 'queued');
});

t.test('Given a long ledger of this month, when the budget is counted, then every page of it counts', async (t) => {
  const stage = createStage({ monthlyBudgetUsd: 40 });
  await live(stage);
  const [tombstone] = await stage.ledger();
  if (tombstone === undefined) throw new Error('there is no tombstone');
  const hours = (tombstone.gone.at - tombstone.createdAt) / 3_600_000;
  for (let index = 0; index < 350; index += 1) {
    const id = `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    await stage.store.archive({ ...tombstone, id, sample: index >= 300 });
  }
  stage.guards.invalidate();
  const spent = 301 * hours * 0.18;
  t.ok(spent > 40, `${spent} dollars are more than the budget, three pages of them are not needed for it`);
  t.match(await stage.guards.standing(), { reason: 'budget' });
});

t.test(
  'Given the pre-flight fails between lock and apply, when a start is asked for, then nothing is built',
  async (t) => {
    const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
    stage.preflight.failing.now = ['gitlab'];
    await t.rejects(stage.start(VISITOR), { code: 'PREFLIGHT_FAILED', data: { retryAfterSeconds: 60 } });
    t.equal(await stage.status(), 'idle', 'the lock is free again');
    t.same([...stage.pipelines.created('apply'), ...stage.pipelines.created('destroy')], [], 'and without a destroy');
    t.same(await stage.secondDestroyer.list(), [], 'and the net is put away');
    const [tombstone] = await stage.ledger();
    t.match(tombstone, { reason: 'preflight_failed', outcome: 'never_built', costUsd: 0 });
    t.match(stage.eventsNamed('preflight.failed'), [{ level: 'error', fields: { failed: ['gitlab'] } }]);
    stage.preflight.failing.now = [];
    await stage.start(VISITOR);
    t.equal(await stage.status(), 'queued', 'and it cost the visitor no quota');
  },
);

t.test('Given the start died after the lock, when a driver goes on, then it asks before the apply', async (t) => {
  const stage = createStage();
  const { run } = stage.preflight;
  stage.preflight.run = () => Promise.reject(new Error('the process died'));
  await t.rejects(stage.start(VISITOR), { message: 'the process died' });
  t.match(await stage.deployment(), { armedAt: Number, preflightAt: null, attempts: [] });
  stage.preflight.run = run;
  stage.preflight.failing.now = ['inventory'];
  await stage.newController().advance();
  t.equal(await stage.status(), 'idle');
  t.same(stage.pipelines.created('apply'), []);
  t.match(await stage.ledger(), [{ reason: 'preflight_failed' }]);
});

t.test('Given limits, when each is reached and not yet, then it is refused by name until midnight', async (t) => {
  const limits = { perVisitorPerDay: 1, perDay: 3, noOriginPerDay: 1 };
  const stage = createStage({ limits });
  const midnight = (Math.floor(stage.clock.now() / DAY_MS) + 1) * DAY_MS;
  stage.preflight.failing.now = [];
  await live(stage, other('a'));
  await t.rejects(stage.start(other('a')), {
    code: 'QUOTA_EXCEEDED',
    data: {
      until: midnight,
      detail: /one visitor/,
      retryAfterSeconds: Math.ceil((midnight - stage.clock.now()) / 1000),
    },
  });
  await live(stage, { ...other('b'), hasOrigin: false });
  await t.rejects(stage.start({ ...other('c'), hasOrigin: false }), {
    code: 'QUOTA_EXCEEDED',
    data: { detail: /web page/ },
  });
  await live(stage, other('d'));
  t.match(await stage.guards.standing(), { reason: 'quota', until: midnight });
  await t.rejects(stage.start(other('e')), { code: 'QUOTA_EXCEEDED' });
  t.ok(stage.clock.now() < midnight, 'it was all on one day');
  stage.clock.set(midnight);
  stage.guards.invalidate();
  t.equal(await stage.guards.standing(), null);
  await stage.start(other('a'));
});

t.test('Given one runs, when impatient visitors press, then none of them loses a quota', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
  await stage.start(VISITOR);
  for (let press = 0; press < 5; press += 1) await t.rejects(stage.start(other('b')), { code: 'ALREADY_RUNNING' });
  await stage.runUntilStatus('live');
  await stage.runUntilStatus('idle');
  await stage.start(other('b'));
  t.equal(await stage.status(), 'queued');
});

t.test('Given two hundred at once, when one wins, then it alone is counted', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perDay: 500 } });
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) => stage.start(other(`visitor-${index}`))),
  );
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 1);
});

t.test('Given an apply that never started, when it is released, then the quota is given back', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
  const { id, controlToken } = await stage.start(VISITOR);
  await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
  await stage.runUntilStatus('idle');
  t.match(await stage.ledger(), [{ outcome: 'never_built' }]);
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 0);
});

t.test('Given the same key twice, when both start it, then it is counted once', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
  const keyed: StartRequest = { ...VISITOR, idempotency: { key: 'key', bodyHash: 'body' } };
  const answers = await Promise.all([stage.start(keyed), stage.start(keyed)]);
  t.equal(answers[0].id, answers[1].id);
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 1);
});

t.test('Given the nightly window, when the policy is what it is, then both sides of it are kept', async (t) => {
  const stage = createStage({ nextNightlyAt: () => stage.clock.now() + REAL_POLICY.deployDeadlineMs });
  t.equal(await stage.guards.fresh(), null);
});

t.test('Given a quota cannot be given back, when nothing was built, then the lock is free all the same', async (t) => {
  const stage = createStage();
  const { id, controlToken } = await stage.start(VISITOR);
  Object.assign(stage.store.quotas, { giveBack: () => Promise.reject(new Error('a broken item')) });
  await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
  await stage.runUntilStatus('idle');
  t.match(stage.eventsNamed('quota.not_given_back'), [{ level: 'warn', fields: { deploymentId: id } }]);
});
