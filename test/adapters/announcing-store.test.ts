import t from 'tap';
import { announceDecisions } from '../../src/adapters/announcing-store.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';

t.test('Given a store that tells, when a decision takes effect, then it is told; else not', async (t) => {
  let told = 0;
  const store = announceDecisions(createMemoryStore(), () => {
    told += 1;
  });
  const { deployment } = sampleRecord(ID);
  const record = { deployment, observation: NOTHING_OBSERVED };
  t.same(await store.acquire(record), { won: true });
  t.equal(told, 1);
  const other = { ...deployment, owner: '01930000-0000-7000-8000-000000000002', writeId: 'another' };
  t.match(await store.acquire({ ...record, deployment: other }), { won: false });
  t.equal(told, 1, 'a lock that was not taken');
  const decision = { owner: ID, version: deployment.version, writeId: 'write-2', set: {}, forget: [] };
  t.equal(await store.decide(decision), true);
  t.equal(told, 2);
  t.equal(await store.decide({ ...decision, writeId: 'write-3' }), false);
  t.equal(told, 2, 'a lost race');
  t.match(await store.active(), { deployment: { owner: ID } });
  t.equal(told, 2, 'a read');
  t.equal(await store.release(ID, deployment.version), false);
  t.equal(told, 2);
  t.equal(await store.release(ID, deployment.version + 1), true);
  t.equal(told, 3);
});
