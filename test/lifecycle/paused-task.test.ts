import fc from 'fast-check';
import t from 'tap';
import { joinController, runTogether } from '../fakes/crowd.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

const START = { ...VISITOR, durationMs: 5 * MINUTE_MS };
const HOUR_MS = 60 * MINUTE_MS;

/** GitLab may still take a lost request for so long; no call of ours travels longer, as its timeout sees to. */
const LONGEST_TRAVEL_MS = 60_000;

const shortLife = (): Stage => {
  const stage = createStage();
  Object.assign(stage.pipelines.faults, { applyMs: 3 * MINUTE_MS, destroyMs: 2 * MINUTE_MS });
  return stage;
};
/** A controller that stops at its n-th call, before or after the effect, until it is let go on. */
const pausedAt = (stage: Stage, at: number, isAfter: boolean) => {
  let made = 0;
  let resume: () => void = () => {};
  let name: string | null = null;
  let stop: () => void = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  const gate = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const controller = joinController(stage, async (called, call) => {
    made += 1;
    if (made !== at) return call();
    name = called;
    const answer = isAfter ? await call() : null;
    stop();
    await gate;
    return isAfter ? answer : call();
  });
  let underWay: Promise<unknown> | null = null;
  /** Works until it stops at its call, and from then on answers as one who has nothing to say. */
  const advance = async () => {
    if (name !== null) return null;
    const going = controller.advance();
    underWay = going;
    return Promise.race([going, stopped]);
  };
  return {
    advance,
    pausedIn: () => name,
    resume: async () => {
      resume();
      await underWay;
    },
  };
};

const nobodyLeft = async (stage: Stage): Promise<boolean> => (await stage.status()) === 'idle';

t.test(
  'Given a task paused with an old plan, when it wakes beside a newer deployment, then it changes nothing of it',
  async (t) => {
    const wakes = fc.asyncProperty(fc.integer({ min: 1, max: 330 }), fc.boolean(), async (at, isAfter) => {
      const stage = shortLife();
      const paused = pausedAt(stage, at, isAfter);
      const other = stage.newController();
      await stage.start(START);
      await runTogether(stage, () => [paused, other].slice(paused.pausedIn() === null ? 0 : 1), {
        until: () => nobodyLeft(stage),
      });
      const second = await stage.start(START);
      await runTogether(stage, () => [other], { until: async () => (await stage.status()) === 'live' });
      const before = await stage.active();
      const pipelines = stage.pipelines.all.length;
      const travelled = paused.pausedIn() === 'create' && !isAfter;
      await paused.resume();
      const { deployment } = await stage.active();
      t.same(deployment, before.deployment, `woken in ${paused.pausedIn()}`);
      t.ok(stage.cloud.exists.has(second.id));
      if (!travelled) t.equal(stage.pipelines.all.length, pipelines, 'and sends nothing');
      await runTogether(stage, () => [other], { until: () => nobodyLeft(stage) });
      t.same([...stage.cloud.exists], []);
      t.equal((await stage.ledger()).length, 2);
    });
    await fc.assert(wakes, { seed: 2026, numRuns: 40 });
  },
);

t.test(
  'Given a task that pauses anywhere for any time, when it wakes in the same life, then nothing is built twice or left',
  async (t) => {
    const pauses = fc.constantFrom(2_000, 20_000, 4 * MINUTE_MS, 12 * MINUTE_MS, HOUR_MS);
    const lives = fc.asyncProperty(
      fc.integer({ min: 1, max: 330 }),
      fc.boolean(),
      pauses,
      async (at, isAfter, pauseMs) => {
        const stage = shortLife();
        const paused = pausedAt(stage, at, isAfter);
        const other = stage.newController();
        await stage.start(START);
        let wakeAt: number | null = null;
        let isAwake = false;
        const beforeRound = async () => {
          if (paused.pausedIn() === null) return;
          const longest = paused.pausedIn() === 'create' && !isAfter ? LONGEST_TRAVEL_MS : pauseMs;
          wakeAt ??= stage.clock.now() + Math.min(pauseMs, longest);
          if (isAwake || stage.clock.now() < wakeAt) return;
          isAwake = true;
          await paused.resume();
        };
        await runTogether(stage, () => [other, paused], { beforeRound, until: () => nobodyLeft(stage) });
        await paused.resume();
        t.equal(stage.pipelines.builds(), 1, `in ${paused.pausedIn()}`);
        t.same([...stage.cloud.exists], []);
        t.equal((await stage.ledger()).length, 1);
        t.ok(stage.pipelines.created('destroy').filter(({ state }) => state === 'succeeded').length >= 1);
      },
    );
    await fc.assert(lives, { seed: 2027, numRuns: 60 });
  },
);
