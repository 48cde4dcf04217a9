import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, SAMPLE_START, sampleRecord } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

/** What others do between a lost request or reply and its repetition. */
export const defineInterferenceContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  const held = async () => {
    const { store, faults } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    await store.claimLook({ owner, previousBy: '', observedAt: SAMPLE_START, observedBy: 'look-1' });
    return { store, faults, owner };
  };

  t.test(
    'given others act on it before it is repeated, when acquire meets the lock, then it is told that it is its own',
    async (t) => {
      const { store, faults } = await make();
      const owner = randomUUID();
      faults.once('lose-reply', () => store.decide({ owner, version: 1, writeId: 'write-by-another', set: {} }));
      const acquired = await store.acquire(sampleRecord(owner));
      t.match(acquired, { won: false, holder: { deployment: { owner, version: 2 } } }, "the other's decision stands");
    },
  );

  t.test('given it is looked and answered meanwhile, when decide meets its own write, then it was made', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-reply', async () => {
      await store.storeLook(owner, { ...NOTHING_OBSERVED, observedBy: 'look-1', applyStartedAt: 5 });
      await store.recordReply(owner, 'request-1', createdReply(41));
    });
    const decision = { owner, version: 1, writeId: 'write-2', set: {}, unlessCreated: 'request-1' };
    t.equal(await store.decide(decision), true);
  });

  t.test('given another decides on top of it, when decide is repeated, then it is no longer the latest', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-reply', () =>
      store.decide({ owner, version: 2, writeId: 'write-by-another', set: { liveAt: 7 } }),
    );
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: { durationMs: 5 } }), false);
    const deployment = (await store.active())?.deployment;
    t.equal(deployment?.version, 3, 'each was written once');
    t.equal(deployment?.durationMs, 5);
    t.equal(deployment?.liveAt, 7);
  });

  t.test('given another decides before it arrives, when decide is repeated, then nothing is undone', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-request', () =>
      store.decide({ owner, version: 1, writeId: 'write-by-another', set: { durationMs: 7 } }),
    );
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: { durationMs: 5 } }), false);
    t.equal((await store.active())?.deployment.durationMs, 7);
  });

  t.test('given the next look is taken up meanwhile, when storeLook meets its own, then it was stored', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-reply', async () => {
      const previousBy = (await store.active())?.observation.observedBy ?? '';
      t.equal(await store.claimLook({ owner, previousBy, observedAt: 9, observedBy: 'look-2' }), true);
    });
    t.equal(await store.storeLook(owner, { ...NOTHING_OBSERVED, observedBy: 'look-1', applyStartedAt: 5 }), true);
    const observation = (await store.active())?.observation;
    t.equal(observation?.applyStartedAt, 5);
    t.equal(observation?.observedBy, 'look-2', "the other's claim stands");
  });

  t.test('given the next look is taken up before it arrives, when storeLook is repeated, then it lost', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-request', () =>
      store.claimLook({ owner, previousBy: 'look-1', observedAt: 9, observedBy: 'look-2' }),
    );
    t.equal(await store.storeLook(owner, { ...NOTHING_OBSERVED, observedBy: 'look-1', applyStartedAt: 5 }), false);
    t.equal((await store.active())?.observation.applyStartedAt, null);
  });

  t.test('given another acquires meanwhile, when release is repeated, then it released its own only', async (t) => {
    const { store, faults, owner } = await held();
    const next = sampleRecord(randomUUID());
    faults.once('lose-reply', () => store.acquire(next));
    t.equal(await store.release(owner, 1), true);
    t.strictSame(await store.active(), next);
  });

  t.test('given another pipeline is recorded first, when recordReply is repeated, then it is refused', async (t) => {
    const { store, faults, owner } = await held();
    faults.once('lose-request', () => store.recordReply(owner, 'request-1', createdReply(42)));
    t.equal(await store.recordReply(owner, 'request-1', createdReply(41)), false);
  });
};
