import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, refusedReply, SAMPLE_START, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

interface ConditionalWrite {
  readonly name: string;
  /** Brings the store to where the write takes effect. */
  readonly prepare: (store: DeploymentStore, owner: string) => Promise<unknown>;
  /** True when the store says that it took effect. */
  readonly write: (store: DeploymentStore, owner: string) => Promise<boolean>;
  readonly hasHappened: (store: DeploymentStore, owner: string) => Promise<boolean>;
}

const acquired = (store: DeploymentStore, owner: string): Promise<unknown> => store.acquire(sampleRecord(owner));

const claimed = async (store: DeploymentStore, owner: string): Promise<void> => {
  await acquired(store, owner);
  await store.claimLook({ owner, previousBy: '', observedAt: SAMPLE_START, observedBy: 'look-1' });
};

const WRITES: readonly ConditionalWrite[] = [
  {
    name: 'acquire',
    prepare: async () => {},
    write: async (store, owner) => (await store.acquire(sampleRecord(owner))).won,
    hasHappened: async (store, owner) => (await store.active())?.deployment.owner === owner,
  },
  {
    name: 'decide',
    prepare: acquired,
    write: (store, owner) => store.decide({ owner, version: 1, writeId: 'write-2', set: { durationMs: 5 } }),
    hasHappened: async (store) => {
      const deployment = (await store.active())?.deployment;
      return deployment?.durationMs === 5 && deployment.version === 2;
    },
  },
  {
    name: 'claimLook',
    prepare: acquired,
    write: (store, owner) => store.claimLook({ owner, previousBy: '', observedAt: 5, observedBy: 'look-1' }),
    hasHappened: async (store) => (await store.active())?.observation.observedBy === 'look-1',
  },
  {
    name: 'storeLook',
    prepare: claimed,
    write: (store, owner) => store.storeLook(owner, { ...NOTHING_OBSERVED, observedBy: 'look-1', applyStartedAt: 5 }),
    hasHappened: async (store) => (await store.active())?.observation.applyStartedAt === 5,
  },
  {
    name: 'recordReply of a pipeline',
    prepare: acquired,
    write: (store, owner) => store.recordReply(owner, 'request-1', createdReply(41)),
    hasHappened: async (store) => (await store.active())?.deployment.replies['request-1']?.kind === 'created',
  },
  {
    name: 'recordReply of a refusal',
    prepare: acquired,
    write: (store, owner) => store.recordReply(owner, 'request-1', refusedReply()),
    hasHappened: async (store) => (await store.active())?.deployment.replies['request-1']?.kind === 'refused',
  },
  {
    name: 'release',
    prepare: acquired,
    write: (store, owner) => store.release(owner, 1),
    hasHappened: async (store) => (await store.active()) === null,
  },
];

const archiveOf =
  (id: string) =>
  async (store: DeploymentStore): Promise<void> =>
    store.archive(sampleTombstone(id));

const defineAmbiguity = (t: Test, make: MakeStore<DeploymentStore>, write: ConditionalWrite): void => {
  const prepared = async () => {
    const { store, faults } = await make();
    const owner = randomUUID();
    await write.prepare(store, owner);
    return { store, faults, owner };
  };

  t.test(`given its reply is lost, when ${write.name} meets its own write, then it took effect`, async (t) => {
    const { store, faults, owner } = await prepared();
    faults.once('lose-reply');
    t.equal(await write.write(store, owner), true);
    t.equal(await write.hasHappened(store, owner), true);
  });

  t.test(`given two replies are lost, when ${write.name} meets its own write, then it took effect`, async (t) => {
    const { store, faults, owner } = await prepared();
    faults.once('lose-reply');
    faults.once('lose-reply');
    t.equal(await write.write(store, owner), true);
    t.equal(await write.hasHappened(store, owner), true);
  });

  t.test(`given its request is lost, when ${write.name} is repeated, then it takes effect`, async (t) => {
    const { store, faults, owner } = await prepared();
    faults.once('lose-request');
    t.equal(await write.write(store, owner), true);
    t.equal(await write.hasHappened(store, owner), true);
  });

  t.test(`given its reply is lost and reads fail, when ${write.name} cannot know, then it never says no`, async (t) => {
    const { store, faults, owner } = await prepared();
    faults.once('lose-reply');
    faults.failReads();
    try {
      // A store that returns what stood in the way needs no read, and one that needs no condition has no question.
      t.equal(await write.write(store, owner), true);
    } catch (error) {
      t.ok(isDemoError(error, 'STORE_UNAVAILABLE'));
    }
    faults.heal();
    t.equal(await write.hasHappened(store, owner), true);
  });

  t.test(`given the store is down, when ${write.name} is tried, then it is unavailable and unchanged`, async (t) => {
    const { store, faults, owner } = await prepared();
    faults.always('down');
    await rejectsAsUnavailable(t, write.write(store, owner), 'a write to a store that is down');
    faults.heal();
    t.equal(await write.hasHappened(store, owner), false);
  });
};

