import fc from 'fast-check';
import t from 'tap';
import { createWebhookNotifier } from '../../src/adapters/webhook-notifier.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import type { Around } from '../fakes/around.ts';
import { joinController, runTogether } from '../fakes/crowd.ts';
import { createDice } from '../fakes/dice.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';
import { createJobsStage } from '../fakes/jobs-stage.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, type StageOptions, VISITOR } from '../fakes/stage.ts';

const PAGE = 'https://cv.example.com/resume';
const START = { ...VISITOR, visitorHash: 'made-up-visitor-hash', referringPage: PAGE, durationMs: 5 * MINUTE_MS };

const shortLife = (options: StageOptions = {}): Stage => {
  const stage = createStage(options);
  Object.assign(stage.pipelines.faults, { applyMs: 3 * MINUTE_MS, destroyMs: 2 * MINUTE_MS });
  return stage;
};

const kinds = (stage: Pick<Stage, 'notices'>): string[] => stage.notices.map(({ kind }) => kind);

t.test('Given nothing goes wrong, when a whole life is lived, then the owner is told three things', async (t) => {
  const stage = shortLife();
  const startedAt = stage.clock.now();
  const { id: deploymentId } = await stage.start(START);
  t.same(stage.notices, [{ kind: 'started', deploymentId, at: startedAt, referringPage: PAGE }]);
  await stage.runUntilStatus('live');
  const { liveAt, liveUrl, expiresAt } = await stage.deployment();
  t.same(stage.notices.slice(1), [{ kind: 'live', deploymentId, at: liveAt, url: liveUrl, expiresAt }]);
  await stage.runUntilStatus('idle');
  const [tombstone] = await stage.ledger();
  t.same(stage.notices.slice(2), [
    { kind: 'gone', deploymentId, at: tombstone?.gone.at, reason: 'expired', costUsd: tombstone?.costUsd },
  ]);
  t.ok((tombstone?.costUsd ?? 0) > 0);
});

t.test('Given ends that somebody or a clock brought, when they come, then they are no failures', async (t) => {
  for (const reason of ['visitor', 'owner', 'nightly']) {
    const stage = createJobsStage();
    const { id, controlToken } = await stage.start(START);
    await stage.runUntilStatus('live');
    const bearer = reason === 'owner' ? 'owner' : controlToken;
    if (reason === 'nightly') await stage.nightly(stage.clock.now() + 1);
    else await stage.teardown({ target: { kind: 'id', id }, bearer, precondition: null });
    await stage.runUntilStatus('idle');
    t.same(kinds(stage), ['started', 'live', 'gone'], reason);
    t.match(stage.notices.at(-1), { reason });
  }
});

t.test('Given something does not work, when the goal goes down, then it is told with the reason', async (t) => {
  const cases: readonly (readonly [string, (stage: Stage) => void, readonly string[]])[] = [
    ['deploy_failed', ({ pipelines }) => Object.assign(pipelines.faults, { applyFails: true }), []],
    ['not_started', ({ pipelines }) => Object.assign(pipelines.faults, { stuck: true }), []],
    ['deploy_timeout', ({ pipelines }) => Object.assign(pipelines.faults, { applyMs: 60 * MINUTE_MS }), []],
    ['not_live', ({ cloud }) => Object.assign(cloud.faults, { probe: 'absent' }), []],
    ['arm_failed', ({ cloud }) => Object.assign(cloud.faults, { arm: true }), []],
    ['preflight_failed', ({ preflight }) => Object.assign(preflight.failing, { now: ['gitlab'] }), []],
  ];
  for (const [reason, breakIt] of cases) {
    const stage = shortLife();
    breakIt(stage);
    await stage.start(START).catch((error: unknown) => t.match(error, { code: reason.toUpperCase() }));
    await stage.runUntilStatus('idle');
    t.same(kinds(stage), ['started', 'failed', 'gone'], reason);
    t.match(stage.notices[1], { kind: 'failed', reason });
    const [tombstone] = await stage.ledger();
    t.match(stage.notices[2], { kind: 'gone', reason, costUsd: tombstone?.costUsd });
  }
});

