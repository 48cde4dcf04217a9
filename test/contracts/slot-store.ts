import type { Test } from 'tap';
import type { SlotStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const EXPIRES_AT = SAMPLE_START + 86_400_000;

/** What every `SlotStore` promises. `make` gives an empty store per test. */
export const defineSlotStoreContract = (t: Test, name: string, make: MakeStore<SlotStore>): void => {
  t.test(`${name}: given a slot, when it is claimed twice, then only the first one has it`, async (t) => {
    const { store } = await make();
    t.equal(await store.claimSlot('hourly:2026-11-24T03:07:00.000Z', EXPIRES_AT), true);
    t.equal(await store.claimSlot('hourly:2026-11-24T03:07:00.000Z', EXPIRES_AT), false);
    t.equal(await store.claimSlot('hourly:2026-11-24T04:07:00.000Z', EXPIRES_AT), true, 'the next slot');
    t.equal(await store.claimSlot('nightly:2026-11-24T03:07:00.000Z', EXPIRES_AT), true, 'another job');
  });

  t.test(`${name}: given a slot, when 50 claim it at once, then exactly one has it`, async (t) => {
    const { store } = await make();
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.claimSlot('hourly:slot', EXPIRES_AT)));
    t.equal(answers.filter(Boolean).length, 1);
  });

  t.test(`${name}: given its reply is lost, when a claim meets its own, then the slot is claimed once`, async (t) => {
    const { store, faults } = await make();
    faults.once('lose-reply');
    t.equal(await store.claimSlot('hourly:slot', EXPIRES_AT), true);
    faults.once('lose-reply');
    t.equal(await store.claimSlot('hourly:slot', EXPIRES_AT), false, "another's claim is not taken for ours");
    faults.once('lose-request');
    t.equal(await store.claimSlot('hourly:next', EXPIRES_AT), true);
  });

  t.test(`${name}: given a job that never completed, when it is asked for, then there is none`, async (t) => {
    const { store } = await make();
    await store.claimSlot('hourly', EXPIRES_AT);
    t.equal(await store.lastCompleted('hourly'), null, 'a claim completes nothing');
  });

  t.test(`${name}: given a completed slot, when another completes, then it only goes forward`, async (t) => {
    const { store } = await make();
    await store.completeSlot('hourly', SAMPLE_START);
    t.equal(await store.lastCompleted('hourly'), SAMPLE_START);
    await store.completeSlot('hourly', SAMPLE_START - 1);
    await store.completeSlot('hourly', SAMPLE_START);
    t.equal(await store.lastCompleted('hourly'), SAMPLE_START);
    await store.completeSlot('hourly', SAMPLE_START + 1);
    t.equal(await store.lastCompleted('hourly'), SAMPLE_START + 1);
    t.equal(await store.lastCompleted('nightly'), null, 'another job');
  });

  t.test(`${name}: given slots complete at once, when all are done, then the latest stands`, async (t) => {
    const { store } = await make();
    const slots = [3, 9, 1, 7, 5].map((index) => SAMPLE_START + index);
    await Promise.all(slots.map((slot) => store.completeSlot('hourly', slot)));
    t.equal(await store.lastCompleted('hourly'), SAMPLE_START + 9);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    faults.always('down');
    await rejectsAsUnavailable(t, store.claimSlot('hourly:slot', EXPIRES_AT), 'a claim');
    await rejectsAsUnavailable(t, store.lastCompleted('hourly'), 'a read');
    await rejectsAsUnavailable(t, store.completeSlot('hourly', SAMPLE_START), 'a completion');
  });
};
