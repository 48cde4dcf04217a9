import type { Test } from 'tap';
import type { Notifier } from '../../src/lifecycle/ports.ts';
import { ALL_NOTICES } from '../fakes/sample-notices.ts';

/** What every `Notifier` promises, in whatever state its receiver is. */
export const notifierContract = (
  t: Test,
  name: string,
  create: (t: Test) => Promise<{ readonly notifier: Notifier; readonly end: () => Promise<void> }>,
): void => {
  t.test(`${name}: given any notice, when it is told, then it returns at once and without a word`, async (t) => {
    const { notifier, end } = await create(t);
    for (const notice of ALL_NOTICES) t.equal(notifier.notify(notice), undefined, notice.kind);
    await end();
  });

  t.test(`${name}: given more than it can hold, when all is told, then it neither throws nor waits`, async (t) => {
    const { notifier, end } = await create(t);
    let turns = 0;
    const turn = setImmediate(() => {
      turns += 1;
    });
    t.doesNotThrow(() => {
      for (let round = 0; round < 100; round += 1) for (const notice of ALL_NOTICES) notifier.notify(notice);
    });
    t.equal(turns, 0, 'not even a turn of the event loop went by');
    clearImmediate(turn);
    await end();
  });

  t.test(`${name}: given it has ended, when something is told, then it does not throw`, async (t) => {
    const { notifier, end } = await create(t);
    await end();
    for (const notice of ALL_NOTICES) t.doesNotThrow(() => notifier.notify(notice), notice.kind);
  });
};
