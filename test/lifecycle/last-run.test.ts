import t from 'tap';
import { createLastRun } from '../../src/lifecycle/last-run.ts';
import type { Recordings } from '../../src/lifecycle/ports.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { recordingOfRun } from '../fakes/sample-recordings.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

const SAMPLE = recordingOfRun({ id: '01900000-0000-7000-8000-000000000000', sample: true });
const OURS = recordingOfRun();

const setUp = () => {
  const faults = createStoreFaults();
  const { recordings } = createMemoryStore(faults);
  const clock = createFakeClock();
  let reads = 0;
  const counted: Recordings = {
    ...recordings,
    read: () => {
      reads += 1;
      return recordings.read();
    },
  };
  const lastRun = createLastRun({ recordings: counted, sample: async () => SAMPLE, clock });
  return { lastRun, recordings, faults, clock, reads: () => reads };
};

t.test(
  'Given nothing is stored, when the last run is asked for, then it is the sample, which is of no run',
  async (t) => {
    const { lastRun } = setUp();
    t.equal(await lastRun.recording(), SAMPLE);
    t.equal(await lastRun.storedId(), null);
  },
);

t.test('Given one is stored here, when it is asked for, then it is that one at once', async (t) => {
  const { lastRun } = setUp();
  await lastRun.recording();
  await lastRun.store(OURS);
  t.same(await lastRun.recording(), OURS);
  t.equal(await lastRun.storedId(), OURS.id);
});

t.test('Given a thousand watch, when time goes by, then the item is read once in ten seconds', async (t) => {
  const { lastRun, recordings, clock, reads } = setUp();
  await Promise.all(Array.from({ length: 1_000 }, () => lastRun.recording()));
  t.equal(reads(), 1);
  await recordings.store(OURS);
  clock.advance(9_999);
  t.equal(await lastRun.recording(), SAMPLE, 'another task stored one, which is not seen yet');
  clock.advance(1);
  const [first, second] = await Promise.all([lastRun.recording(), lastRun.recording()]);
  t.same(first, OURS);
  t.equal(first, second, 'the same object while it is held');
  t.equal(reads(), 2);
});

t.test('Given the store is away, when it is asked, then it says so, and a list of runs does without', async (t) => {
  const { lastRun, faults } = setUp();
  faults.always('down');
  await t.rejects(lastRun.recording(), { code: 'STORE_UNAVAILABLE' });
  t.equal(await lastRun.storedId(), null);
  faults.heal();
  t.equal(await lastRun.recording(), SAMPLE, 'a failed read is not kept');
});
