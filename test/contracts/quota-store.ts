import type { Test } from 'tap';
import type { QuotaStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { ANNE, CURL, NO_LIMITS, NONE_AT_ALL, ONE_OF_EACH, refused, startOf, TAKEN } from './quota-samples.ts';
import { defineGivingBack } from './quota-store-giving-back.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const LAST_OF_DAY = Date.UTC(2026, 10, 24, 23, 59, 59, 999);

const defineLimits = (t: Test, name: string, make: MakeStore<QuotaStore>): void => {
  t.test(`${name}: given a limit for a visitor, when he reaches it, then only he is refused`, async (t) => {
    const { store } = await make();
    const limits = { ...NO_LIMITS, perVisitorPerDay: 2 };
    t.strictSame(await store.take(startOf('demo-1', ANNE), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-2', ANNE), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-3', ANNE), limits), refused('visitor'));
    t.strictSame(await store.take(startOf('demo-4'), limits), TAKEN);
    t.equal(await store.countOf(SAMPLE_START), 3);
  });

  t.test(`${name}: given a limit for clients without Origin, when it is reached, then only they are`, async (t) => {
    const { store } = await make();
    const limits = { ...NO_LIMITS, noOriginPerDay: 2 };
    t.strictSame(await store.take(startOf('demo-1'), limits), TAKEN, 'a browser is not counted in it');
    t.strictSame(await store.take(startOf('demo-2', CURL), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-3', CURL), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-4', CURL), limits), refused('no_origin'));
    t.strictSame(await store.take(startOf('demo-5'), limits), TAKEN);
    t.equal(await store.countOf(SAMPLE_START), 4);
  });

  t.test(`${name}: given a limit for the day, when it is reached, then everybody is refused`, async (t) => {
    const { store } = await make();
    const limits = { ...NO_LIMITS, perDay: 2 };
    t.strictSame(await store.take(startOf('demo-1'), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-2', CURL), limits), TAKEN);
    t.strictSame(await store.take(startOf('demo-3'), limits), refused('day'));
    t.strictSame(await store.take(startOf('demo-4', CURL), limits), refused('day'));
    t.equal(await store.countOf(SAMPLE_START), 2);
  });

  t.test(`${name}: given no limits, when starts are taken, then they are counted all the same`, async (t) => {
    const { store } = await make();
    for (const id of ['demo-1', 'demo-2', 'demo-3']) {
      t.strictSame(await store.take(startOf(id, { ...ANNE, ...CURL }), NO_LIMITS), TAKEN);
    }
    t.equal(await store.countOf(SAMPLE_START), 3);
    for (const [limits, limit] of [
      [{ ...NO_LIMITS, perVisitorPerDay: 3 }, 'visitor'],
      [{ ...NO_LIMITS, noOriginPerDay: 3 }, 'no_origin'],
      [{ ...NO_LIMITS, perDay: 3 }, 'day'],
    ] as const) {
      t.strictSame(await store.take(startOf('demo-4', { ...ANNE, ...CURL }), limits), refused(limit));
    }
  });

  t.test(`${name}: given a limit of nothing, when a start is taken, then there is none at all`, async (t) => {
    const { store } = await make();
    const curl = startOf('demo-1', CURL);
    t.strictSame(await store.take(curl, { ...NO_LIMITS, perVisitorPerDay: 0 }), refused('visitor'));
    t.strictSame(await store.take(curl, { ...NO_LIMITS, noOriginPerDay: 0 }), refused('no_origin'));
    t.strictSame(await store.take(curl, { ...NO_LIMITS, perDay: 0 }), refused('day'));
    t.equal(await store.countOf(SAMPLE_START), 0);
    t.strictSame(await store.take(startOf('demo-2'), { ...NO_LIMITS, noOriginPerDay: 0 }), TAKEN, 'a browser may');
  });

  t.test(`${name}: given several limits are reached, when one is named, then the nearest to the visitor`, async (t) => {
    const { store } = await make();
    await store.take(startOf('demo-1', { ...ANNE, ...CURL }), NO_LIMITS);
    t.strictSame(await store.take(startOf('demo-2', { ...ANNE, ...CURL }), ONE_OF_EACH), refused('visitor'));
    t.strictSame(await store.take(startOf('demo-3', CURL), ONE_OF_EACH), refused('no_origin'));
    t.strictSame(await store.take(startOf('demo-4'), ONE_OF_EACH), refused('day'));
  });

  t.test(`${name}: given one limit refuses, when the others have room, then none has counted it`, async (t) => {
    const { store } = await make();
    await store.take(startOf('demo-1'), NO_LIMITS);
    const anneByCurl = startOf('demo-2', { ...ANNE, ...CURL });
    t.strictSame(await store.take(anneByCurl, { ...NO_LIMITS, perDay: 1 }), refused('day'));
    t.equal(await store.countOf(SAMPLE_START), 1);
    const barelyEnough = { perVisitorPerDay: 1, noOriginPerDay: 1, perDay: 2 };
    t.strictSame(await store.take(anneByCurl, barelyEnough), TAKEN);
  });
};

const defineRaces = (t: Test, name: string, make: MakeStore<QuotaStore>): void => {
  t.test(`${name}: given a limit of 10, when 50 start at once, then exactly 10 may`, async (t) => {
    const { store } = await make();
    const limits = { ...NO_LIMITS, perDay: 10 };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.take(startOf(`demo-${index}`), limits)),
    );
    t.equal(answers.filter(({ taken }) => taken).length, 10);
    t.strictSame(new Set(answers.flatMap((answer) => (answer.taken ? [] : [answer.limit]))), new Set(['day']));
    t.equal(await store.countOf(SAMPLE_START), 10);
  });

  t.test(`${name}: given one start, when it is taken again and again, then it counts once`, async (t) => {
    const { store } = await make();
    await Promise.all(Array.from({ length: 20 }, () => store.take(startOf('demo-1', CURL), NO_LIMITS)));
    t.strictSame(await store.take(startOf('demo-1', CURL), NONE_AT_ALL), TAKEN, 'whatever the limits are by now');
    t.strictSame(await store.take(startOf('demo-1', { at: SAMPLE_START + 1 }), NONE_AT_ALL), TAKEN);
    t.equal(await store.countOf(SAMPLE_START), 1);
    const twoOfEach = { perVisitorPerDay: 2, noOriginPerDay: 2, perDay: 2 };
    const second = startOf('demo-2', { visitorHash: 'hash-of-demo-1', ...CURL });
    t.strictSame(await store.take(second, twoOfEach), TAKEN, 'once in every counter');
  });

  t.test(`${name}: given its reply or itself is lost, when a start is taken, then it counts once`, async (t) => {
    const { store, faults } = await make();
    const limits = { ...NO_LIMITS, perDay: 2 };
    faults.once('lose-reply');
    t.strictSame(await store.take(startOf('demo-1'), limits), TAKEN);
    faults.once('lose-request');
    t.strictSame(await store.take(startOf('demo-2'), limits), TAKEN);
    t.equal(await store.countOf(SAMPLE_START), 2);
    faults.once('lose-reply');
    t.strictSame(await store.take(startOf('demo-3'), limits), refused('day'));
  });

  t.test(`${name}: given a start is lost on its way, when another takes the last place, then it is`, async (t) => {
    const { store, faults } = await make();
    const limits = { ...NO_LIMITS, perDay: 1 };
    faults.once('lose-request', () => store.take(startOf('demo-2'), limits));
    t.strictSame(await store.take(startOf('demo-1'), limits), refused('day'));
    t.equal(await store.countOf(SAMPLE_START), 1);
  });
};

