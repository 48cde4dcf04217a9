import fc from 'fast-check';
import type { Test } from 'tap';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { SecondDestroyer } from '../../src/lifecycle/ports.ts';

/** When a deployment's schedule runs. */
export interface Standing {
  readonly firstRunAt: Instant;
  readonly everyMs: number;
}

/** A second destroyer with nothing armed, and what a test needs around it. */
export interface SecondDestroyerUnderTest {
  readonly destroyer: SecondDestroyer;
  readonly clock: { now(): Instant; pass(ms: number): void };
  /** Looks behind the port: what stands for that deployment; null when nothing does. */
  standing(deploymentId: string): Promise<Standing | null>;
  /** From now on nothing can be had. */
  breakDown(): void;
  /** The next request takes effect, and its answer never arrives. */
  loseNextReply(): void;
  /** Puts a schedule beside ours that is for no deployment. */
  addUnrelated(): void;
}

export type MakeSecondDestroyer = (t: Test) => Promise<SecondDestroyerUnderTest>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVERY_MS = 3 * HOUR_MS;
/** "Now" of a schedule, which no scheduler keeps to the second. */
const NOW_WITHIN_MS = 5 * MINUTE_MS;

const idOf = (count: number): string => `0193f0a0-3333-7abc-8def-${String(count).padStart(12, '0')}`;
const ID = idOf(1);
const OTHER = idOf(2);
const NO_IDS = ['', 'ACTIVE', '../faults', `${ID}/..`, ID.toUpperCase(), `${ID}0`, `demo-${ID}`];

const rejectsAsUnavailable = async (t: Test, work: Promise<unknown>, message: string): Promise<void> => {
  const outcome = await work.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );
  t.ok(isDemoError(outcome, 'SECOND_DESTROYER_UNAVAILABLE'), message);
};

const isNow = ({ clock }: SecondDestroyerUnderTest, standing: Standing | null): boolean =>
  standing !== null && standing.firstRunAt >= clock.now() && standing.firstRunAt <= clock.now() + NOW_WITHIN_MS;

const defineArming = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  t.test(`${name}: given a deployment, when it is armed, then its first run and its period are those`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    t.same(await standing(ID), { firstRunAt, everyMs: EVERY_MS });
    t.equal(await standing(OTHER), null);
    t.same(await destroyer.list(), [ID]);
  });

  t.test(`${name}: given it is armed, when it is armed again, then what stands is left as it is`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    clock.pass(10 * MINUTE_MS);
    await destroyer.arm(ID, clock.now() + 9 * HOUR_MS, EVERY_MS);
    t.same(await standing(ID), { firstRunAt, everyMs: EVERY_MS }, 'and a run is not put off');
    t.same(await destroyer.list(), [ID]);
  });

  t.test(`${name}: given its reply is lost, when it is armed again, then there is one schedule`, async (t) => {
    const { destroyer, clock, standing, loseNextReply } = await make(t);
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    loseNextReply();
    const lost = await destroyer.arm(ID, firstRunAt, EVERY_MS).catch((error: unknown) => error);
    t.ok(lost === undefined || isDemoError(lost, 'SECOND_DESTROYER_UNAVAILABLE'), 'it may say so or know better');
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    t.same(await standing(ID), { firstRunAt, everyMs: EVERY_MS });
    t.same(await destroyer.list(), [ID]);
  });

  t.test(`${name}: given ten tasks arm it at once, then all of them have and there is one schedule`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    await Promise.all(Array.from({ length: 10 }, () => destroyer.arm(ID, firstRunAt, EVERY_MS)));
    t.same(await standing(ID), { firstRunAt, everyMs: EVERY_MS });
    t.same(await destroyer.list(), [ID]);
  });

  t.test(`${name}: given a first run that is past or now, when it is armed, then it is taken`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    await destroyer.arm(ID, clock.now() - 30 * 24 * HOUR_MS, EVERY_MS);
    await destroyer.arm(OTHER, clock.now(), EVERY_MS);
    for (const id of [ID, OTHER]) {
      const { firstRunAt, everyMs } = (await standing(id)) ?? { firstRunAt: Number.NaN, everyMs: 0 };
      t.ok(firstRunAt <= clock.now() + NOW_WITHIN_MS, 'it runs now');
      t.equal(everyMs, EVERY_MS);
    }
  });
};

