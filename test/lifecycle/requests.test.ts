import t from 'tap';
import { nightlyBlockUntil } from '../../src/lifecycle/guards.ts';
import type { StartRequest } from '../../src/lifecycle/requests.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

const HOUR_MS = 60 * MINUTE_MS;
const keyed = (key = 'key-1', bodyHash = 'body-1'): StartRequest => ({ ...VISITOR, idempotency: { key, bodyHash } });

/** All that has to happen until it is proven gone, but its release does not come through. */
const runToProof = async (stage: Stage): Promise<void> => {
  stage.cloud.faults.disarm = true;
  await stage.runUntilThat((record) => record !== null && record.deployment.gone !== null);
  stage.cloud.faults.disarm = false;
};

t.test('Given one runs, when another start is asked for, then it is refused with the holder', async (t) => {
  const stage = createStage();
  const { id } = await stage.start(VISITOR);
  await t.rejects(stage.start({ ...VISITOR, visitorHash: 'other' }), {
    code: 'ALREADY_RUNNING',
    data: { holder: { deployment: { owner: id } } },
  });
  await stage.runUntilStatus('destroying');
  await t.rejects(stage.start(VISITOR), { code: 'ALREADY_RUNNING' });
});

t.test('Given two hundred starts at once, when all are answered, then one won and one apply is made', async (t) => {
  const stage = createStage();
  const results = await Promise.allSettled(Array.from({ length: 200 }, () => stage.start(VISITOR)));
  const won = results.filter(({ status }) => status === 'fulfilled');
  t.equal(won.length, 1);
  for (const result of results) if (result.status === 'rejected') t.match(result.reason, { code: 'ALREADY_RUNNING' });
  await stage.runUntilStatus('live');
  t.equal(stage.pipelines.created('apply').length, 1);
});

t.test(
  'Given a key, when the same start comes again during and after the run, then it is the same answer',
  async (t) => {
    const stage = createStage();
    const first = await stage.start(keyed());
    t.equal(first.replayed, false);
    t.same(await stage.start(keyed()), { ...first, replayed: true }, 'while it runs');
    await stage.runUntilStatus('idle');
    t.same(await stage.start(keyed()), { ...first, replayed: true }, 'when it is gone');
    t.equal(await stage.status(), 'idle', 'a replay starts nothing');
    t.not((await stage.start(keyed('key-2'))).id, first.id);
  },
);

t.test('Given a key, when it comes with another body, then it is refused whatever became of the first', async (t) => {
  const stage = createStage();
  await stage.start(keyed());
  await t.rejects(stage.start(keyed('key-1', 'body-2')), { code: 'IDEMPOTENCY_MISMATCH' });
  await stage.runUntilStatus('idle');
  await t.rejects(stage.start(keyed('key-1', 'body-2')), { code: 'IDEMPOTENCY_MISMATCH' });
});

t.test('Given fifty starts with one key at once, when all are answered, then all name one deployment', async (t) => {
  const stage = createStage();
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => stage.start(keyed())));
  const ids = new Set(results.map((result) => (result.status === 'fulfilled' ? result.value.id : result.reason.code)));
  ids.delete('ALREADY_RUNNING');
  t.equal(ids.size, 1);
});

t.test(
  'Given a crash after the key was put and before the lock, when it is retried, then it goes on with the same id',
  async (t) => {
    const stage = createStage();
    const { acquire } = stage.store;
    let intended = '';
    stage.store.acquire = async ({ deployment }) => {
      intended = deployment.owner;
      throw new Error('the process died');
    };
    await t.rejects(stage.start(keyed()), /died/);
    stage.store.acquire = acquire;
    const retried = await stage.start(keyed());
    t.equal(retried.id, intended);
    t.equal(retried.replayed, false);
  },
);

t.test('Given the reply to the lock was lost, when the store repeats it, then it is won once', async (t) => {
  const stage = createStage();
  stage.storeFaults.once('lose-reply');
  const { id } = await stage.start(VISITOR);
  t.equal((await stage.deployment()).owner, id);
});

t.test(
  'Given a proof that is complete, when a start meets it, then it finishes the release and takes the lock',
  async (t) => {
    const stage = createStage();
    const first = await stage.start(VISITOR);
    await runToProof(stage);
    t.equal(await stage.status(), 'destroying');
    const second = await stage.start(VISITOR);
    t.not(second.id, first.id);
    t.equal((await stage.deployment()).owner, second.id);
    t.same(
      (await stage.ledger()).map(({ id }) => id),
      [first.id],
    );
  },
);

t.test(
  'Given a proof whose release still fails, when a start meets it, then it is told and the visitor joins',
  async (t) => {
    const stage = createStage();
    const first = await stage.start(VISITOR);
    await runToProof(stage);
    stage.cloud.faults.disarm = true;
    await t.rejects(stage.start(VISITOR), { code: 'ALREADY_RUNNING' });
    t.match(stage.eventsNamed('deployment.release_failed'), [{ level: 'warn' }]);
    t.equal((await stage.deployment()).owner, first.id);
  },
);

