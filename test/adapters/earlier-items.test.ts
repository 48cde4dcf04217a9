import { readFileSync } from 'node:fs';
import t from 'tap';
import { activeItemOf, activeRecordOf } from '../../src/adapters/dynamodb-deployment-item.ts';
import type { Item } from '../../src/adapters/dynamodb-table.ts';
import { tombstoneItemOf, tombstoneOf } from '../../src/adapters/dynamodb-tombstone-item.ts';
import { decide } from '../../src/lifecycle/decide.ts';

/**
 * Items as version 0.1.0 wrote them. While a new version takes over from an old one both work on the same record, and
 * the ledger is older than either; so what was written once is read for ever. The file is never changed: a field that
 * came later reads as `addedLater` says.
 */
const written = JSON.parse(
  readFileSync(new URL('../fixtures/items-of-0.1.0.json', import.meta.url), 'utf8'),
) as Readonly<Record<'active' | 'tombstone', Item>>;

t.test('given a record of an earlier version, when it is read, then it goes on from where it was', async (t) => {
  const record = activeRecordOf(written.active);
  t.match(record.deployment, { owner: written.active.owner, preflightAt: null });
  t.match(record.observation.applyPipeline, { id: 42 });
  const { step } = decide(
    record.deployment,
    record.observation,
    record.deployment.policy,
    record.observation.observedAt,
  );
  t.not(step.do, 'preflight', 'what was asked for already needs no pre-flight');
});

t.test('given a record of an earlier version, when it is written again, then nothing of it is lost', async (t) => {
  t.match(activeItemOf(activeRecordOf(written.active)), written.active);
});

t.test('given a tombstone of an earlier version, when it is read, then the permalink still answers', async (t) => {
  const tombstone = tombstoneOf(written.tombstone);
  t.equal(tombstone.id, written.tombstone.deployment_id);
  t.match(tombstoneItemOf(tombstone), written.tombstone);
});