const defineDisarming = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  t.test(`${name}: given it is armed, when it is disarmed twice, then it is gone and no other is`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    await destroyer.arm(OTHER, firstRunAt, EVERY_MS);
    await destroyer.disarm(ID);
    await destroyer.disarm(ID);
    t.equal(await standing(ID), null);
    t.same(await standing(OTHER), { firstRunAt, everyMs: EVERY_MS });
    t.same(await destroyer.list(), [OTHER]);
  });

  t.test(`${name}: given it was never armed, when it is disarmed, then that is no error`, async (t) => {
    const { destroyer } = await make(t);
    await destroyer.disarm(ID);
    t.same(await destroyer.list(), []);
  });

  t.test(`${name}: given its reply is lost, when it is disarmed again, then it is gone`, async (t) => {
    const { destroyer, clock, loseNextReply } = await make(t);
    await destroyer.arm(ID, clock.now() + HOUR_MS, EVERY_MS);
    loseNextReply();
    await destroyer.disarm(ID).catch(() => undefined);
    await destroyer.disarm(ID);
    t.same(await destroyer.list(), []);
  });

  t.test(`${name}: given it was disarmed, when it is armed again, then it stands anew`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    await destroyer.arm(ID, clock.now() + HOUR_MS, EVERY_MS);
    await destroyer.disarm(ID);
    const firstRunAt = clock.now() + 9 * HOUR_MS;
    await destroyer.arm(ID, firstRunAt, HOUR_MS);
    t.same(await standing(ID), { firstRunAt, everyMs: HOUR_MS });
  });
};

const defineHastening = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  t.test(`${name}: given it is armed, when it is hastened, then it runs now and then as often as before`, async (t) => {
    const world = await make(t);
    const { destroyer, clock, standing } = world;
    const firstRunAt = clock.now() + 7 * HOUR_MS;
    await destroyer.arm(ID, firstRunAt, EVERY_MS);
    await destroyer.arm(OTHER, firstRunAt, EVERY_MS);
    await destroyer.hasten(ID);
    const hastened = await standing(ID);
    t.ok(isNow(world, hastened), `now: ${JSON.stringify(hastened)}`);
    t.equal(hastened?.everyMs, EVERY_MS);
    t.same(await standing(OTHER), { firstRunAt, everyMs: EVERY_MS }, 'no other is touched');
    t.same([...(await destroyer.list())].toSorted(), [ID, OTHER]);
  });

  t.test(
    `${name}: given it was hastened, when hours have passed and it is again, then it runs now again`,
    async (t) => {
      const world = await make(t);
      await world.destroyer.arm(ID, world.clock.now() + 7 * HOUR_MS, EVERY_MS);
      await world.destroyer.hasten(ID);
      world.clock.pass(2 * HOUR_MS);
      await world.destroyer.hasten(ID);
      const hastened = await world.standing(ID);
      t.ok(isNow(world, hastened), `now: ${JSON.stringify(hastened)}`);
      t.equal(hastened?.everyMs, EVERY_MS);
    },
  );

  t.test(`${name}: given it was hastened, when it is armed once more, then that puts nothing off`, async (t) => {
    const world = await make(t);
    await world.destroyer.arm(ID, world.clock.now() + 7 * HOUR_MS, EVERY_MS);
    await world.destroyer.hasten(ID);
    await world.destroyer.arm(ID, world.clock.now() + 7 * HOUR_MS, EVERY_MS);
    t.ok(isNow(world, await world.standing(ID)));
  });

  t.test(`${name}: given it was never armed, when it is hastened, then it says so and arms nothing`, async (t) => {
    const { destroyer, clock, standing } = await make(t);
    await destroyer.arm(OTHER, clock.now() + HOUR_MS, EVERY_MS);
    await rejectsAsUnavailable(t, destroyer.hasten(ID), 'there is nothing to hasten');
    t.equal(await standing(ID), null);
    t.same(await destroyer.list(), [OTHER]);
  });
};

