import t from 'tap';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import type { Target } from '../../src/lifecycle/requests.ts';
import { activeView, idleView, type PublicView, tombstoneView } from '../../src/lifecycle/view.ts';
import { createHeldReads, type Ending, type HeldRead, type HeldReadsDeps } from '../../src/routes/held-reads.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';
import { sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const OTHER = '01930000-0000-7000-8000-000000000002';
const GONE = '01930000-0000-7000-8000-000000000003';
const CURRENT: Target = { kind: 'current' };
const byId = (id: string): Target => ({ kind: 'id', id });
const NO_FORECAST = { totalsSeconds: [], stageSeconds: new Map<string, number>() };

const createScene = (limits?: HeldReadsDeps['limits']) => {
  const clock = createFakeClock();
  const timers = createFakeTimers(clock);
  const looks: Target[] = [];
  const world = {
    active: null as ActiveRecord | null,
    failure: null as Error | null,
    /** Each look waits for it. */
    gate: Promise.resolve(),
  };
  const viewNow = (target: Target): PublicView | null => {
    if (target.kind === 'id' && target.id === GONE) return tombstoneView(sampleTombstone(GONE), NO_FORECAST);
    if (world.active === null) return target.kind === 'current' ? idleView(null, clock.now()) : null;
    if (target.kind === 'id' && target.id !== world.active.deployment.owner) return null;
    return activeView(world.active, NO_FORECAST, clock.now());
  };
  const views = {
    view: async (target: Target) => {
      looks.push(target);
      // What is found is what was there when the look began, as with a read of the store.
      const found = viewNow(target);
      await world.gate;
      if (world.failure !== null) throw world.failure;
      return found;
    },
  };
  const heldReads = createHeldReads({ views, clock, timers, ...(limits === undefined ? {} : { limits }) });
  const endings = new Map<HeldRead, Ending['kind']>();
  const tryToHold = (target: Target = CURRENT, seconds = 20, client = 'somebody'): HeldRead | null => {
    const view = viewNow(target);
    if (view === null) throw new Error('there is nothing to wait for');
    const held = heldReads.hold({ target, view, client, untilMs: clock.monotonicMs() + seconds * 1_000 });
    if (held !== null) void held.ended.then(({ kind }) => endings.set(held, kind));
    return held;
  };
  const hold = (...given: Parameters<typeof tryToHold>): HeldRead => {
    const held = tryToHold(...given);
    if (held === null) throw new Error('it was not held');
    return held;
  };
  return { clock, timers, world, looks, heldReads, tryToHold, hold, endingOf: (held: HeldRead) => endings.get(held) };
};

t.test(
  'Given a thousand wait, When time passes, Then one look for all of them, four times a second, and none when nobody does',
  async (t) => {
    const { timers, looks, hold, heldReads, clock } = createScene();
    await timers.advance(60_000);
    t.same([looks.length, timers.count()], [0, 0], 'nobody waits');
    const all = Array.from({ length: 1_000 }, (_, index) => hold(CURRENT, 25, `client ${index}`));
    t.equal(heldReads.waiting(), 1_000);
    await timers.advance(249);
    t.equal(looks.length, 0);
    await timers.advance(1);
    t.equal(looks.length, 1);
    await timers.advance(23_750);
    t.equal(looks.length, 96);
    for (const held of all) held.drop();
    const startedAt = clock.monotonicMs();
    await timers.advance(60_000);
    t.equal(clock.monotonicMs() - startedAt, 60_000);
    t.same([looks.length, timers.count(), heldReads.waiting()], [96, 0, 0]);
  },
);

t.test('Given reads of several targets, When one of them changes, Then only its readers are woken', async (t) => {
  const { timers, world, hold, endingOf, looks, heldReads } = createScene();
  world.active = sampleRecord(ID);
  const onAlias = hold(CURRENT);
  const onId = hold(byId(ID));
  const gone = hold(byId(GONE));
  await timers.advance(5_000);
  t.same([onAlias, onId, gone].map(endingOf), [undefined, undefined, undefined], 'the clock alone changes nothing');
  world.active = sampleRecord(OTHER);
  await timers.advance(1_000);
  t.equal(endingOf(onAlias), 'changed');
  t.equal(endingOf(onId), 'over', 'it is found nowhere, which the route tells');
  t.equal(endingOf(gone), undefined);
  t.equal(heldReads.waiting(), 1);
  t.notOk(
    looks.some((target) => target.kind === 'id' && target.id === GONE),
    'what is gone is not looked for',
  );
  const ending = await onAlias.ended;
  t.equal(ending.kind === 'changed' ? ending.view.id : null, OTHER, 'what was found comes with it');
});

t.test('Given somebody waits while idle, When a demo starts, Then he is told at the next look', async (t) => {
  const { timers, world, hold, endingOf } = createScene();
  const held = hold(CURRENT);
  await timers.advance(10_100);
  world.active = sampleRecord(ID);
  await timers.advance(149);
  t.equal(endingOf(held), undefined);
  await timers.advance(1);
  t.equal(endingOf(held), 'changed');
});

t.test('Given nothing changes, When the time is over, Then it ends then and not before', async (t) => {
  const { timers, hold, endingOf, heldReads, tryToHold, clock } = createScene();
  const long = hold(CURRENT, 20);
  await timers.advance(300);
  const short = hold(CURRENT, 1.5);
  await timers.advance(1_499);
  t.equal(endingOf(short), undefined);
  await timers.advance(1);
  t.same([endingOf(short), endingOf(long)], ['over', undefined]);
  await timers.advance(18_199);
  t.equal(endingOf(long), undefined);
  await timers.advance(1);
  t.equal(endingOf(long), 'over');
  t.equal(heldReads.waiting(), 0);
  t.equal(timers.count(), 0);
  t.equal(tryToHold(CURRENT, 0), null, 'no time is left');
  t.equal(clock.monotonicMs(), 20_000);
});

t.test('Given a write of our own, When it is told, Then the look comes at once', async (t) => {
  const { timers, world, hold, endingOf, heldReads, looks } = createScene();
  heldReads.lookNow();
  t.equal(looks.length, 0, 'nobody waits');
  const held = hold(CURRENT);
  world.active = sampleRecord(ID);
  heldReads.lookNow();
  await timers.advance(0);
  t.equal(endingOf(held), 'changed');
  t.equal(timers.count(), 0);
});

t.test(
  'Given a look is under way, When something is written meanwhile, Then it is looked at again at once',
  async (t) => {
    const { timers, world, hold, endingOf, heldReads, looks } = createScene();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const held = hold(CURRENT);
    await timers.advance(1_000);
    t.equal(looks.length, 1);
    world.active = sampleRecord(ID);
    for (let times = 0; times < 5; times += 1) heldReads.lookNow();
    await timers.advance(5_000);
    t.equal(looks.length, 1, 'never two at once');
    resolve();
    await timers.advance(0);
    t.same([looks.length, endingOf(held)], [2, 'changed']);
  },
);

t.test(
  'Given a look is under way, When somebody comes who knows a later view, Then it does not wake him',
  async (t) => {
    const { timers, world, hold, endingOf } = createScene();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const early = hold(CURRENT);
    await timers.advance(1_000);
    world.active = sampleRecord(ID);
    const late = hold(CURRENT);
    resolve();
    await timers.advance(0);
    t.same([endingOf(early), endingOf(late)], [undefined, undefined], 'the look found what was before');
    await timers.advance(1_000);
    t.same([endingOf(early), endingOf(late)], ['changed', undefined]);
  },
);

t.test('Given the store fails, When it comes back with a change, Then those who still wait are told', async (t) => {
  const { timers, world, hold, endingOf } = createScene();
  const short = hold(CURRENT, 3);
  const long = hold(CURRENT, 20);
  world.failure = new Error('the store is down');
  world.active = sampleRecord(ID);
  await timers.advance(5_000);
  t.same([endingOf(short), endingOf(long)], ['over', undefined]);
  world.failure = null;
  await timers.advance(1_000);
  t.equal(endingOf(long), 'changed');
});

t.test('Given 100 reads of one client wait, When one more comes, Then only that one is not held', async (t) => {
  const { tryToHold, hold, heldReads, timers } = createScene();
  const held = Array.from({ length: 100 }, () => tryToHold());
  t.ok(held.every((read) => read !== null));
  t.equal(tryToHold(), null);
  t.equal(tryToHold(byId(GONE)), null, 'whatever it is about');
  t.ok(tryToHold(CURRENT, 20, 'somebody else'));
  held[7]?.drop();
  held[7]?.drop();
  hold();
  t.equal(tryToHold(), null, 'one place was free, not two');
  t.equal(heldReads.waiting(), 101);
  await timers.advance(20_000);
  t.equal(heldReads.waiting(), 0);
  t.ok(tryToHold(), 'the end gave the places back');
});

t.test('Given 5,000 reads wait in all, When one more comes, Then it is not held until a place is free', async (t) => {
  const { tryToHold, hold, heldReads } = createScene();
  const first = hold(CURRENT, 20, 'client 0');
  for (let index = 1; index < 5_000; index += 1) hold(CURRENT, 20, `client ${index % 50}`);
  t.equal(heldReads.waiting(), 5_000);
  t.equal(tryToHold(CURRENT, 20, 'a newcomer'), null);
  first.drop();
  t.ok(tryToHold(CURRENT, 20, 'a newcomer'));
  t.equal(tryToHold(CURRENT, 20, 'another newcomer'), null);
});

t.test('Given other limits, When they are reached, Then they are kept exactly', async (t) => {
  const { tryToHold } = createScene({ perClient: 2, inAll: 3 });
  t.same(
    ['a', 'a', 'a', 'b', 'b', 'c'].map((client) => tryToHold(CURRENT, 20, client) !== null),
    [true, true, false, true, false, false],
  );
});

t.test('Given reads wait, When a connection is closed, Then its read has ended and the others wait on', async (t) => {
  const { timers, world, hold, endingOf, heldReads } = createScene();
  const [closed, other] = [hold(), hold()];
  closed.drop();
  await timers.advance(0);
  t.same([endingOf(closed), endingOf(other), heldReads.waiting()], ['closed', undefined, 1]);
  world.active = sampleRecord(ID);
  await timers.advance(1_000);
  t.same([endingOf(closed), endingOf(other)], ['closed', 'changed']);
  other.drop();
  t.equal(heldReads.waiting(), 0, 'dropping what has ended does nothing');
});

t.test('Given reads wait, When the server goes down, Then all end at once and no other is held', async (t) => {
  const { timers, hold, tryToHold, endingOf, heldReads, looks } = createScene();
  const held = [hold(), hold(byId(GONE)), hold(CURRENT, 20, 'somebody else')];
  heldReads.release();
  heldReads.release();
  await timers.advance(0);
  t.same(held.map(endingOf), ['over', 'over', 'over']);
  t.equal(tryToHold(), null);
  await timers.advance(60_000);
  t.same([heldReads.waiting(), timers.count(), looks.length], [0, 0, 0]);
});
