import type { Test } from 'tap';
import type { QuotaStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { ANNE, CURL, NO_LIMITS, NONE_AT_ALL, ONE_OF_EACH, refused, startOf, TAKEN } from './quota-samples.ts';
import type { MakeStore } from './store-under-test.ts';

/** What every `QuotaStore` promises about a start that came to nothing. */
export const defineGivingBack = (t: Test, name: string, make: MakeStore<QuotaStore>): void => {
  t.test(`${name}: given a start that built nothing, when it is given back, then every counter is`, async (t) => {
    const { store } = await make();
    await store.take(startOf('demo-1', { ...ANNE, ...CURL }), ONE_OF_EACH);
    await store.giveBack('demo-1', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 0);
    t.strictSame(await store.take(startOf('demo-2', { ...ANNE, ...CURL }), ONE_OF_EACH), TAKEN);
    t.strictSame(await store.take(startOf('demo-3', { ...ANNE, ...CURL }), ONE_OF_EACH), refused('visitor'));
  });

  t.test(`${name}: given two starts of a visitor, when one is given back, then the other one counts`, async (t) => {
    const { store } = await make();
    await store.take(startOf('demo-1', { ...ANNE, ...CURL }), NO_LIMITS);
    await store.take(startOf('demo-2', ANNE), NO_LIMITS);
    await store.giveBack('demo-2', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 1);
    t.strictSame(await store.take(startOf('demo-3', ANNE), { ...NO_LIMITS, perVisitorPerDay: 1 }), refused('visitor'));
    const noOrigin = { ...NO_LIMITS, noOriginPerDay: 1 };
    t.strictSame(await store.take(startOf('demo-4', CURL), noOrigin), refused('no_origin'), 'the first one had none');
  });

  t.test(`${name}: given a start, when it is given back again and again, then it is once`, async (t) => {
    const { store } = await make();
    for (const id of ['demo-1', 'demo-2']) await store.take(startOf(id, { ...ANNE, ...CURL }), NO_LIMITS);
    await Promise.all(Array.from({ length: 10 }, () => store.giveBack('demo-1', SAMPLE_START)));
    await store.giveBack('demo-1', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 1);
    const next = startOf('demo-3', { ...ANNE, ...CURL });
    t.strictSame(await store.take(next, { ...NO_LIMITS, perVisitorPerDay: 1 }), refused('visitor'));
    t.strictSame(await store.take(next, { ...NO_LIMITS, noOriginPerDay: 1 }), refused('no_origin'));
    t.strictSame(await store.take(next, { perVisitorPerDay: 2, noOriginPerDay: 2, perDay: 2 }), TAKEN);
  });

  t.test(`${name}: given a visitor's starts, when all are given back at once, then nothing is left`, async (t) => {
    const { store } = await make();
    const ids = Array.from({ length: 10 }, (_, index) => `demo-${index}`);
    for (const id of ids) await store.take(startOf(id, { ...ANNE, ...CURL }), NO_LIMITS);
    await Promise.all(ids.map((id) => store.giveBack(id, SAMPLE_START)));
    t.equal(await store.countOf(SAMPLE_START), 0);
    t.strictSame(await store.take(startOf('demo-x', { ...ANNE, ...CURL }), ONE_OF_EACH), TAKEN);
  });

  t.test(`${name}: given a start that never counted, when it is given back, then nothing happens`, async (t) => {
    const { store } = await make();
    await store.giveBack('demo-1', SAMPLE_START);
    await store.take(startOf('demo-1'), NO_LIMITS);
    t.strictSame(await store.take(startOf('demo-2'), { ...NO_LIMITS, perDay: 1 }), refused('day'));
    await store.giveBack('demo-2', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 1);
  });

  t.test(`${name}: given a start was given back, when its id is taken anew, then it counts anew`, async (t) => {
    const { store } = await make();
    await store.take(startOf('demo-1'), NO_LIMITS);
    await store.giveBack('demo-1', SAMPLE_START);
    t.strictSame(await store.take(startOf('demo-1'), NONE_AT_ALL), refused('visitor'));
    t.strictSame(await store.take(startOf('demo-1'), NO_LIMITS), TAKEN);
    t.equal(await store.countOf(SAMPLE_START), 1);
  });

  t.test(`${name}: given its reply or itself is lost, when a start is given back, then it is once`, async (t) => {
    const { store, faults } = await make();
    for (const id of ['demo-1', 'demo-2', 'demo-3']) await store.take(startOf(id, ANNE), NO_LIMITS);
    faults.once('lose-reply');
    await store.giveBack('demo-1', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 2);
    faults.once('lose-request');
    await store.giveBack('demo-2', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 1);
  });

  t.test(`${name}: given a lost reply, when the id is counted anew meanwhile, then that count stands`, async (t) => {
    const { store, faults } = await make();
    await store.take(startOf('demo-1'), NO_LIMITS);
    faults.once('lose-reply', () => store.take(startOf('demo-1', { at: SAMPLE_START + 1 }), NO_LIMITS));
    await store.giveBack('demo-1', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 1);
  });

  t.test(`${name}: given a lost request, when a visitor's other start goes meanwhile, then both are`, async (t) => {
    const { store, faults } = await make();
    await store.take(startOf('demo-1', ANNE), NO_LIMITS);
    await store.take(startOf('demo-2', ANNE), NO_LIMITS);
    faults.once('lose-request', () => store.giveBack('demo-2', SAMPLE_START));
    await store.giveBack('demo-1', SAMPLE_START);
    t.equal(await store.countOf(SAMPLE_START), 0);
    faults.once('lose-request', () => store.take(startOf('demo-4', ANNE), NO_LIMITS));
    await store.take(startOf('demo-3', ANNE), NO_LIMITS);
    t.equal(await store.countOf(SAMPLE_START), 2);
  });
};
