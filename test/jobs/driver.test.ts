import t from 'tap';
import { createDriver, processTimers, type Timers } from '../../src/jobs/driver.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

interface HeldTimer {
  readonly callback: () => void;
  readonly delayMs: number;
  isCancelled: boolean;
}

/** A driver whose timers only go off when told to, and a controller whose answers are given by hand. */
const createScene = () => {
  const clock = createFakeClock();
  const held: HeldTimer[] = [];
  const timers: Timers = {
    set: (callback, delayMs) => {
      const timer: HeldTimer = { callback, delayMs, isCancelled: false };
      held.push(timer);
      return {
        cancel: () => {
          timer.isCancelled = true;
        },
      };
    },
  };
  const waiting: ((due: Instant | null) => void)[] = [];
  let runs = 0;
  const controller = {
    advance: () => {
      runs += 1;
      return new Promise<Instant | null>((resolve) => waiting.push(resolve));
    },
  };
  const settle = () => new Promise(setImmediate);
  return {
    clock,
    held,
    driver: createDriver(controller, clock, timers),
    runs: () => runs,
    /** The run under way ends with that due time. */
    finish: async (due: Instant | null) => {
      waiting.shift()?.(due);
      await settle();
    },
    armed: () => held.filter(({ isCancelled }) => !isCancelled),
    fire: () => held.at(-1)?.callback(),
    settle,
  };
};

t.test('Given it was not started, when it is woken, then it does nothing', async (t) => {
  const scene = createScene();
  scene.driver.wake();
  t.equal(scene.runs(), 0);
});

t.test(
  'Given it is started, when a run ends, then it sleeps exactly until the due time, and never longer than a minute',
  async (t) => {
    const scene = createScene();
    scene.driver.start();
    t.equal(scene.runs(), 1, 'it looks at boot');
    await scene.finish(scene.clock.now() + 5_000);
    t.equal(scene.held.at(-1)?.delayMs, 5_000);
    for (const [dueInMs, delayMs] of [
      [60_000, 60_000],
      [60_001, 60_000],
      [-7, 0],
    ] as const) {
      scene.fire();
      await scene.finish(scene.clock.now() + dueInMs);
      t.equal(scene.held.at(-1)?.delayMs, delayMs);
    }
    scene.fire();
    await scene.finish(null);
    t.equal(scene.held.at(-1)?.delayMs, 60_000, 'nothing runs');
  },
);

t.test('Given it sleeps, when it is woken, then it looks at once and the old timer is gone', async (t) => {
  const scene = createScene();
  scene.driver.start();
  await scene.finish(null);
  scene.driver.wake();
  t.equal(scene.runs(), 2);
  t.equal(scene.held[0]?.isCancelled, true);
  await scene.finish(null);
  t.equal(scene.armed().length, 1);
});

t.test(
  'Given a run is under way, when it is woken many times, then no second one runs beside it and one follows',
  async (t) => {
    const scene = createScene();
    scene.driver.start();
    for (let times = 0; times < 5; times += 1) scene.driver.wake();
    t.equal(scene.runs(), 1);
    await scene.finish(null);
    t.equal(scene.runs(), 2);
    t.equal(scene.armed().length, 0, 'it does not sleep in between');
    await scene.finish(null);
    t.equal(scene.runs(), 2);
    t.equal(scene.armed().length, 1);
  },
);

t.test('Given a run is under way, when it is stopped, then it waits for its end and nothing follows', async (t) => {
  const scene = createScene();
  scene.driver.start();
  scene.driver.wake();
  let isStopped = false;
  const stopping = scene.driver.stop().then(() => {
    isStopped = true;
  });
  await scene.settle();
  t.equal(isStopped, false);
  await scene.finish(null);
  await stopping;
  t.equal(scene.runs(), 1);
  t.equal(scene.armed().length, 0);
});

t.test(
  'Given it sleeps, when it is stopped, then its timer is cancelled and waking does nothing; it may start again',
  async (t) => {
    const scene = createScene();
    scene.driver.start();
    await scene.finish(null);
    await scene.driver.stop();
    t.equal(scene.armed().length, 0);
    scene.driver.wake();
    t.equal(scene.runs(), 1);
    scene.driver.start();
    t.equal(scene.runs(), 2);
    await scene.finish(null);
    await scene.driver.stop();
  },
);

t.test(
  "Given this process's timers, when one is set and another cancelled, then only the first goes off",
  async (t) => {
    let isCalled = false;
    processTimers.set(() => t.fail('it was cancelled'), 0).cancel();
    await new Promise<void>((resolve) => {
      // An own timer keeps the test alive, since those of the driver do not.
      const alive = setTimeout(() => {}, 60_000);
      processTimers.set(() => {
        isCalled = true;
        clearTimeout(alive);
        resolve();
      }, 0);
    });
    t.ok(isCalled);
  },
);

t.test('Given a run under way, when it is stopped, then it is told to begin nothing more', async (t) => {
  const clock = createFakeClock();
  const { promise, resolve } = Promise.withResolvers<Instant | null>();
  let goesOn = (): boolean => false;
  const controller = {
    advance: (asked: () => boolean = goesOn) => {
      goesOn = asked;
      return promise;
    },
  };
  const driver = createDriver(controller, clock, processTimers);
  driver.start();
  t.ok(goesOn());
  const stopped = driver.stop();
  t.notOk(goesOn());
  resolve(null);
  await stopped;
});