t.test('Given it stops answering while live, when that lasts, then it failed after it was live', async (t) => {
  const stage = shortLife();
  await stage.start({ ...START, durationMs: 60 * MINUTE_MS });
  await stage.runUntilStatus('live');
  stage.cloud.faults.probe = 'absent';
  await stage.runUntilStatus('idle');
  t.same(kinds(stage), ['started', 'live', 'failed', 'gone']);
  t.match(stage.notices[2], { reason: 'unhealthy' });
});

t.test('Given leftovers survive, when it is quarantined for a day, then that is told once, and its end', async (t) => {
  const stage = shortLife();
  const { id: deploymentId } = await stage.start(START);
  await stage.runUntilStatus('live');
  stage.cloud.faults.survives = 1_000;
  await stage.runUntilStatus('quarantined');
  const { quarantinedAt } = await stage.deployment();
  const leftovers = ['eks-cluster demo'];
  t.same(stage.notices.at(-1), { kind: 'quarantined', deploymentId, at: quarantinedAt, leftovers });
  await stage.runFor(24 * 60 * MINUTE_MS);
  t.same(kinds(stage), ['started', 'live', 'quarantined']);
  stage.cloud.faults.survives = 0;
  await stage.runUntilStatus('idle');
  t.same(kinds(stage), ['started', 'live', 'quarantined', 'gone']);
});

t.test('Given more leftovers than a sentence holds, when it is quarantined, then ten are named', async (t) => {
  const stage = shortLife();
  await stage.start(START);
  await stage.runUntilStatus('live');
  stage.cloud.faults.survives = 1_000;
  const detail = Array.from({ length: 12 }, (_, index) => `eip ${index}`);
  stage.cloud.read = async () => ({ answer: 'leftovers', count: 12, detail });
  await stage.runUntilStatus('quarantined');
  t.match(stage.notices.at(-1), { kind: 'quarantined', leftovers: detail.slice(0, 10) });
  const last = stage.notices.at(-1);
  t.equal(last?.kind === 'quarantined' && last.leftovers.length, 10);
});

t.test('Given an orphan, when it is sighted, then each sighting is told, and its end after its adoption', async (t) => {
  const stage = createJobsStage();
  const orphan = '01930000-0000-7000-8000-0000000000aa';
  stage.cloud.build(orphan);
  await stage.handleOrphan(orphan);
  stage.clock.advance(5 * MINUTE_MS);
  await stage.handleOrphan(orphan);
  t.match(stage.notices, [
    { kind: 'orphan', deploymentId: orphan, sightings: 1 },
    { kind: 'orphan', deploymentId: orphan, sightings: 2, at: stage.clock.now() },
  ]);
  await stage.runUntilStatus('idle');
  t.same(kinds(stage), ['orphan', 'orphan', 'gone']);
  t.match(stage.notices.at(-1), { deploymentId: orphan, reason: 'adopted_orphan' });
});

