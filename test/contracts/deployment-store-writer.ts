import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import type { DecidedFields } from '../../src/lifecycle/deployment.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, refusedReply, SAMPLE_START, sampleAttempt, sampleRecord } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

const started = async (make: MakeStore<DeploymentStore>, owner: string): Promise<DeploymentStore> => {
  const { store } = await make();
  await store.acquire(sampleRecord(owner));
  return store;
};

const defineDecisions = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given the current version, when a decision is made, then exactly its fields change', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    const set: Partial<DecidedFields> = {
      goal: { direction: 'down', reason: 'expired', since: SAMPLE_START },
      attempts: [sampleAttempt('request-1')],
      expiresAt: SAMPLE_START + 5,
    };
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set }), true);
    const expected = sampleRecord(owner, { ...set, version: 2, writeId: 'write-2' });
    t.strictSame(await store.active(), expected);
  });

  t.test(
    'given replies to forget, when a decision takes effect, then they go with it; when not, they stay',
    async (t) => {
      const owner = randomUUID();
      const store = await started(make, owner);
      for (const [index, id] of ['request-1', 'request-2', 'request-3'].entries()) {
        await store.recordReply(owner, id, createdReply(41 + index));
      }
      const forget = ['request-1', 'request-3', 'never-there'];
      t.equal(await store.decide({ owner, version: 9, writeId: 'late', set: { nextAttemptAt: 1 }, forget }), false);
      t.equal(Object.keys((await store.active())?.deployment.replies ?? {}).length, 3);
      t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: { nextAttemptAt: 1 }, forget }), true);
      t.strictSame((await store.active())?.deployment.replies, { 'request-2': createdReply(42) });
    },
  );

  t.test('given a decision that sets nothing, when it is made, then the version rises', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: {} }), true);
    t.strictSame(await store.active(), sampleRecord(owner, { version: 2, writeId: 'write-2' }));
  });

  t.test('given a stale version or another owner, when a decision is made, then nothing changes', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    const set = { applyMayHaveStarted: true };
    t.equal(await store.decide({ owner, version: 0, writeId: 'write-2', set }), false, 'older');
    t.equal(await store.decide({ owner, version: 2, writeId: 'write-2', set }), false, 'newer');
    t.equal(await store.decide({ owner: randomUUID(), version: 1, writeId: 'write-2', set }), false, 'foreign');
    t.strictSame(await store.active(), sampleRecord(owner));
  });

  t.test('given nothing runs, when anything is written, then nothing comes into being', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: {} }), false);
    t.equal(await store.claimLook({ owner, previousBy: '', observedAt: 1, observedBy: 'look-1' }), false);
    t.equal(await store.storeLook(owner, NOTHING_OBSERVED), false);
    t.equal(await store.recordReply(owner, 'request-1', createdReply(41)), false);
    t.equal(await store.active(), null);
  });

  t.test('given a reply recorded meanwhile, when a decision is made, then the reply stays', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.recordReply(owner, 'request-1', createdReply(41));
    const whole = sampleRecord(owner, { liveUrl: 'https://demo.example/' }).deployment;
    // A caller may pass more than the decided fields; the identity and the replies are never taken from there.
    t.equal(await store.decide({ owner, version: 1, writeId: 'write-2', set: whole }), true);
    const deployment = (await store.active())?.deployment;
    t.strictSame(deployment?.replies, { 'request-1': createdReply(41) });
    t.equal(deployment?.version, 2);
    t.equal(deployment?.writeId, 'write-2');
    t.equal(deployment?.liveUrl, 'https://demo.example/');
  });

  t.test('given a decision that holds only without a pipeline, when one is known, then it is not made', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    const decision = { owner, set: { applyMayHaveStarted: true }, unlessCreated: 'request-1' };
    t.equal(await store.decide({ ...decision, version: 1, writeId: 'write-2' }), true, 'no reply at all');
    await store.recordReply(owner, 'request-1', refusedReply());
    t.equal(await store.decide({ ...decision, version: 2, writeId: 'write-3' }), true, 'a refusal made no pipeline');
    await store.recordReply(owner, 'request-2', createdReply(42));
    t.equal(await store.decide({ ...decision, version: 3, writeId: 'write-4' }), true, 'the pipeline of another');
    await store.recordReply(owner, 'request-1', createdReply(41));
    t.equal(await store.decide({ ...decision, version: 4, writeId: 'write-5' }), false, 'its own pipeline');
    t.equal((await store.active())?.deployment.version, 4);
  });
};

const defineReplies = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given no reply, when one is recorded, then it stands there and the version does not rise', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    t.equal(await store.recordReply(owner, 'request-1', createdReply(41)), true);
    t.equal(await store.recordReply(owner, 'request-2', refusedReply()), true);
    t.strictSame(
      await store.active(),
      sampleRecord(owner, { replies: { 'request-1': createdReply(41), 'request-2': refusedReply() } }),
    );
  });

  t.test('given a refusal, when a later send made a pipeline, then the pipeline is recorded', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.recordReply(owner, 'request-1', refusedReply(1));
    t.equal(await store.recordReply(owner, 'request-1', refusedReply(2)), true);
    t.equal(await store.recordReply(owner, 'request-1', createdReply(41, 3)), true);
    t.strictSame((await store.active())?.deployment.replies, { 'request-1': createdReply(41, 3) });
  });

  t.test('given a pipeline on the record, when another reply comes, then it is refused', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.recordReply(owner, 'request-1', createdReply(41));
    t.equal(await store.recordReply(owner, 'request-1', createdReply(42, 2)), false, 'a second pipeline');
    t.equal(await store.recordReply(owner, 'request-1', refusedReply(2)), false, 'a late refusal');
    t.strictSame((await store.active())?.deployment.replies, { 'request-1': createdReply(41) });
  });

  t.test('given a pipeline on the record, when it is reported once more, then that is no refusal', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.recordReply(owner, 'request-1', createdReply(41));
    t.equal(await store.recordReply(owner, 'request-1', { ...createdReply(41), at: SAMPLE_START + 9_999 }), true);
    t.strictSame((await store.active())?.deployment.replies, { 'request-1': createdReply(41) }, 'the first one stands');
  });

  t.test('given another owner, when a reply is recorded, then it is refused', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    t.equal(await store.recordReply(randomUUID(), 'request-1', createdReply(41)), false);
    t.strictSame(await store.active(), sampleRecord(owner));
  });
};

/** Decisions and replies: each writes its own part of the record, and only on its own condition. */
export const defineWriterContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  defineDecisions(t, make);
  defineReplies(t, make);

  t.test('given values that were passed in or out, when they are changed, then the store does not', async (t) => {
    const owner = randomUUID();
    const { store } = await make();
    const attempts = [sampleAttempt('request-1')];
    await store.acquire(sampleRecord(owner, { attempts }));
    attempts.length = 0;
    const read = (await store.active())?.deployment.attempts;
    t.equal(read?.length, 1);
    Reflect.set(read as object, 'length', 0);
    t.equal((await store.active())?.deployment.attempts.length, 1);
  });
};
