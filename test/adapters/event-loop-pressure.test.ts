import t from 'tap';
import { createLoopDelay, createLoopPressure } from '../../src/adapters/event-loop-pressure.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';

t.test(
  'Given an event loop, when it gets late, then the pressure is high until it is well in time again',
  async (t) => {
    const timers = createFakeTimers(createFakeClock());
    let ms = 0;
    let stops = 0;
    const stop = (): void => {
      stops += 1;
    };
    const pressure = createLoopPressure({ takeMs: () => ms, stop }, timers);
    const after = async (delayMs: number): Promise<boolean> => {
      ms = delayMs;
      await timers.advance(500);
      return pressure.isHigh();
    };
    t.equal(pressure.isHigh(), false);
    t.equal(await after(1_000), false, 'once is no flood');
    t.equal(await after(199), false);
    for (let late = 1; late < 4; late += 1) t.equal(await after(200), false, `${late} in a row`);
    t.equal(await after(200), true);
    t.equal(await after(80), true, 'it is not switched on and off all the time');
    t.equal(await after(79), false);
    t.equal(await after(199), false);
    await pressure.stop();
    t.equal(stops, 1);
    t.equal(timers.count(), 0);
  },
);

t.test(
  'Given this process, when it is measured while it is blocked, then the delay is seen and taken once',
  async (t) => {
    const delay = createLoopDelay();
    t.teardown(delay.stop);
    const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
    await turn();
    delay.takeMs();
    const until = performance.now() + 300;
    while (performance.now() < until);
    await turn();
    t.ok(delay.takeMs() > 30, 'of the mean of that time');
    t.ok(delay.takeMs() < 30, 'and it is not counted again');
  },
);