t.test(
  'Given the nightly clean-up, when it is nearer than a deployment takes, then no start is accepted until then',
  async (t) => {
    const at = 10 * HOUR_MS;
    const until = (now: number) => nightlyBlockUntil(REAL_POLICY, at, now);
    t.equal(until(at - 45 * MINUTE_MS), null);
    t.equal(until(at - 45 * MINUTE_MS + 1), at);
    t.equal(nightlyBlockUntil(REAL_POLICY, null, at), null, 'it is switched off');

    const nightlyAt = createStage().clock.now() + 45 * MINUTE_MS;
    const stage = createStage({ nextNightlyAt: () => nightlyAt });
    stage.clock.advance(1);
    await t.rejects(stage.start(VISITOR), {
      code: 'NIGHTLY_WINDOW',
      data: { until: nightlyAt, retryAfterSeconds: 2_700 },
    });
    t.equal(await stage.status(), 'idle');
  },
);

t.test(
  'Given a duration, when it is a minute or the longest, then it is kept; beyond either it is refused',
  async (t) => {
    const start = (durationMs: number, stage = createStage()) => stage.start({ ...VISITOR, durationMs });
    const longest = REAL_POLICY.maxLifetimeMs;
    await t.rejects(start(MINUTE_MS - 1), { code: 'DURATION_OUT_OF_RANGE', data: { field: 'duration_minutes' } });
    await t.rejects(start(longest + 1), { code: 'DURATION_OUT_OF_RANGE' });
    for (const durationMs of [MINUTE_MS, longest]) {
      const stage = createStage();
      await start(durationMs, stage);
      await stage.runUntilStatus('live');
      const { expiresAt, liveAt } = await stage.deployment();
      t.equal((expiresAt ?? 0) - (liveAt ?? 0), durationMs);
    }
  },
);

t.test(
  'Given the second destroyer can neither be armed nor disarmed, when a start is asked for, then it is refused all the same',
  async (t) => {
    const stage = createStage();
    Object.assign(stage.cloud.faults, { arm: true, disarm: true });
    await t.rejects(stage.start(VISITOR), { code: 'ARM_FAILED', data: { retryAfterSeconds: 60 } });
    t.equal(await stage.status(), 'destroying', 'the lock is kept until the end order is through');
    stage.cloud.faults.disarm = false;
    await stage.runUntilStatus('idle');
    t.match(await stage.ledger(), [{ reason: 'arm_failed', outcome: 'never_built', costUsd: 0 }]);
    t.equal(stage.pipelines.all.length, 0);
  },
);

t.test(
  'Given two requests with one key at the same moment, when both put the lock, then both answer with the same facts',
  async (t) => {
    const stage = createStage();
    const [first, second] = await Promise.all([stage.start(keyed()), stage.start(keyed())]);
    t.equal(first.id, second.id);
    t.equal(first.controlToken, second.controlToken);
    t.equal([first, second].filter(({ replayed }) => !replayed).length, 1, 'one of them started it');
  },
);

/** A keyed start whose first life is over, and whose second request looked for it a moment too early. */
const raceWithItsOwnEnd = async () => {
  const stage = createStage();
  const first = await stage.start(keyed());
  await stage.teardown({ target: { kind: 'id', id: first.id }, bearer: first.controlToken, precondition: null });
  await stage.runUntilStatus('idle');
  const { tombstone } = stage.store;
  let looks = 0;
  Object.assign(stage.store, {
    tombstone: async (id: string) => {
      looks += 1;
      return looks === 1 ? null : tombstone(id);
    },
  });
  return { stage, first };
};

t.test('Given a key whose run has just ended, when its lock is taken again, then it is let go at once', async (t) => {
  const { stage, first } = await raceWithItsOwnEnd();
  t.same(await stage.start(keyed()), { ...first, replayed: true });
  t.equal(await stage.status(), 'idle');
  t.equal(await stage.store.quotas.countOf(stage.clock.now()), 0);
});

t.test(
  'Given the same, when a driver was faster than that, then the second life builds nothing and ends',
  async (t) => {
    const { stage, first } = await raceWithItsOwnEnd();
    const { release } = stage.store;
    Object.assign(stage.store, {
      release: async (owner: string, version: number) => {
        Object.assign(stage.store, { release });
        await stage.newController().step();
        return release(owner, version);
      },
    });
    t.same(await stage.start(keyed()), { ...first, replayed: true });
    t.match(await stage.deployment(), { owner: first.id, goal: { direction: 'down', reason: 'not_started' } });
    await stage.runUntilStatus('idle');
    t.same(stage.pipelines.created('apply'), []);
  },
);
