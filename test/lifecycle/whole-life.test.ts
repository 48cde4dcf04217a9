import t from 'tap';
import { createStage, VISITOR } from '../fakes/stage.ts';

const MINUTE_MS = 60_000;

t.test(
  'Given nothing goes wrong, when nobody asks for anything, then it lives its hour and is proven gone',
  async (t) => {
    const stage = createStage();
    const started = await stage.start(VISITOR);
    t.equal(await stage.status(), 'queued');
    t.ok(stage.cloud.armed.has(started.id), 'the second destroyer is armed before the apply is asked for');
    t.equal(stage.pipelines.all.length, 0, 'the apply is left to the driver');

    await stage.runUntilStatus('deploying');
    await stage.runUntilStatus('live');
    const { liveAt, expiresAt, liveUrl } = await stage.deployment();
    t.match(liveUrl, /^https:/);
    t.equal((expiresAt ?? 0) - (liveAt ?? 0), 60 * MINUTE_MS);

    await stage.runUntilStatus('destroying');
    t.equal(stage.clock.now(), expiresAt, 'to the millisecond');
    t.match((await stage.deployment()).goal, { direction: 'down', reason: 'expired' });

    await stage.runUntilStatus('idle');
    const ledger = await stage.ledger();
    t.equal(ledger.length, 1);
    t.match(ledger[0], { id: started.id, outcome: 'lived', reason: 'expired', destroyAttempts: 1 });
    const gone = ledger[0]?.gone;
    t.equal(gone?.kind, 'two-empty-readings');
    if (gone?.kind === 'two-empty-readings') t.ok(gone.secondAt - gone.firstAt >= 5 * MINUTE_MS);
    t.equal(stage.cloud.exists.size, 0);
    t.equal(stage.cloud.armed.size, 0, 'the second destroyer is disarmed after the proof');
    t.equal(stage.pipelines.created('apply').length, 1);
    t.equal(stage.pipelines.created('destroy').length, 1);
    t.ok((ledger[0]?.costUsd ?? 0) > 0.2, 'the meter ran until the proof');
  },
);

t.test(
  'Given it is queued, when the starter asks for the teardown, then the apply is cancelled and nothing is destroyed',
  async (t) => {
    const stage = createStage();
    const { id, controlToken } = await stage.start(VISITOR);
    await stage.controller.advance();
    t.equal(stage.pipelines.all.length, 1);
    await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
    await stage.runUntilStatus('idle');
    t.equal(stage.pipelines.all[0]?.state, 'canceled');
    t.equal(stage.pipelines.created('destroy').length, 0);
    const [tombstone] = await stage.ledger();
    t.match(tombstone, { reason: 'visitor', outcome: 'failed' });
    t.ok(
      (tombstone?.gone.at ?? 0) > (stage.pipelines.all[0]?.createdAt ?? 0) + 10 * MINUTE_MS,
      'a hand-retried job could still have started until then',
    );
  },
);

t.test(
  'Given it is deploying, when the owner asks for the teardown, then the apply is cancelled and everything destroyed',
  async (t) => {
    const stage = createStage();
    const { id } = await stage.start(VISITOR);
    await stage.runUntilStatus('deploying');
    await stage.teardown({ target: { kind: 'id', id }, bearer: 'owner', precondition: null });
    await stage.runUntilStatus('idle');
    t.same(
      stage.pipelines.all.map(({ request, state }) => [request.direction, state]),
      [
        ['apply', 'canceled'],
        ['destroy', 'succeeded'],
      ],
    );
    t.equal(stage.cloud.exists.size, 0);
    t.match((await stage.ledger())[0], { reason: 'owner', outcome: 'failed' });
  },
);

t.test(
  'Given the second destroyer cannot be armed, when a visitor starts, then nothing is built and the lock is free',
  async (t) => {
    const stage = createStage();
    stage.cloud.faults.arm = true;
    await t.rejects(stage.start(VISITOR), { code: 'ARM_FAILED' });
    t.equal(await stage.status(), 'idle');
    t.equal(stage.pipelines.all.length, 0);
    t.match((await stage.ledger())[0], { reason: 'arm_failed', outcome: 'never_built', costUsd: 0 });
  },
);

t.test('Given a run in the ledger, when an hour of it passes in one jump, then the end is the same', async (t) => {
  const stage = createStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  // The process was paused for three hours and wakes up with everything overdue.
  stage.clock.advance(180 * MINUTE_MS);
  await stage.runUntilStatus('idle');
  t.match((await stage.ledger())[0], { reason: 'expired' });
  t.equal(stage.cloud.exists.size, 0);
});

t.test('Given a task that is told to leave, when a step is done, then it takes no further one', async (t) => {
  const stage = createStage();
  await stage.start(VISITOR);
  let asked = 0;
  await stage.controller.advance(() => {
    asked += 1;
    return asked <= 1;
  });
  t.equal(asked, 2, 'asked before each step');
  t.equal((await stage.deployment()).attempts.length, 1);
  t.equal(stage.pipelines.created('apply').length, 1, 'the first step was finished');
});
