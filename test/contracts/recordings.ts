import type { Test } from 'tap';
import type { Recordings } from '../../src/lifecycle/ports.ts';
import { RECORDED_AT, recordingOfRun } from '../fakes/sample-recordings.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const idOf = (index: number): string => `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;
const FIRST = recordingOfRun({ id: idOf(1) });
const LATER = recordingOfRun({
  id: idOf(2),
  sample: true,
  createdAt: RECORDED_AT + 3_600_000,
  downAt: null,
  goneAt: null,
  stages: [],
  lines: [],
  linesTotal: 0,
});

/** What every `Recordings` promises. `make` gives an empty store per test. */
export const defineRecordingsContract = (t: Test, name: string, make: MakeStore<Recordings>): void => {
  t.test(`${name}: given nothing was recorded, when it is read, then there is none`, async (t) => {
    const { store } = await make();
    t.equal(await store.read(), null);
  });

  t.test(
    `${name}: given a recording, when it is read, then it is the same, and a later one takes its place`,
    async (t) => {
      const { store } = await make();
      await store.store(FIRST);
      t.strictSame(await store.read(), FIRST);
      await store.store(LATER);
      t.strictSame(await store.read(), LATER, 'with nothing of the one before');
    },
  );

  t.test(
    `${name}: given a later run stands, when a late task stores an older one, then the later one stays`,
    async (t) => {
      const { store } = await make();
      await store.store(LATER);
      await store.store(FIRST);
      t.strictSame(await store.read(), LATER);
      await store.store({ ...FIRST, createdAt: LATER.createdAt - 1 });
      t.strictSame(await store.read(), LATER, 'also one that is a millisecond older');
    },
  );

  t.test(`${name}: given the same run is stored again, when it is read, then the last one stands`, async (t) => {
    const { store } = await make();
    await store.store(FIRST);
    await store.store({ ...FIRST, linesTotal: 7 });
    t.strictSame(await store.read(), { ...FIRST, linesTotal: 7 });
  });

  t.test(`${name}: given many tasks store at once, when it is read, then the latest run stands, wholly`, async (t) => {
    const { store } = await make();
    const runs = Array.from({ length: 12 }, (_, index) =>
      recordingOfRun({ id: idOf(index), createdAt: RECORDED_AT + ((index * 5) % 12), linesTotal: index }),
    );
    await Promise.all(runs.map((recording) => store.store(recording)));
    const latest = runs.toSorted((a, b) => b.createdAt - a.createdAt)[0];
    t.strictSame(await store.read(), latest);
  });

  t.test(
    `${name}: given a recording was handed over, when its giver changes it, then what is stored does not`,
    async (t) => {
      const { store } = await make();
      const lines = [...FIRST.lines];
      await store.store({ ...FIRST, lines });
      lines.length = 0;
      t.strictSame(await store.read(), FIRST);
    },
  );

  t.test(`${name}: given its reply or itself is lost, when it is stored, then it is stored`, async (t) => {
    const { store, faults } = await make();
    faults.once('lose-reply');
    await store.store(FIRST);
    t.strictSame(await store.read(), FIRST);
    faults.once('lose-request');
    await store.store(LATER);
    t.strictSame(await store.read(), LATER);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    await store.store(FIRST);
    faults.always('down');
    await rejectsAsUnavailable(t, store.read(), 'a read');
    await rejectsAsUnavailable(t, store.store(LATER), 'a recording');
    faults.heal();
    t.strictSame(await store.read(), FIRST);
  });
};
