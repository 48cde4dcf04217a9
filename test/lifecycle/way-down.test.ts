import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const liveStage = async (): Promise<Stage> => {
  const stage = createStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  return stage;
};

t.test('Given the apply fails after building a part, when it is settled, then everything is destroyed', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.applyFails = true;
  await stage.start(VISITOR);
  await stage.runUntilStatus('idle');
  t.equal(stage.cloud.exists.size, 0);
  t.match((await stage.ledger())[0], { reason: 'deploy_failed', outcome: 'failed', destroyAttempts: 1 });
});

t.test(
  'Given the pipeline never starts, when ten minutes have passed, then it is cancelled and proven gone',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.stuck = true;
    await stage.start(VISITOR);
    await stage.runUntilStatus('destroying');
    stage.pipelines.faults.stuck = false;
    await stage.runUntilStatus('idle');
    t.match((await stage.ledger())[0], { reason: 'not_started', destroyAttempts: 0 });
  },
);

t.test('Given an apply that takes too long, when the deploy deadline has come, then it goes down', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.applyMs = 3 * HOUR_MS;
  const { createdAt } = await stage.start(VISITOR);
  await stage.runUntilStatus('destroying');
  t.equal(stage.clock.now() - createdAt, 45 * MINUTE_MS);
  await stage.runUntilStatus('idle');
  t.match((await stage.ledger())[0], { reason: 'deploy_timeout' });
});

t.test('Given a cancel that is not heard, when its deadline has passed, then it is destroyed anyway', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.applyMs = 70 * MINUTE_MS;
  stage.pipelines.faults.ignoresCancel = true;
  await stage.start(VISITOR);
  await stage.runUntilStatus('idle');
  t.equal(stage.cloud.exists.size, 0);
  const [apply] = stage.pipelines.created('apply');
  const [destroy] = stage.pipelines.created('destroy');
  t.ok((destroy?.createdAt ?? 0) < (apply?.finishedAt ?? 0), 'it did not wait for the apply for ever');
});

t.test(
  'Given GitLab no longer knows the apply, when it is polled, then its fate is unknown and it is destroyed',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('deploying');
    stage.pipelines.faults.forgotten.add(1);
    await stage.runUntilStatus('idle');
    t.match((await stage.ledger())[0], { reason: 'deploy_unknown' });
    t.equal(stage.cloud.exists.size, 0);
  },
);

t.test('Given GitLab no longer knows the destroy, when it is polled, then the inventory decides', async (t) => {
  const stage = await liveStage();
  await stage.runUntilThat(() => stage.pipelines.created('destroy').length === 1);
  stage.pipelines.faults.forgotten.add(2);
  stage.cloud.exists.clear();
  await stage.runUntilStatus('idle');
  t.equal(stage.pipelines.created('destroy').length, 1);
});

t.test(
  'Given the public URL never answers, when the live deadline has come, then it is never called live',
  async (t) => {
    const stage = createStage();
    stage.cloud.faults.probe = 'absent';
    await stage.start(VISITOR);
    await stage.runUntilStatus('destroying');
    t.match((await stage.deployment()).goal, { reason: 'not_live' });
    t.equal((await stage.deployment()).liveAt, null);
    await stage.runUntilStatus('idle');
  },
);

t.test('Given a link that is not allowed, when it is read, then it goes down at once', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.foreignLink = true;
  await stage.start(VISITOR);
  await stage.runUntilStatus('destroying');
  t.match((await stage.deployment()).goal, { reason: 'not_live' });
});

t.test('Given a live demo, when its URL fails for ten minutes, then it is destroyed; for nine it is not', async (t) => {
  const stage = await liveStage();
  stage.cloud.faults.probe = 'absent';
  await stage.runFor(9 * MINUTE_MS);
  t.equal(await stage.status(), 'live');
  stage.cloud.faults.probe = 'none';
  await stage.runFor(2 * MINUTE_MS);
  t.equal((await stage.active()).observation.probe?.failures, 0);
  stage.cloud.faults.probe = 'absent';
  await stage.runFor(11 * MINUTE_MS);
  t.match((await stage.deployment()).goal, { reason: 'unhealthy' });
});

t.test('Given our own way out is broken, when the probe answers unknown for long, then the demo stays', async (t) => {
  const stage = await liveStage();
  stage.cloud.faults.probe = 'unknown';
  await stage.runFor(30 * MINUTE_MS);
  t.equal(await stage.status(), 'live');
});

t.test("Given a live demo, when GitLab's auto-stop job runs in its pipeline, then the goal goes down", async (t) => {
  const stage = await liveStage();
  stage.pipelines.autoStop(1);
  await stage.runFor(2 * MINUTE_MS);
  t.match((await stage.deployment()).goal, { reason: 'auto_stop' });
});

