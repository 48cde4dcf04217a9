import type { Test } from 'tap';
import { IDEMPOTENCY_LIFETIME_MS } from '../../src/adapters/store-bounds.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const recordFor = (deploymentId: string, createdAt = SAMPLE_START): IdempotencyRecord => ({
  deploymentId,
  bodyHash: 'body-hash',
  createdAt,
});

const LAST_MOMENT = SAMPLE_START + IDEMPOTENCY_LIFETIME_MS - 1;

/** What every `IdempotencyStore` promises. `make` gives an empty store per test. */
export const defineIdempotencyStoreContract = (t: Test, name: string, make: MakeStore<IdempotencyStore>): void => {
  t.test(`${name}: given no record, when it is looked for, then there is none`, async (t) => {
    const { store } = await make();
    t.equal(await store.find('key-1', SAMPLE_START), null);
  });

  t.test(`${name}: given no record, when it is claimed, then it stands and is found`, async (t) => {
    const { store } = await make();
    const record = recordFor('deployment-1');
    t.strictSame(await store.claim('key-1', record, SAMPLE_START), record);
    t.strictSame(await store.find('key-1', SAMPLE_START), record);
    t.equal(await store.find('key-2', SAMPLE_START), null, 'another key is another record');
  });

  t.test(`${name}: given a record, when it is claimed again, then the first one stands`, async (t) => {
    const { store } = await make();
    const first = recordFor('deployment-1');
    await store.claim('key-1', first, SAMPLE_START);
    t.strictSame(await store.claim('key-1', recordFor('deployment-2', LAST_MOMENT), LAST_MOMENT), first);
  });

  t.test(`${name}: given a record, when a day has passed, then it counts as none`, async (t) => {
    const { store } = await make();
    const first = recordFor('deployment-1');
    await store.claim('key-1', first, SAMPLE_START);
    t.strictSame(await store.find('key-1', LAST_MOMENT), first, 'the last moment');
    t.equal(await store.find('key-1', LAST_MOMENT + 1), null, 'the first moment after');
    const second = recordFor('deployment-2', LAST_MOMENT + 1);
    t.strictSame(await store.claim('key-1', second, LAST_MOMENT + 1), second);
    t.strictSame(await store.find('key-1', LAST_MOMENT + 1), second);
  });

  t.test(`${name}: given one key, when 20 claim it at once, then all are told the same record`, async (t) => {
    const { store } = await make();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.claim('key-1', recordFor(`deployment-${index}`), SAMPLE_START)),
    );
    t.equal(new Set(answers.map(({ deploymentId }) => deploymentId)).size, 1);
    t.strictSame(await store.find('key-1', SAMPLE_START), answers[0]);
  });

  t.test(`${name}: given its reply is lost, when a claim meets its own record, then that stands`, async (t) => {
    const { store, faults } = await make();
    const record = recordFor('deployment-1');
    faults.once('lose-reply');
    t.strictSame(await store.claim('key-1', record, SAMPLE_START), record);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    faults.always('down');
    await rejectsAsUnavailable(t, store.find('key-1', SAMPLE_START), 'a look-up');
    await rejectsAsUnavailable(t, store.claim('key-1', recordFor('deployment-1'), SAMPLE_START), 'a claim');
  });
};
