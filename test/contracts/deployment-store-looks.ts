import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { OBSERVATION_BOUNDS } from '../../src/adapters/observation-bounds.ts';
import { NOTHING_OBSERVED, type Observation } from '../../src/lifecycle/observation.ts';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { createdReply, SAMPLE_START, samplePipeline, sampleRecord } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

const seen = (observedBy: string, facts: Partial<Observation> = {}): Observation => ({
  ...NOTHING_OBSERVED,
  observedAt: SAMPLE_START + 10,
  observedBy,
  applyPipeline: samplePipeline(41),
  ...facts,
});

const started = async (make: MakeStore<DeploymentStore>, owner: string): Promise<DeploymentStore> => {
  const { store } = await make();
  await store.acquire(sampleRecord(owner));
  return store;
};

const claim = (owner: string, previousBy: string, observedBy: string) => ({
  owner,
  previousBy,
  observedBy,
  observedAt: SAMPLE_START + 10,
});

/** One task looks at a time, and what it saw is stored only while its claim stands. */
export const defineLookContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given the previous look, when a look is claimed, then only the claim changes', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    t.equal(await store.claimLook(claim(owner, '', 'look-1')), true);
    const record = sampleRecord(owner);
    const observation = { ...record.observation, observedAt: SAMPLE_START + 10, observedBy: 'look-1' };
    t.strictSame(await store.active(), { ...record, observation });
  });

  t.test('given somebody looked since, when a look is claimed, then it is lost', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.claimLook(claim(owner, '', 'look-1'));
    t.equal(await store.claimLook(claim(owner, '', 'look-2')), false);
    t.equal(await store.claimLook(claim(randomUUID(), 'look-1', 'look-2')), false, 'another owner');
    t.equal((await store.active())?.observation.observedBy, 'look-1');
    t.equal(await store.claimLook(claim(owner, 'look-1', 'look-2')), true);
  });

  t.test('given the claim stands, when the look is stored, then it is read back and nothing else moved', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.claimLook(claim(owner, '', 'look-1'));
    await store.recordReply(owner, 'request-1', createdReply(41));
    await store.decide({ owner, version: 1, writeId: 'write-2', set: {} });
    const observation = seen('look-1', {
      gitlabFailingSince: 7,
      look: { pipelineId: 41, at: 8, pipeline: samplePipeline(41) },
      outputs: { at: 9, url: 'https://demo.example/', problem: null },
      probe: { at: 10, verdict: 'absent', failures: 2, failingSince: 3, lastFoundAt: null },
      readings: [
        { at: 11, answer: 'leftovers', count: 1, detail: ['a cluster'], pipelinesQuiet: true, deletingSince: null },
      ],
    });
    t.equal(await store.storeLook(owner, observation), true);
    const stored = await store.active();
    const { observedBy } = stored?.observation ?? {};
    t.not(observedBy, 'look-1', 'the claim is used up');
    t.equal(await store.claimLook(claim(owner, 'look-1', 'look-2')), false, 'nobody claims the next look on it');
    t.strictSame(stored, {
      deployment: sampleRecord(owner, {
        version: 2,
        writeId: 'write-2',
        replies: { 'request-1': createdReply(41) },
      }).deployment,
      observation: { ...observation, observedBy },
    });
  });

  t.test('given another claim or owner, when a look is stored, then it is refused', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.claimLook(claim(owner, '', 'look-1'));
    await store.claimLook(claim(owner, 'look-1', 'look-2'));
    t.equal(await store.storeLook(owner, seen('look-1')), false);
    t.equal(await store.storeLook(randomUUID(), seen('look-2')), false);
    t.equal((await store.active())?.observation.applyPipeline, null);
  });

  t.test('given more was seen than the item may hold, when it is stored, then it is cut to its bounds', async (t) => {
    const owner = randomUUID();
    const store = await started(make, owner);
    await store.claimLook(claim(owner, '', 'look-1'));
    const [job] = samplePipeline(41).jobs;
    const jobs = Array.from({ length: 2_000 }, (_, id) => ({ ...job, id, name: 'n'.repeat(300) }));
    t.equal(
      await store.storeLook(owner, seen('look-1', { applyPipeline: { ...samplePipeline(41), jobs: jobs as never } })),
      true,
    );
    const stored = (await store.active())?.observation.applyPipeline?.jobs ?? [];
    t.equal(stored.length, OBSERVATION_BOUNDS.jobs);
    t.equal(stored[0]?.name.length, OBSERVATION_BOUNDS.jobNameBytes);
  });
};