t.test(
  'Given a finished apply that somebody re-opens while live, when it is seen, then its latched outcome stays',
  async (t) => {
    const stage = await liveStage();
    stage.pipelines.reopen(1);
    await stage.runFor(5 * MINUTE_MS);
    t.equal(await stage.status(), 'live');
  },
);

t.test(
  'Given leftovers survive one destroy, when the inventory shows them, then it is destroyed again after a wait',
  async (t) => {
    const stage = await liveStage();
    stage.cloud.faults.survives = 1;
    await stage.runUntilStatus('idle');
    const [first, second] = stage.pipelines.created('destroy');
    t.ok((second?.createdAt ?? 0) - (first?.finishedAt ?? 0) >= MINUTE_MS);
    t.match((await stage.ledger())[0], { destroyAttempts: 2 });
  },
);

t.test(
  'Given leftovers survive every destroy, when three attempts are used up, then it is quarantined, told and kept locked',
  async (t) => {
    const stage = await liveStage();
    stage.cloud.faults.survives = 1_000;
    await stage.runUntilStatus('quarantined');
    t.equal(stage.pipelines.created('destroy').length, 3);
    t.match(await stage.store.list(), [{ kind: 'quarantine', attempts: 1, lastError: 'eks-cluster demo' }]);
    await t.rejects(stage.start(VISITOR), { code: 'ALREADY_RUNNING' });

    // GitLab and the second destroyer take turns after 1, 2, 4 and 8 hours.
    await stage.runFor(HOUR_MS + MINUTE_MS);
    t.equal(stage.pipelines.created('destroy').length, 4);
    await stage.runFor(2 * HOUR_MS);
    t.equal(stage.cloud.hastened.length, 1);

    // Somebody cleans up by hand: it heals itself.
    stage.cloud.exists.clear();
    await stage.runUntilStatus('idle');
    t.same(await stage.store.list(), []);
    t.equal((await stage.ledger()).length, 1);
  },
);

t.test(
  'Given things are still being deleted, when the inventory is read, then no attempt is used for it',
  async (t) => {
    const stage = await liveStage();
    stage.cloud.faults.survives = 1;
    stage.cloud.faults.inventory = 'deleting';
    await stage.runUntilStatus('destroying');
    await stage.runFor(2 * HOUR_MS);
    t.equal(stage.pipelines.created('destroy').length, 1);
    stage.cloud.exists.clear();
    await stage.runUntilStatus('idle');
  },
);

t.test('Given the inventory is not to be read, when hours pass, then unknown never counts as gone', async (t) => {
  const stage = await liveStage();
  stage.cloud.faults.inventory = 'unknown';
  await stage.runUntilStatus('destroying');
  await stage.runFor(5 * HOUR_MS);
  t.equal(await stage.status(), 'destroying');
  stage.cloud.faults.inventory = 'none';
  await stage.runUntilStatus('idle');
});

t.test(
  'Given GitLab is down when the time is over, when half an hour has passed, then the second destroyer is told to run now',
  async (t) => {
    const stage = await liveStage();
    stage.pipelines.faults.down = true;
    await stage.runUntilStatus('destroying');
    const downAt = stage.clock.now();
    await stage.runFor(29 * MINUTE_MS);
    t.equal(stage.cloud.hastened.length, 0);
    await stage.runFor(2 * MINUTE_MS);
    t.equal(stage.cloud.hastened.length, 1);
    t.equal(stage.cloud.exists.size, 0, 'it needs neither us nor GitLab');
    t.equal(await stage.status(), 'destroying', 'but gone is proven only when GitLab lists nothing that runs');
    stage.pipelines.faults.down = false;
    await stage.runUntilStatus('idle');
    t.ok(stage.clock.now() > downAt);
  },
);

t.test(
  'Given the second destroyer cannot be hastened or disarmed, when it answers again, then the end order goes on',
  async (t) => {
    const stage = await liveStage();
    Object.assign(stage.cloud.faults, { hasten: true, disarm: true });
    stage.pipelines.faults.down = true;
    await stage.runUntilStatus('destroying');
    await stage.runFor(70 * MINUTE_MS);
    t.equal(stage.eventsNamed('second_destroyer.unavailable').length, 2, 'asked again after the same time');
    stage.pipelines.faults.down = false;
    await stage.runFor(60 * MINUTE_MS);
    t.equal(await stage.status(), 'destroying', 'the lock is kept until it is disarmed');
    stage.cloud.faults.disarm = false;
    await stage.runUntilStatus('idle');
  },
);

