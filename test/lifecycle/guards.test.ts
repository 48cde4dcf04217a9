import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
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
  stage.clock.advance(MINUTE_MS);
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
    stage.clock.advance(MINUTE_MS);
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

t.test('Given a crowd presses a free button at once, when one wins, then all others join him', async (t) => {
  const stage = createStage({ limits: { perVisitorPerDay: 3, perDay: 10, noOriginPerDay: 2 } });
  let pages = 0;
  const { ledger } = stage.store;
  Object.assign(stage.store, {
    ledger: (query: Parameters<typeof ledger>[0]) => {
      pages += 1;
      return ledger(query);
    },
  });
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) =>
      stage.start({ ...other(`visitor-${index}`), hasOrigin: index % 2 === 0 }),
    ),
  );
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) if (result.status === 'rejected') t.match(result.reason, { code: 'ALREADY_RUNNING' });
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 1, 'and nobody else is counted');
  t.ok(pages <= 2, `the ledger was read ${pages} times`);
});

t.test('Given two tasks and one quota left, when both are pressed at once, then the loser joins', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perDay: 1 } });
  const answers = await Promise.allSettled([stage.start(other('a')), stage.newStart()(other('b'))]);
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  t.match(refused, [{ code: 'ALREADY_RUNNING' }]);
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 1);
});

t.test('Given a visitor at his limit, when he keeps pressing, then nothing is read or written for it', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
  await live(stage);
  const keyed = (press: number): StartRequest => ({ ...VISITOR, idempotency: { key: `key-${press}`, bodyHash: 'b' } });
  await t.rejects(stage.start(keyed(0)), { code: 'QUOTA_EXCEEDED' });
  let writes = 0;
  const count = <T>(work: T): T => {
    writes += 1;
    return work;
  };
  const { claim, ledger } = stage.store;
  Object.assign(stage.store, {
    claim: (...args: Parameters<typeof claim>) => count(claim(...args)),
    ledger: (...args: Parameters<typeof ledger>) => count(ledger(...args)),
  });
  for (let press = 1; press < 50; press += 1) await t.rejects(stage.start(keyed(press)), { code: 'QUOTA_EXCEEDED' });
  t.equal(writes, 0);
  stage.clock.advance(5_000);
  await t.rejects(stage.start(keyed(50)), { code: 'QUOTA_EXCEEDED' });
  t.ok(writes > 0, 'after a while it is looked up again');
  await stage.start(other('b'));
  t.equal(await stage.status(), 'queued', 'and another visitor was never held up');
});

t.test('Given a start that fails on its way, when the lock was not taken, then the quota is given back', async (t) => {
  const stage = createStage({ limits: { ...NO_LIMITS, perDay: 2 } });
  const { controlToken } = stage.credentials;
  Object.assign(stage.credentials, {
    controlToken: () => {
      throw new DemoError('SECRETS_UNAVAILABLE');
    },
  });
  await t.rejects(stage.start(VISITOR), { code: 'SECRETS_UNAVAILABLE' });
  Object.assign(stage.credentials, { controlToken });
  const { acquire } = stage.store;
  Object.assign(stage.store, { acquire: () => Promise.reject(new DemoError('STORE_UNAVAILABLE')) });
  await t.rejects(stage.start(VISITOR), { code: 'STORE_UNAVAILABLE' });
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 0);
  Object.assign(stage.store, {
    acquire: async (...args: Parameters<typeof acquire>) => {
      await acquire(...args);
      throw new DemoError('STORE_UNAVAILABLE');
    },
  });
  await t.rejects(stage.start(VISITOR), { code: 'STORE_UNAVAILABLE' });
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 1, 'a lost reply to a lock that is ours is a start');
  t.equal(await stage.status(), 'queued');
});

