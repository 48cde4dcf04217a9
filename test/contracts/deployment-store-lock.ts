import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, sampleAttempt, samplePipeline, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

/** Taking the lock, reading it, leaving history, letting go. */
export const defineLockContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given nothing runs, when the lock is read, then there is none', async (t) => {
    const { store } = await make();
    t.equal(await store.active(), null);
    t.equal(await store.tombstone(randomUUID()), null);
  });

  t.test('given a free lock, when it is acquired, then the whole record stands there', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    const record = sampleRecord(owner, {
      goal: { direction: 'down', reason: 'visitor', since: 17 },
      attempts: [sampleAttempt(randomUUID())],
      replies: { [randomUUID()]: createdReply(41) },
      liveUrl: 'https://demo.example/',
      gone: { kind: 'never-built', at: 18 },
    });
    t.same(await store.acquire(record), { won: true });
    t.strictSame(await store.active(), record);
  });

  t.test('given a held lock, when another acquires, then it loses and meets the holder', async (t) => {
    const { store } = await make();
    const holder = sampleRecord(randomUUID());
    await store.acquire(holder);
    t.strictSame(await store.acquire(sampleRecord(randomUUID())), { won: false, holder });
    t.strictSame(await store.active(), holder);
  });

  t.test('given a very old lock, when another acquires, then age does not matter', async (t) => {
    const { store } = await make();
    const holder = sampleRecord(randomUUID(), { createdAt: 0, hardEndAt: 1, expiresAt: 1 });
    await store.acquire(holder);
    t.strictSame(await store.acquire(sampleRecord(randomUUID())), { won: false, holder });
  });

  t.test('given a held lock, when it is released on owner and version, then it is free', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    t.equal(await store.release(owner, 1), true);
    t.equal(await store.active(), null);
    t.same(await store.acquire(sampleRecord(randomUUID())), { won: true });
  });

  t.test('given another version, when it is released, then it stays and the answer is false', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner, { version: 5 }));
    t.equal(await store.release(owner, 4), false);
    t.equal(await store.release(owner, 6), false);
    t.equal((await store.active())?.deployment.owner, owner);
  });

  t.test('given it is gone or another runs, when it is released again, then that counts as released', async (t) => {
    const { store } = await make();
    const [first, second] = [randomUUID(), randomUUID()];
    t.equal(await store.release(first, 1), true);
    await store.acquire(sampleRecord(second));
    t.equal(await store.release(first, 1), true);
    t.equal((await store.active())?.deployment.owner, second, 'the other one is left alone');
  });

  t.test('given no history, when a tombstone is archived, then it can be read by its id', async (t) => {
    const { store } = await make();
    const tombstone = sampleTombstone(randomUUID(), { destroyPipeline: samplePipeline(42), controlTokenHash: 'ab' });
    await store.archive(tombstone);
    t.strictSame(await store.tombstone(tombstone.id), tombstone);
    t.equal(await store.active(), null, 'the lock is another item');
  });

  t.test('given history of a version, when it is archived again, then only a later version replaces it', async (t) => {
    const { store } = await make();
    const tombstone = sampleTombstone(randomUUID(), { version: 5, destroyAttempts: 5 });
    await store.archive(tombstone);
    await store.archive({ ...tombstone, version: 4, destroyAttempts: 4 });
    await store.archive({ ...tombstone, version: 5, destroyAttempts: 0 });
    t.strictSame(await store.tombstone(tombstone.id), tombstone);
    await store.archive({ ...tombstone, version: 6, destroyAttempts: 6 });
    t.equal((await store.tombstone(tombstone.id))?.destroyAttempts, 6);
  });

  t.test('given a running deployment, when the alias is asked for as history, then there is none', async (t) => {
    const { store } = await make();
    await store.acquire(sampleRecord(randomUUID()));
    t.equal(await store.tombstone('ACTIVE'), null);
  });

  t.test('given a tombstone under the name of the lock, when it is archived, then it is refused', async (t) => {
    const { store } = await make();
    const holder = sampleRecord(randomUUID());
    await store.acquire(holder);
    for (const id of ['ACTIVE', 'cron#hourly', '']) {
      await t.rejects(store.archive(sampleTombstone(id)), { name: 'RangeError' }, `refused: "${id}"`);
    }
    t.strictSame(await store.active(), holder);
  });
};
