import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { ActiveRecord, SecondDestroyer } from '../../src/lifecycle/ports.ts';
import { problemKind } from '../../src/routes/problem-table.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Call = { readonly method: keyof SecondDestroyer; readonly record: ActiveRecord | null; readonly entries: number };

/** Notes every call of the second destroyer, with what was stored at that moment. */
const watched = (stage: Stage): readonly Call[] => {
  const calls: Call[] = [];
  for (const method of ['arm', 'disarm', 'hasten'] as const) {
    const original = stage.secondDestroyer[method] as (...given: unknown[]) => Promise<void>;
    Object.assign(stage.secondDestroyer, {
      [method]: async (...given: unknown[]) => {
        calls.push({ method, record: await stage.store.active(), entries: (await stage.ledger()).length });
        return original(...given);
      },
    });
  }
  return calls;
};

const methodsOf = (calls: readonly Call[]) => calls.map(({ method }) => method);

t.test(
  'Given a visitor starts, when it is armed, then it holds the lock, has no intent yet, and what was armed is stored first',
  async (t) => {
    const stage = createStage();
    const calls = watched(stage);
    const armedAtIntent: (number | null)[] = [];
    const { decide } = stage.store;
    stage.store.decide = async (decision) => {
      if (decision.set.attempts !== undefined) armedAtIntent.push((await stage.deployment()).armedAt);
      return decide(decision);
    };
    const { id } = await stage.start(VISITOR);
    await stage.runUntilStatus('deploying');
    t.same(methodsOf(calls), ['arm']);
    t.match(calls[0]?.record?.deployment, { owner: id, armedAt: null, attempts: [] });
    t.ok(armedAtIntent[0] !== undefined && armedAtIntent[0] !== null, 'armedAt was there before the intent');
  },
);

t.test(
  'Given it is armed, then it runs two hours after the hard end first, and every three hours from then on',
  async (t) => {
    const stage = createStage();
    const { id } = await stage.start(VISITOR);
    const { createdAt, hardEndAt } = await stage.deployment();
    t.equal(hardEndAt - createdAt, (45 + 240 + 30) * MINUTE_MS);
    t.same([...stage.cloud.armed], [[id, hardEndAt + 2 * HOUR_MS]]);
    t.same([...stage.cloud.periods], [[id, 3 * HOUR_MS]]);
  },
);

t.test('Given a demo is extended to its latest end, when it lives on, then its schedule stays as it was', async (t) => {
  const stage = createStage();
  const calls = watched(stage);
  const { id, controlToken } = await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  const armed = [...stage.cloud.armed];
  const { maxExpiresAt, hardEndAt } = await stage.deployment();
  const expiresAt = maxExpiresAt ?? 0;
  await stage.extend({ target: { kind: 'id', id }, bearer: controlToken, precondition: null, expiresAt });
  await stage.runFor(3 * HOUR_MS);
  t.equal(await stage.status(), 'live');
  t.same(methodsOf(calls), ['arm'], 'nobody touched it');
  t.same([...stage.cloud.armed], armed);
  t.ok(expiresAt < hardEndAt, 'which is why: the schedule lies behind every end there can be');
  await stage.runUntilStatus('idle');
  t.same(methodsOf(calls), ['arm', 'disarm']);
});

t.test('Given it is gone, when it is disarmed, then the proof is stored and the history is not yet', async (t) => {
  const stage = createStage();
  const calls = watched(stage);
  const { id } = await stage.start(VISITOR);
  await stage.runUntilStatus('idle');
  const [, disarm] = calls;
  t.match(disarm, { method: 'disarm', entries: 0, record: { deployment: { owner: id, gone: Object } } });
  t.equal((await stage.ledger()).length, 1);
  t.same(await stage.secondDestroyer.list(), []);
});

