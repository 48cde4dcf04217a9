import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { defineSecondDestroyerContract } from '../contracts/second-destroyer.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeCloud } from './fake-cloud.ts';

defineSecondDestroyerContract(t, 'the fake cloud', async () => {
  const clock = createFakeClock();
  const cloud = createFakeCloud(clock);
  let losesReply = false;
  const losing = async (work: Promise<void>): Promise<void> => {
    await work;
    if (!losesReply) return;
    losesReply = false;
    throw new DemoError('SECOND_DESTROYER_UNAVAILABLE');
  };
  return {
    destroyer: {
      ...cloud,
      arm: (...given) => losing(cloud.arm(...given)),
      disarm: (...given) => losing(cloud.disarm(...given)),
    },
    clock: { now: clock.now, pass: clock.advance },
    standing: async (id) => {
      const firstRunAt = cloud.armed.get(id);
      const everyMs = cloud.periods.get(id);
      return firstRunAt === undefined || everyMs === undefined ? null : { firstRunAt, everyMs };
    },
    breakDown: () => {
      Object.assign(cloud.faults, { arm: true, disarm: true, hasten: true, list: true });
    },
    loseNextReply: () => {
      losesReply = true;
    },
    addUnrelated: () => {
      cloud.armed.set("somebody-else's", clock.now());
    },
  };
});
