import type { Test } from 'tap';
import { DEAD_LETTERS_LISTED, LAST_ERROR_BYTES } from '../../src/adapters/store-bounds.ts';
import type { DeadLetterStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const trouble = (id: string, lastError = 'two clusters are left') => ({ id, kind: 'quarantine' as const, lastError });

/** What every `DeadLetterStore` promises. `make` gives an empty store per test. */
export const defineDeadLetterStoreContract = (t: Test, name: string, make: MakeStore<DeadLetterStore>): void => {
  t.test(`${name}: given no trouble, when letters are listed, then there are none`, async (t) => {
    const { store } = await make();
    t.strictSame(await store.list(), []);
  });

  t.test(`${name}: given a first trouble, when it is noted, then it is its first attempt`, async (t) => {
    const { store } = await make();
    const expected = { ...trouble('demo-1'), attempts: 1, firstAt: SAMPLE_START, lastAt: SAMPLE_START };
    t.strictSame(await store.note(trouble('demo-1'), SAMPLE_START), expected);
    t.strictSame(await store.list(), [expected]);
  });

  t.test(`${name}: given a known trouble, when it is noted again, then it is updated in place`, async (t) => {
    const { store } = await make();
    await store.note(trouble('demo-1'), SAMPLE_START);
    const again = await store.note({ id: 'demo-1', kind: 'orphan', lastError: 'one is left' }, SAMPLE_START + 5);
    t.strictSame(again, {
      id: 'demo-1',
      kind: 'orphan',
      lastError: 'one is left',
      attempts: 2,
      firstAt: SAMPLE_START,
      lastAt: SAMPLE_START + 5,
    });
    t.strictSame(await store.list(), [again]);
  });

  t.test(`${name}: given several troubles, when they are listed, then the latest is first`, async (t) => {
    const { store } = await make();
    await store.note(trouble('demo-1'), SAMPLE_START);
    await store.note(trouble('job:hourly'), SAMPLE_START + 1);
    await store.note(trouble('demo-3'), SAMPLE_START + 1);
    await store.note(trouble('demo-1'), SAMPLE_START + 2);
    t.strictSame(
      (await store.list()).map(({ id }) => id),
      ['demo-1', 'job:hourly', 'demo-3'],
    );
  });

  t.test(`${name}: given more troubles than are listed, when they are listed, then it is the latest`, async (t) => {
    const { store } = await make();
    await Promise.all(
      Array.from({ length: DEAD_LETTERS_LISTED + 1 }, (_, index) =>
        store.note(trouble(`demo-${index}`), SAMPLE_START + index),
      ),
    );
    const letters = await store.list();
    t.equal(letters.length, DEAD_LETTERS_LISTED);
    t.equal(letters[0]?.id, `demo-${DEAD_LETTERS_LISTED}`);
    t.notOk(letters.some(({ id }) => id === 'demo-0'));
  });

  t.test(`${name}: given a trouble is over, when it is removed, then it starts anew next time`, async (t) => {
    const { store } = await make();
    await store.note(trouble('demo-1'), SAMPLE_START);
    await store.remove('demo-1');
    await store.remove('demo-1');
    t.strictSame(await store.list(), []);
    t.equal((await store.note(trouble('demo-1'), SAMPLE_START + 9)).attempts, 1);
  });

  t.test(`${name}: given the same trouble, when 10 note it at once, then each is counted`, async (t) => {
    const { store } = await make();
    const noted = await Promise.all(Array.from({ length: 10 }, () => store.note(trouble('demo-1'), SAMPLE_START)));
    t.strictSame(
      noted.map(({ attempts }) => attempts).toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  t.test(`${name}: given an endless error text, when it is noted, then its beginning is kept`, async (t) => {
    const { store } = await make();
    const whole = 'e'.repeat(LAST_ERROR_BYTES);
    t.equal((await store.note(trouble('demo-1', whole), SAMPLE_START)).lastError, whole);
    t.equal((await store.note(trouble('demo-1', `${whole}x`), SAMPLE_START)).lastError, whole);
  });

  t.test(`${name}: given its reply is lost, when a note is repeated, then it is never counted too low`, async (t) => {
    const { store, faults } = await make();
    faults.once('lose-reply');
    t.ok((await store.note(trouble('demo-1'), SAMPLE_START)).attempts >= 1);
    t.equal((await store.list()).length, 1);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    faults.always('down');
    await rejectsAsUnavailable(t, store.note(trouble('demo-1'), SAMPLE_START), 'a note');
    await rejectsAsUnavailable(t, store.remove('demo-1'), 'a removal');
    await rejectsAsUnavailable(t, store.list(), 'the list');
  });
};
