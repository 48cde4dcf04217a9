import fc from 'fast-check';
import t from 'tap';
import type { Around } from '../fakes/around.ts';
import { joinController, runTogether } from '../fakes/crowd.ts';
import { createDice, type Dice } from '../fakes/dice.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

/** A life of about half an hour, so that many of them can be lived. */
const shortLife = (): Stage => {
  const stage = createStage();
  Object.assign(stage.pipelines.faults, { applyMs: 3 * MINUTE_MS, destroyMs: 2 * MINUTE_MS });
  return stage;
};
const START = { ...VISITOR, durationMs: 5 * MINUTE_MS };

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

/** Each call takes a few turns before and after it, and some virtual milliseconds. */
const jittered =
  (stage: Stage, dice: Dice): Around =>
  async (_name, call) => {
    await turns(dice(4));
    stage.clock.advance(dice(40));
    const answer = await call();
    await turns(dice(4));
    return answer;
  };

const isIdle = async (stage: Stage): Promise<boolean> => (await stage.status()) === 'idle';

/** What must be so at the end of every life, whatever happened on the way. */
const endState = async ({ pipelines, cloud, ledger }: Stage) => ({
  applies: pipelines.created('apply').length,
  builds: pipelines.builds(),
  destroys: pipelines.created('destroy').length,
  left: [...cloud.exists],
  armed: [...cloud.armed.keys()],
  entries: (await ledger()).length,
});
const ONE_LIFE = { applies: 1, builds: 1, destroys: 1, left: [], armed: [], entries: 1 };

const seeds = { seed: 2026, numRuns: 15 };

t.test('Given two or three tasks at once, when a whole life is lived, then there is one of everything', async (t) => {
  const lives = fc.asyncProperty(fc.integer(), fc.integer({ min: 2, max: 3 }), async (seed, tasks) => {
    const stage = shortLife();
    const dice = createDice(seed);
    const controllers = Array.from({ length: tasks }, () => joinController(stage, jittered(stage, dice)));
    await stage.start(START);
    await runTogether(stage, () => controllers, { until: () => isIdle(stage) });
    t.same(await endState(stage), ONE_LIFE);
    t.match(await stage.ledger(), [{ outcome: 'lived', reason: 'expired', destroyAttempts: 1 }]);
  });
  await fc.assert(lives, seeds);
});

t.test(
  'Given three tasks, when pipelines are polled, then GitLab is asked hardly more often than by one',
  async (t) => {
    const readsOf = async (tasks: number): Promise<number> => {
      const stage = shortLife();
      const dice = createDice(7);
      const wrap = jittered(stage, dice);
      let reads = 0;
      const counting: Around = async (name, call) => {
        if (name === 'read') {
          reads += 1;
          // GitLab's answer takes longer than anything else, so that the others come in between.
          await turns(12);
        }
        return wrap(name, call);
      };
      const controllers = Array.from({ length: tasks }, () => joinController(stage, counting));
      await stage.start(START);
      await runTogether(stage, () => controllers, { until: () => isIdle(stage) });
      return reads;
    };
    const [one, three] = [await readsOf(1), await readsOf(3)];
    t.ok(three <= one * 1.2, `${three} against ${one}`);
  },
);

const anyFault = fc.constantFrom('lose-reply' as const, 'lose-request' as const, 'throttle' as const, 'down' as const);

t.test(
  'Given a store and a GitLab that fail at random, when two tasks go on, then there is still one of everything',
  async (t) => {
    const lives = fc.asyncProperty(
      fc.integer(),
      fc.array(anyFault, { minLength: 1, maxLength: 4 }),
      async (seed, kinds) => {
        const stage = shortLife();
        const dice = createDice(seed);
        const controllers = [1, 2].map(() => joinController(stage, jittered(stage, dice)));
        await stage.start(START);
        stage.pipelines.faults.create.push(...(['lose-request', 'lose-reply'] as const).slice(dice(3)));
        let rounds = 0;
        const beforeRound = () => {
          rounds += 1;
          stage.storeFaults.heal();
          stage.pipelines.faults.down = rounds < 200 && dice(10) === 0;
          if (rounds > 200 || dice(3) !== 0) return;
          const kind = kinds[dice(kinds.length)] ?? 'down';
          if (kind === 'throttle' || kind === 'down') stage.storeFaults.always(kind);
          else for (let times = dice(4); times >= 0; times -= 1) stage.storeFaults.once(kind, () => turns(dice(6)));
        };
        await runTogether(stage, () => controllers, {
          beforeRound,
          until: async () => {
            stage.storeFaults.heal();
            return isIdle(stage);
          },
        });
        t.same(await endState(stage), ONE_LIFE);
      },
    );
    await fc.assert(lives, seeds);
  },
);

/** How many calls of the world one life makes; a crash or a pause is tried anywhere among them. */
const callsOfALife = async (): Promise<readonly string[]> => {
  const stage = shortLife();
  const names: string[] = [];
  const controller = joinController(stage, (name, call) => {
    names.push(name);
    return call();
  });
  await stage.start(START);
  await runTogether(stage, () => [controller], { until: () => isIdle(stage) });
  return names;
};

t.test(
  'Given a task that dies at any call, before or after its effect, when a fresh one goes on, then it ends the same',
  async (t) => {
    const calls = await callsOfALife();
    const never = new Promise<never>(() => {});
    const crash = async (at: number, isAfter: boolean): Promise<void> => {
      const stage = shortLife();
      let made = 0;
      let die: () => void = () => {};
      const died = new Promise<null>((resolve) => {
        die = () => resolve(null);
      });
      const doomed = joinController(stage, async (_name, call) => {
        made += 1;
        if (made !== at) return call();
        if (isAfter) await call();
        die();
        return never;
      });
      const fresh = stage.newController();
      const first = { advance: () => Promise.race([doomed.advance(), died]) };
      await stage.start(START);
      await runTogether(stage, () => [made < at ? first : fresh], { until: () => isIdle(stage) });
      t.same(await endState(stage), ONE_LIFE, `died ${isAfter ? 'after' : 'before'} call ${at}, ${calls[at - 1]}`);
    };
    // Most calls are routine polls; each of the others is died at, and a sample of those.
    const routine = new Set(['active', 'claimLook', 'storeLook', 'read', 'probe']);
    const places = calls.flatMap((name, index) => (!routine.has(name) || index % 41 === 0 ? [index + 1] : []));
    for (const at of places) for (const isAfter of [false, true]) await crash(at, isAfter);
    t.ok(places.length > 25, `${places.length} places`);
  },
);

t.test(
  'Given a port that fails at random calls, when the same task tries again, then it ends with nothing left',
  async (t) => {
    const lives = fc.asyncProperty(fc.integer(), async (seed) => {
      const stage = shortLife();
      const dice = createDice(seed);
      let calls = 0;
      const failing: Around = async (_name, call) => {
        calls += 1;
        if (calls > 600 || dice(12) !== 0) return call();
        if (dice(2) === 0) await call();
        throw new TypeError('something nobody thought of');
      };
      const controller = joinController(stage, failing);
      await stage.start(START);
      await runTogether(stage, () => [controller], { until: () => isIdle(stage) });
      const { destroys, ...rest } = await endState(stage);
      const { destroys: _one, ...wanted } = ONE_LIFE;
      t.same(rest, wanted);
      t.ok(destroys <= 1);
    });
    await fc.assert(lives, { ...seeds, numRuns: 25 });
  },
);
