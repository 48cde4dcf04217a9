import type { Test } from 'tap';
import type { Switch, SwitchStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const PAUSED: Switch = { paused: true, reason: 'Back on Monday – „gleich“ ⏸️', changedAt: SAMPLE_START };
const GOING: Switch = { paused: false, reason: null, changedAt: SAMPLE_START + 1 };

/** What every `SwitchStore` promises. `make` gives an empty store per test. */
export const defineSwitchStoreContract = (t: Test, name: string, make: MakeStore<SwitchStore>): void => {
  t.test(`${name}: given it was never moved, when it is read, then it is nowhere`, async (t) => {
    const { store } = await make();
    t.equal(await store.read(), null);
  });

  t.test(`${name}: given it is moved, when it is read, then it stands there, with nothing of before`, async (t) => {
    const { store } = await make();
    for (const state of [PAUSED, PAUSED, GOING, { ...PAUSED, reason: null }, { ...GOING, reason: 'r'.repeat(200) }]) {
      await store.write(state);
      t.strictSame(await store.read(), state);
    }
  });

  t.test(`${name}: given an earlier clock, when it moves it last, then it is where that left it`, async (t) => {
    const { store } = await make();
    await store.write(GOING);
    await store.write({ ...PAUSED, changedAt: SAMPLE_START - 60_000 });
    t.match(await store.read(), { paused: true, changedAt: SAMPLE_START - 60_000 });
  });

  t.test(`${name}: given many move it at once, when it is read, then one of them did, wholly`, async (t) => {
    const { store } = await make();
    const states = Array.from({ length: 20 }, (_, index) => ({
      paused: index % 2 === 0,
      reason: `reason ${index}`,
      changedAt: SAMPLE_START + index,
    }));
    await Promise.all(states.map((state) => store.write(state)));
    const standing = await store.read();
    t.strictSame(standing, states[(standing?.changedAt ?? 0) - SAMPLE_START]);
  });

  t.test(`${name}: given its reply or itself is lost, when it is moved, then it is moved`, async (t) => {
    const { store, faults } = await make();
    faults.once('lose-reply');
    await store.write(PAUSED);
    t.strictSame(await store.read(), PAUSED);
    faults.once('lose-request');
    await store.write(GOING);
    t.strictSame(await store.read(), GOING);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    await store.write(PAUSED);
    faults.always('down');
    await rejectsAsUnavailable(t, store.read(), 'a read');
    await rejectsAsUnavailable(t, store.write(GOING), 'a move');
    faults.heal();
    t.strictSame(await store.read(), PAUSED);
  });
};