const defineListing = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  t.test(`${name}: given none, one and many, when they are listed, then it is each of them once`, async (t) => {
    const { destroyer, clock } = await make(t);
    t.same(await destroyer.list(), []);
    const ids = Array.from({ length: 25 }, (_, count) => idOf(count));
    for (const id of ids) await destroyer.arm(id, clock.now() + HOUR_MS, EVERY_MS);
    t.same([...(await destroyer.list())].toSorted(), ids);
  });

  t.test(`${name}: given something that is none of ours, when they are listed, then it is left out`, async (t) => {
    const { destroyer, clock, addUnrelated } = await make(t);
    addUnrelated();
    t.same(await destroyer.list(), []);
    await destroyer.arm(ID, clock.now() + HOUR_MS, EVERY_MS);
    t.same(await destroyer.list(), [ID]);
  });
};

type Act = readonly ['arm' | 'disarm' | 'hasten', number];

const acts = fc.array(fc.tuple(fc.constantFrom('arm' as const, 'disarm' as const, 'hasten' as const), fc.nat(2)), {
  maxLength: 15,
});

/** Does it, and keeps the ids that should be armed. */
const act = async ({ destroyer, clock }: SecondDestroyerUnderTest, armed: Set<string>, [what, count]: Act) => {
  const id = idOf(count);
  if (what === 'arm') await destroyer.arm(id, clock.now() + HOUR_MS, EVERY_MS);
  else if (what === 'disarm') await destroyer.disarm(id);
  else if (armed.has(id)) await destroyer.hasten(id);
  if (what === 'arm') armed.add(id);
  if (what === 'disarm') armed.delete(id);
};

const defineFailures = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  t.test(`${name}: given anything in any order, when they are listed, then exactly the armed ones stand`, async (t) => {
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const world = await make(t);
        const armed = new Set<string>();
        for (const one of given) await act(world, armed, one);
        const listed = [...(await world.destroyer.list())].toSorted();
        return JSON.stringify(listed) === JSON.stringify([...armed].toSorted());
      }),
      { numRuns: 25 },
    );
    t.pass();
  });

  t.test(`${name}: given what is no id, when anything is asked for it, then it is refused`, async (t) => {
    const { destroyer, clock } = await make(t);
    for (const id of NO_IDS) {
      await rejectsAsUnavailable(t, destroyer.arm(id, clock.now() + HOUR_MS, EVERY_MS), `arm ${id}`);
      await rejectsAsUnavailable(t, destroyer.disarm(id), `disarm ${id}`);
      await rejectsAsUnavailable(t, destroyer.hasten(id), `hasten ${id}`);
    }
    t.same(await destroyer.list(), []);
  });

  t.test(`${name}: given it cannot be reached, when anything is asked, then it is unavailable`, async (t) => {
    const { destroyer, clock, breakDown } = await make(t);
    await destroyer.arm(ID, clock.now() + HOUR_MS, EVERY_MS);
    breakDown();
    await rejectsAsUnavailable(t, destroyer.arm(OTHER, clock.now() + HOUR_MS, EVERY_MS), 'arm');
    await rejectsAsUnavailable(t, destroyer.disarm(ID), 'disarm');
    await rejectsAsUnavailable(t, destroyer.hasten(ID), 'hasten');
    await rejectsAsUnavailable(t, destroyer.list(), 'list');
  });
};

/** What every `SecondDestroyer` promises. `make` gives one with nothing armed. */
export const defineSecondDestroyerContract = (t: Test, name: string, make: MakeSecondDestroyer): void => {
  defineArming(t, name, make);
  defineDisarming(t, name, make);
  defineHastening(t, name, make);
  defineListing(t, name, make);
  defineFailures(t, name, make);
};