t.test(
  'Given it cannot be armed, when a visitor starts, then he hears 503 and when to come again, and the log says why',
  async (t) => {
    const stage = createStage();
    const calls = watched(stage);
    const cause = new Error('arm: AccessDeniedException');
    Object.assign(stage.secondDestroyer, {
      arm: async () => {
        throw new DemoError('SECOND_DESTROYER_UNAVAILABLE', { cause });
      },
    });
    await t.rejects(stage.start(VISITOR), { code: 'ARM_FAILED' });
    t.match(problemKind('ARM_FAILED'), { status: 503, retryAfterSeconds: 60 });
    t.equal(await stage.status(), 'idle', 'the lock is free');
    t.equal(stage.pipelines.all.length, 0, 'and nothing was built');
    t.same(methodsOf(calls), ['disarm'], 'an answer that was lost may have armed it');
    t.match(stage.eventsNamed('second_destroyer.not_armed'), [{ level: 'error', fields: { error: { cause } } }]);
  },
);

t.test('Given the process dies after arming, when another goes on, then it is armed once', async (t) => {
  const stage = createStage();
  const calls = watched(stage);
  const { decide } = stage.store;
  let hasDied = false;
  stage.store.decide = async (decision) => {
    if (decision.set.armedAt === undefined || hasDied) return decide(decision);
    hasDied = true;
    throw new Error('simulated: the process died');
  };
  await t.rejects(stage.start(VISITOR), /process died/);
  const armed = [...stage.cloud.armed];
  t.equal(armed.length, 1);
  stage.clock.advance(5 * MINUTE_MS);
  await stage.runUntilStatus('deploying');
  t.same(methodsOf(calls), ['arm', 'arm'], 'it is asked for again');
  t.same([...stage.cloud.armed], armed, 'and stands as it did');
});

t.test(
  'Given GitLab cannot be asked on the way down, when it runs now, then it goes on every three hours',
  async (t) => {
    const stage = createStage();
    const calls = watched(stage);
    const { id } = await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    stage.pipelines.faults.down = true;
    await stage.runUntilStatus('destroying');
    const downAt = stage.clock.now();
    await stage.runFor(30 * MINUTE_MS - 1_000);
    t.same(methodsOf(calls), ['arm']);
    await stage.runFor(2 * MINUTE_MS);
    t.same(methodsOf(calls), ['arm', 'hasten']);
    const firstRunAt = stage.cloud.armed.get(id) ?? 0;
    t.ok(firstRunAt >= downAt + 30 * MINUTE_MS && firstRunAt <= stage.clock.now(), 'now');
    t.equal(stage.cloud.periods.get(id), 3 * HOUR_MS);
    stage.pipelines.faults.down = false;
    await stage.runUntilStatus('idle');
    t.same(await stage.secondDestroyer.list(), []);
  },
);

t.test('Given it was removed by hand, when it should run now, then the log says so and the rest goes on', async (t) => {
  const stage = createStage();
  const { id } = await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  await stage.cloud.disarm(id);
  stage.pipelines.faults.down = true;
  await stage.runUntilStatus('destroying');
  await stage.runFor(31 * MINUTE_MS);
  t.equal(stage.eventsNamed('second_destroyer.unavailable').length, 1);
  t.equal(stage.cloud.exists.size, 1);
  stage.pipelines.faults.down = false;
  await stage.runUntilStatus('idle');
  t.equal(stage.cloud.exists.size, 0);
});

t.test(
  'Given a copy of the request for the lock comes after the release, then its second life builds nothing',
  async (t) => {
    const stage = createStage();
    const { acquire } = stage.store;
    let late: ActiveRecord | null = null;
    stage.store.acquire = (record) => {
      late ??= structuredClone(record);
      return acquire(record);
    };
    const { id, controlToken } = await stage.start(VISITOR);
    await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
    await stage.runUntilStatus('idle');
    const calls = watched(stage);
    if (late === null) throw new Error('Nothing was asked for');
    t.same(await acquire(late), { won: true });
    await stage.runUntilStatus('idle');
    t.same(methodsOf(calls), ['disarm'], 'it was not armed again');
    t.equal(stage.pipelines.created('apply').length, 0);
    t.match(stage.eventsNamed('deployment.second_life'), [{ fields: { deploymentId: id } }]);
    t.match(await stage.ledger(), [{ id }], 'and the ledger has it once');
  },
);