/**
 * What gets lost on the way. A write never takes another's success for its own, and it takes its own for lost only
 * when another decision has followed it, which is then the word that counts.
 */
export const defineDeploymentFaultContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  for (const write of WRITES) defineAmbiguity(t, make, write);

  t.test('given its reply is lost, when a tombstone is archived, then it stands there once', async (t) => {
    const { store, faults } = await make();
    const id = randomUUID();
    faults.once('lose-reply');
    await archiveOf(id)(store);
    t.strictSame(await store.tombstone(id), sampleTombstone(id));
  });

  t.test('given another decided, when a lost decision is repeated, then it is not taken for its own', async (t) => {
    const { store, faults } = await make();
    const owner = randomUUID();
    await acquired(store, owner);
    await store.decide({ owner, version: 1, writeId: 'write-by-another', set: {} });
    faults.once('lose-reply');
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: { durationMs: 5 } }), false);
    t.not((await store.active())?.deployment.durationMs, 5);
  });

  t.test('given another holds the lock, when a lost acquire is repeated, then it loses', async (t) => {
    const { store, faults } = await make();
    const holder = sampleRecord(randomUUID());
    await store.acquire(holder);
    faults.once('lose-reply');
    t.strictSame(await store.acquire(sampleRecord(randomUUID())), { won: false, holder });
  });

  t.test('given every reply is lost, when a decision is made, then nobody claims to know', async (t) => {
    const { store, faults } = await make();
    const owner = randomUUID();
    await acquired(store, owner);
    for (let tries = 0; tries < 3; tries += 1) faults.once('lose-reply');
    const decision = store.decide({ owner, version: 1, writeId: 'write-2', set: {} });
    await rejectsAsUnavailable(t, decision, 'a write without any answer');
    faults.heal();
    t.equal((await store.active())?.deployment.version, 2, 'it happened, once');
  });

  t.test('given the store refuses for its load, when it is asked, then it is unavailable', async (t) => {
    const { store, faults } = await make();
    const owner = randomUUID();
    await acquired(store, owner);
    faults.always('throttle');
    await Promise.all([
      rejectsAsUnavailable(t, store.active(), 'a read'),
      rejectsAsUnavailable(t, store.decide({ owner, version: 1, writeId: 'write-2', set: {} }), 'a decision'),
    ]);
    faults.heal();
    t.equal((await store.active())?.deployment.version, 1);
  });

  t.test('given the store is down, when anything is read or archived, then it is unavailable', async (t) => {
    const { store, faults } = await make();
    faults.always('down');
    await rejectsAsUnavailable(t, store.active(), 'the lock');
    await rejectsAsUnavailable(t, store.tombstone(randomUUID()), 'a tombstone');
    await rejectsAsUnavailable(t, store.ledger({ limit: 1, before: null }), 'the ledger');
    await rejectsAsUnavailable(t, archiveOf(randomUUID())(store), 'the archive');
  });
};
