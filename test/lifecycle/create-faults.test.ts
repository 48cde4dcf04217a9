import t from 'tap';
import { createStage, VISITOR } from '../fakes/stage.ts';

t.test('Given the create request is lost, when absence is proven, then it is sent again: one pipeline', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.create.push('lose-request');
  await stage.start(VISITOR);
  const begun = stage.clock.now();
  await stage.runUntilThat(() => stage.pipelines.all.length > 0);
  t.ok(stage.clock.now() - begun >= 80_000, 'send window and proof of absence have passed');
  await stage.runUntilStatus('live');
  t.equal(stage.pipelines.created('apply').length, 1);
});

t.test(
  'Given the reply to the create is lost, when it is looked up by name, then it is adopted: one pipeline',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('lose-reply');
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    t.equal(stage.pipelines.created('apply').length, 1);
    t.equal(stage.pipelines.builds(), 1);
  },
);

t.test(
  'Given every create request is lost, when the start deadline nears, then it gives up and proves that nothing is there',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push(...Array.from({ length: 30 }, () => 'lose-request' as const));
    await stage.start(VISITOR);
    await stage.runUntilStatus('idle');
    t.equal(stage.pipelines.all.length, 0);
    t.match((await stage.ledger())[0], {
      reason: 'not_started',
      outcome: 'failed',
      gone: { kind: 'two-empty-readings' },
    });
  },
);

t.test(
  'Given GitLab refuses for good, when no double of the request can arrive any more, then the lock is free',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('refuse');
    await stage.start(VISITOR);
    await stage.runFor(195_000);
    t.equal(await stage.status(), 'destroying');
    await stage.runFor(6_000);
    t.equal(await stage.status(), 'idle');
    t.match((await stage.ledger())[0], { reason: 'not_started', outcome: 'never_built', costUsd: 0 });
  },
);

t.test(
  'Given a request that was doubled on its way and refused once, when the double builds, then all of it is destroyed',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('refuse-one-of-two');
    const { id } = await stage.start(VISITOR);
    await stage.runFor(30_000);
    t.equal((await stage.deployment()).owner, id, 'the lock is kept');
    await stage.runUntilStatus('idle');
    t.same([...stage.cloud.exists], []);
    t.equal(stage.pipelines.all.filter(({ finishedAt }) => finishedAt === null).length, 0);
    t.equal((await stage.ledger()).length, 1);
  },
);

t.test('Given GitLab refuses for now, when a little time has passed, then it is sent again', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.create.push('refuse-for-now', 'refuse-for-now');
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  t.equal(stage.pipelines.created('apply').length, 1);
});

t.test(
  'Given a refusal and then a lost reply, when the older refusal is still on record, then it is not believed',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('refuse-for-now', 'lose-reply');
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    t.equal(stage.pipelines.created('apply').length, 1);
    t.equal(stage.pipelines.builds(), 1);
  },
);

t.test('Given a sender that was paused past its window, when it wakes up, then it does not send', async (t) => {
  const stage = createStage();
  const { store, clock } = stage;
  await stage.start(VISITOR);
  const { decide } = store;
  // The claim is written, and the process sleeps for six seconds before it could send.
  store.decide = async (decision) => {
    const isOurs = await decide(decision);
    if (decision.set.attempts !== undefined) clock.advance(6_000);
    return isOurs;
  };
  await stage.controller.step();
  store.decide = decide;
  t.equal(stage.pipelines.all.length, 0);
  t.equal(stage.eventsNamed('pipeline.not_sent').length, 1);
  await stage.runUntilStatus('live');
  t.equal(stage.pipelines.builds(), 1);
});

t.test(
  'Given the claim took a while to store, when the request is sent, then only what is left of its window is',
  async (t) => {
    const stage = createStage();
    const { store, clock, pipelines } = stage;
    await stage.start(VISITOR);
    const { decide } = store;
    store.decide = async (decision) => {
      const isOurs = await decide(decision);
      if (decision.set.attempts !== undefined) clock.advance(1_800);
      return isOurs;
    };
    const { create } = pipelines;
    const windows: number[] = [];
    pipelines.create = (request, sendWithinMs) => {
      windows.push(sendWithinMs);
      return create(request, sendWithinMs);
    };
    await stage.controller.step();
    t.strictSame(windows, [(await stage.deployment()).policy.sendWindowMs - 1_800]);
  },
);

t.test(
  'Given a crash between the intent and the send, when another task goes on, then exactly one pipeline is made',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    const { create } = stage.pipelines;
    stage.pipelines.create = () => new Promise(() => {});
    stage.controller.step().catch(() => {});
    await new Promise(setImmediate);
    stage.pipelines.create = create;
    t.equal((await stage.deployment()).attempts.length, 1, 'the intent was stored');
    await stage.runUntilStatus('live');
    t.equal(stage.pipelines.created('apply').length, 1);
  },
);

t.test(
  'Given the goal went down while the create was on its way, when the reply may not be recorded as the only one, then the double is cancelled',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('lose-reply');
    await stage.start(VISITOR);
    await stage.controller.step();
    const [first] = stage.pipelines.all;
    t.ok(first);
    if (first === undefined) return;
    const double = stage.pipelines.inject(first.request);
    await stage.runUntilStatus('live');
    t.equal(double.state, 'canceled', 'the one that came later goes');
    t.equal(stage.pipelines.builds(), 1);
  },
);