/** What every `QuotaStore` promises. `make` gives an empty store per test. */
export const defineQuotaStoreContract = (t: Test, name: string, make: MakeStore<QuotaStore>): void => {
  t.test(`${name}: given no start, when they are counted, then there is none`, async (t) => {
    const { store } = await make();
    t.equal(await store.countOf(SAMPLE_START), 0);
  });

  defineLimits(t, name, make);
  defineRaces(t, name, make);
  defineGivingBack(t, name, make);

  t.test(`${name}: given a full day, when the next one begins in UTC, then it is counted anew`, async (t) => {
    const { store } = await make();
    const take = (id: string, at: number) => store.take(startOf(id, { ...ANNE, ...CURL, at }), ONE_OF_EACH);
    t.strictSame(await take('demo-1', SAMPLE_START), TAKEN);
    t.strictSame(await take('demo-2', LAST_OF_DAY), refused('visitor'));
    t.strictSame(await take('demo-3', LAST_OF_DAY + 1), TAKEN);
    await store.giveBack('demo-1', LAST_OF_DAY + 1);
    t.equal(await store.countOf(LAST_OF_DAY), 1, 'it was not counted on that day');
    await store.giveBack('demo-1', LAST_OF_DAY);
    t.equal(await store.countOf(SAMPLE_START), 0, 'any instant of its day will do');
    t.equal(await store.countOf(LAST_OF_DAY + 1), 1);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    await store.take(startOf('demo-1'), NO_LIMITS);
    faults.always('down');
    await rejectsAsUnavailable(t, store.take(startOf('demo-2'), NO_LIMITS), 'a start');
    await rejectsAsUnavailable(t, store.giveBack('demo-1', SAMPLE_START), 'giving back');
    await rejectsAsUnavailable(t, store.countOf(SAMPLE_START), 'a count');
    faults.heal();
    t.equal(await store.countOf(SAMPLE_START), 1);
  });
};