t.test('Given a crowd, a replay and refusals, when one gets the lock, then only that one is told', async (t) => {
  const stage = shortLife();
  const tasks = [stage.newStart(), stage.newStart(), stage.newStart()];
  const keyed = { ...START, idempotency: { key: 'key', bodyHash: 'body' } };
  const presses = tasks.flatMap((start) => [start(START), start(keyed), start({ ...START, visitorHash: 'other' })]);
  const settled = await Promise.allSettled(presses);
  const won = settled.filter((one) => one.status === 'fulfilled' && !one.value.replayed);
  t.equal(won.length, 1);
  t.same(kinds(stage), ['started']);

  const again = shortLife();
  const { id } = await again.start(keyed);
  t.match(await again.start(keyed), { id, replayed: true });
  await again.runUntilStatus('idle');
  t.match(await again.start(keyed), { id, replayed: true }, 'and after its end');
  t.same(kinds(again), ['started', 'live', 'gone']);
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

t.test('Given two or three tasks that race, when a life is lived, then each thing is told once', async (t) => {
  const lives = fc.asyncProperty(
    fc.integer(),
    fc.integer({ min: 2, max: 3 }),
    fc.boolean(),
    async (seed, tasks, isFailing) => {
      const stage = shortLife();
      stage.pipelines.faults.applyFails = isFailing;
      const dice = createDice(seed);
      let releases = 0;
      const jittered: Around = async (name, call) => {
        if (name === 'release') releases += 1;
        await turns(dice(4));
        stage.clock.advance(dice(40));
        const answer = await call();
        await turns(dice(4));
        return answer;
      };
      const controllers = Array.from({ length: tasks }, () => joinController(stage, jittered));
      await stage.start(START);
      await runTogether(stage, () => controllers, { until: async () => (await stage.status()) === 'idle' });
      t.same(kinds(stage), isFailing ? ['started', 'failed', 'gone'] : ['started', 'live', 'gone']);
      return releases > 0;
    },
  );
  await fc.assert(lives, { seed: 2026, numRuns: 10 });
});

t.test(
  'Given both tasks release at the same moment, when both find it done, then it was told before, once',
  async (t) => {
    const stage = shortLife();
    await stage.start(START);
    const other = stage.newController();
    await stage.runUntilStatus('destroying');
    while ((await stage.deployment()).gone === null) {
      const stepped = await stage.controller.step();
      if (stepped.kind === 'waiting') stage.clock.set(stepped.until);
    }
    const record = await stage.active();
    t.same(await Promise.all([stage.controller.release(record), other.release(record)]), [true, true]);
    t.same(kinds(stage), ['started', 'live', 'gone']);
  },
);

t.test('Given a write whose answer is lost, when it took effect, then it is told once', async (t) => {
  const stage = shortLife();
  await stage.start(START);
  let lost = 0;
  const count = async () => {
    lost += 1;
  };
  while ((await stage.status()) !== 'idle') {
    // The next write takes effect and its answer is lost; asked again, the store finds our own write there.
    stage.storeFaults.heal();
    stage.storeFaults.once('lose-reply', count);
    const stepped = await stage.controller.step();
    if (stepped.kind === 'waiting') stage.clock.set(stepped.until);
  }
  t.ok(lost > 10);
  t.same(kinds(stage), ['started', 'live', 'gone']);
});

t.test('Given any life, when the owner is told of it, then nothing of the visitor or his token is in it', async (t) => {
  for (const breakIt of [
    () => undefined,
    ({ pipelines }: Stage) => Object.assign(pipelines.faults, { applyFails: true }),
    ({ cloud }: Stage) => Object.assign(cloud.faults, { survives: 4 }),
  ]) {
    const stage = shortLife();
    breakIt(stage);
    const { controlToken } = await stage.start(START);
    await stage.runUntilStatus('idle');
    t.ok(stage.notices.length >= 3);
    const told = JSON.stringify(stage.notices);
    t.notMatch(told, START.visitorHash);
    t.notOk(told.includes(controlToken ?? '?') || told.includes(`hash:${controlToken}`));
  }
});

/** What a life came to, and when. */
const lifeOf = async (stage: Stage) => {
  const { id } = await stage.start(START);
  await stage.runUntilStatus('idle');
  const [tombstone] = await stage.ledger();
  return { id, endedAt: stage.clock.now(), tombstone };
};

t.test(
  'Given a webhook that fails or hangs, when a life is lived, then it is the same to the millisecond',
  async (t) => {
    const undisturbed = await lifeOf(shortLife());
    const keepAwake = setInterval(() => {}, 1_000);
    t.teardown(() => clearInterval(keepAwake));
    for (const read of [() => new Promise<never>(() => {}), () => Promise.reject(new Error('made up'))]) {
      const clock = createFakeClock();
      const timers = createFakeTimers(clock);
      const told: Notice['kind'][] = [];
      const webhook = createWebhookNotifier({
        source: { read, refetch: async () => null },
        allowPrivate: true,
        pageOf: (id) => id,
        version: '0',
        clock,
        timers,
        newId: () => 'id',
        log: { event: () => undefined },
        knownSecrets: () => [],
      });
      const notifier = {
        notify: (notice: Notice) => {
          told.push(notice.kind);
          webhook.notify(notice);
        },
      };
      t.same(await lifeOf(shortLife({ clock, notifier })), undisturbed);
      t.same(told, ['started', 'live', 'gone']);
      const stopped = webhook.stop();
      await timers.advance(5_000);
      await stopped;
    }
  },
);