t.test(
  'Given a destroy that hangs, when forty minutes have passed, then it is cancelled and the next one follows',
  async (t) => {
    const stage = await liveStage();
    stage.pipelines.faults.destroyMs = 5 * HOUR_MS;
    await stage.runUntilThat(() => stage.pipelines.created('destroy')[0]?.state === 'canceled');
    stage.pipelines.faults.destroyMs = 5 * MINUTE_MS;
    await stage.runUntilStatus('idle');
    t.equal(stage.pipelines.created('destroy').length, 2);
  },
);

t.test(
  'Given a destroy that fails, when the inventory shows leftovers, then attempts go on to the quarantine',
  async (t) => {
    const stage = await liveStage();
    stage.pipelines.faults.destroyFails = true;
    await stage.runUntilStatus('quarantined');
    t.equal((await stage.deployment()).countedDestroys, 3);
    stage.pipelines.faults.destroyFails = false;
    await stage.runUntilStatus('idle');
    t.equal(stage.cloud.exists.size, 0);
  },
);

t.test(
  'Given a foreign apply with our name while going down, when it is listed, then it is cancelled and what it built destroyed',
  async (t) => {
    const stage = await liveStage();
    await stage.runUntilThat(() => stage.pipelines.created('destroy')[0]?.state === 'succeeded');
    const [first] = stage.pipelines.all;
    if (first === undefined) {
      t.fail('no pipeline');
      return;
    }
    const foreign = stage.pipelines.inject({ ...first.request, requestId: 'f'.repeat(8), startBefore: null });
    await stage.runUntilStatus('idle');
    t.equal(foreign.state, 'canceled');
    t.equal(stage.cloud.exists.size, 0);
  },
);

t.test(
  'Given a quarantine of weeks, when it is destroyed again every night, then the record does not grow',
  async (t) => {
    const stage = await liveStage();
    stage.cloud.faults.survives = 1_000;
    await stage.runUntilStatus('quarantined');
    await stage.runFor(40 * 24 * HOUR_MS);
    t.ok(stage.pipelines.created('destroy').length > 16);
    const { attempts, replies } = await stage.deployment();
    t.equal(attempts.length, 16);
    t.equal(Object.keys(replies).length, 16);
    t.equal(attempts[0]?.direction, 'apply', 'the apply is kept, since the proof asks about it');
    stage.cloud.exists.clear();
    await stage.runUntilStatus('idle');
  },
);

t.test(
  'Given GitLab refuses the second destroy again and again, when time passes, then the second destroyer is told and the ladder goes on',
  async (t) => {
    const stage = await liveStage();
    stage.cloud.faults.survives = 1;
    await stage.runUntilThat(() => stage.pipelines.created('destroy')[0]?.state === 'succeeded');
    stage.pipelines.faults.create.push(...Array.from({ length: 1_000 }, () => 'refuse-for-now' as const));
    await stage.runFor(2 * HOUR_MS);
    t.ok(stage.cloud.hastened.length > 0);
    await stage.runUntilStatus('idle');
    t.equal(stage.cloud.exists.size, 0);
  },
);

t.test(
  'Given a destroy that failed and an inventory that cannot be read, when half an hour has passed, then the second destroyer is told',
  async (t) => {
    const stage = await liveStage();
    stage.pipelines.faults.destroyFails = true;
    stage.cloud.faults.inventory = 'unknown';
    await stage.runUntilThat(() => stage.pipelines.created('destroy')[0]?.state === 'failed');
    await stage.runFor(35 * MINUTE_MS);
    t.equal(stage.cloud.hastened.length, 1);
    t.equal(stage.cloud.exists.size, 0);
    t.equal(await stage.status(), 'destroying', 'unknown still proves nothing');
    stage.cloud.faults.inventory = 'none';
    await stage.runUntilStatus('idle');
  },
);

t.test(
  'Given a stranger that cannot be cancelled, when our own destroy runs, then it is still followed to its end',
  async (t) => {
    const stage = await liveStage();
    const { cancel } = stage.pipelines;
    const [first] = stage.pipelines.all;
    if (first === undefined) throw new Error('no pipeline');
    const stranger = stage.pipelines.inject({ ...first.request, requestId: 'f'.repeat(8) });
    stage.pipelines.cancel = async (id) => {
      if (id === stranger.id) throw new DemoError('PIPELINES_UNAVAILABLE');
      return cancel(id);
    };
    await stage.runUntilStatus('destroying');
    await stage.runUntilThat(
      (record) =>
        record?.deployment.attempts.some(({ direction, settled }) => direction === 'destroy' && settled !== null) ??
        false,
    );
    t.equal((await stage.deployment()).attempts.at(-1)?.settled?.outcome, 'succeeded');
    await stage.runUntilStatus('idle');
    t.equal(stage.cloud.exists.size, 0);
  },
);
