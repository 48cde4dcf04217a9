import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, SAMPLE_START, sampleRecord } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

const CALLERS = 100;

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const countTrue = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

/** Many at once: exactly one wins, and all others are told so. */
export const defineRaceContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given a free lock, when 100 acquire at once, then exactly one wins', async (t) => {
    const { store } = await make();
    const owners = Array.from({ length: CALLERS }, () => randomUUID());
    const answers = await Promise.all(owners.map((owner) => store.acquire(sampleRecord(owner))));
    const winners = owners.filter((_, index) => answers[index]?.won);
    t.equal(winners.length, 1);
    t.equal((await store.active())?.deployment.owner, winners[0]);
    for (const answer of answers) {
      if (!answer.won) t.equal(answer.holder.deployment.owner, winners[0], 'every loser meets the winner');
    }
  });

  t.test('given one version, when 50 decide on it at once, then exactly one does', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    const answers = await times(50, (index) =>
      store.decide({ owner, version: 1, writeId: `write-by-${index}`, set: { durationMs: index } }),
    );
    t.equal(countTrue(answers), 1);
    const deployment = (await store.active())?.deployment;
    t.equal(deployment?.version, 2);
    t.equal(deployment?.writeId, `write-by-${answers.indexOf(true)}`);
    t.equal(deployment?.durationMs, answers.indexOf(true));
  });

  t.test('given one look, when 50 claim the next at once, then exactly one does', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    const claims = await times(50, (index) =>
      store.claimLook({ owner, previousBy: '', observedAt: SAMPLE_START, observedBy: `look-by-${index}` }),
    );
    t.equal(countTrue(claims), 1);
    const stores = await times(50, (index) =>
      store.storeLook(owner, { ...NOTHING_OBSERVED, observedAt: index, observedBy: `look-by-${index}` }),
    );
    t.equal(countTrue(stores), 1);
    t.equal(stores.indexOf(true), claims.indexOf(true));
  });

  t.test('given one request, when 20 record a pipeline at once, then exactly one is on the record', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    const answers = await times(20, (index) => store.recordReply(owner, 'request-1', createdReply(100 + index)));
    t.equal(countTrue(answers), 1);
    const reply = (await store.active())?.deployment.replies['request-1'];
    t.equal(reply?.kind === 'created' && reply.pipelineId, 100 + answers.indexOf(true));
  });

  t.test('given decisions, replies and looks at once, when all are done, then none undid another', async (t) => {
    const { store } = await make();
    const owner = randomUUID();
    await store.acquire(sampleRecord(owner));
    await store.claimLook({ owner, previousBy: '', observedAt: SAMPLE_START, observedBy: 'look-1' });
    const answers = await Promise.all([
      store.decide({ owner, version: 1, writeId: 'write-2', set: { applyMayHaveStarted: true } }),
      store.storeLook(owner, { ...NOTHING_OBSERVED, observedBy: 'look-1', applyStartedAt: 5 }),
      ...Array.from({ length: 10 }, (_, index) => store.recordReply(owner, `request-${index}`, createdReply(index))),
    ]);
    t.equal(countTrue(answers), 12);
    const active = await store.active();
    t.equal(active?.deployment.applyMayHaveStarted, true);
    t.equal(active?.observation.applyStartedAt, 5);
    t.equal(Object.keys(active?.deployment.replies ?? {}).length, 10);
  });
};