t.test(
  'Given starts that cannot be prepared, when more are asked for, then later each time, and it says when',
  async (t) => {
    const stage = createStage();
    stage.cloud.faults.arm = true;
    for (const minutes of [1, 2, 4]) {
      await t.rejects(stage.start(VISITOR), { code: 'ARM_FAILED' });
      const until = stage.clock.now() + minutes * MINUTE_MS;
      stage.clock.set(until - 1);
      await t.rejects(stage.start(VISITOR), { code: 'PREFLIGHT_FAILED', data: { until } });
      t.match(await stage.guards.standing(), { reason: 'preflight', until });
      stage.clock.set(until);
    }
    t.equal((await stage.ledger()).length, 3, 'only those that took the lock are in the ledger');
    stage.cloud.faults.arm = false;
    await stage.start(VISITOR);
    t.equal(await stage.status(), 'queued');
  },
);

t.test('Given more runs than can be read, when the budget is counted, then nobody starts', async (t) => {
  const stage = createStage();
  await live(stage);
  const [tombstone] = await stage.ledger();
  if (tombstone === undefined) throw new Error('there is no tombstone');
  const entry = { ...tombstone, outcome: 'never_built' as const };
  const archive = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index += 1) {
      await stage.store.archive({ ...entry, id: `01930000-0000-7000-9000-${String(index).padStart(12, '0')}` });
    }
    stage.guards.invalidate();
  };
  await archive(0, 1_999);
  t.equal(await stage.guards.standing(), null, 'two thousand can be');
  await archive(1_999, 2_000);
  t.match(await stage.guards.standing(), { reason: 'budget', until: null });
});

t.test('Given a start was given up, when the same key comes again, then it is no start either', async (t) => {
  const stage = createStage();
  const keyed: StartRequest = { ...VISITOR, idempotency: { key: 'key', bodyHash: 'body' } };
  stage.cloud.faults.arm = true;
  await t.rejects(stage.start(keyed), { code: 'ARM_FAILED' });
  stage.cloud.faults.arm = false;
  stage.clock.advance(MINUTE_MS);
  await t.rejects(stage.start(keyed), { code: 'ARM_FAILED', data: { detail: /new one/ } });
  t.equal(await stage.status(), 'idle');
});

t.test('Given a proof that cannot be released, when a crowd presses, then it joins, and one tries it', async (t) => {
  const stage = createStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  stage.cloud.faults.disarm = true;
  await stage.runUntilThat((record) => record !== null && record.deployment.gone !== null);
  let disarms = 0;
  const { disarm } = stage.secondDestroyer;
  Object.assign(stage.secondDestroyer, {
    disarm: (id: string) => {
      disarms += 1;
      return disarm(id);
    },
  });
  for (let press = 0; press < 20; press += 1) await t.rejects(stage.start(VISITOR), { code: 'ALREADY_RUNNING' });
  t.equal(disarms, 1);
  stage.cloud.faults.disarm = false;
  stage.clock.advance(5_000);
  await stage.start(VISITOR);
  t.equal(await stage.status(), 'queued');
});

t.test('Given the store stumbles after the lock, when the start fails, then the driver is told to look', async (t) => {
  const stage = createStage();
  const { run } = stage.preflight;
  stage.preflight.run = () => Promise.reject(new DemoError('STORE_UNAVAILABLE'));
  await t.rejects(stage.start(VISITOR), { code: 'STORE_UNAVAILABLE' });
  stage.preflight.run = run;
  t.equal(stage.wakes(), 1);
});

for (const { what, hasSent } of [
  { what: 'was never asked for', hasSent: false },
  { what: 'was asked for and never ran', hasSent: true },
]) {
  t.test(`Given an apply that ${what}, when it is released, then the quota is given back`, async (t) => {
    const stage = createStage({ limits: { ...NO_LIMITS, perVisitorPerDay: 1 } });
    stage.pipelines.faults.stuck = true;
    const { id, controlToken } = await stage.start(VISITOR);
    if (hasSent) await stage.runFor(MINUTE_MS);
    await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
    await stage.runUntilStatus('idle');
    t.equal(stage.pipelines.created('apply').length, hasSent ? 1 : 0);
    t.match(await stage.ledger(), [{ outcome: hasSent ? 'failed' : 'never_built' }]);
    t.equal(await stage.store.quotas.countOf(stage.clock.now()), 0);
  });
}

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
