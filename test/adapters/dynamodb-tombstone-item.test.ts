import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import t from 'tap';
import { tombstoneItemOf, tombstoneOf } from '../../src/adapters/dynamodb-tombstone-item.ts';
import { SAMPLE_START, sampleTombstone } from '../fakes/sample-records.ts';
import { arbitraryTombstone } from './arbitrary-records.ts';
import { itemSize } from './item-size.ts';
import { largestPipeline } from './largest-observation.ts';

t.test('given any tombstone, when it goes through its item, then it comes back as it was', async (t) => {
  fc.assert(
    fc.property(arbitraryTombstone, (tombstone) => {
      t.strictSame(tombstoneOf(unmarshall(marshall(tombstoneItemOf(tombstone)))), tombstone);
    }),
    { numRuns: 100 },
  );
});

t.test('given a tombstone, when its item is made, then it is listed by its time and never expires', async (t) => {
  const item = tombstoneItemOf(sampleTombstone('demo-1', { createdAt: SAMPLE_START }));
  t.match(item, { deployment_id: 'demo-1', listed: 'history', listed_at: '2026-11-24T03:00:00.000Z#demo-1' });
  t.notOk('expires_epoch_seconds' in item);
});

t.test('given the largest pipelines, when the item is made, then a page of 100 stays near 2 MB', async (t) => {
  const item = tombstoneItemOf(
    sampleTombstone('demo-1', { applyPipeline: largestPipeline, destroyPipeline: largestPipeline }),
  );
  t.ok(itemSize(marshall(item)) < 20_000, `${itemSize(marshall(item))} bytes`);
});

t.test('given a broken item, when it is read, then the error names the place', async (t) => {
  const item = tombstoneItemOf(sampleTombstone('demo-1'));
  t.throws(() => tombstoneOf({ ...item, down_at: null }), {
    message: 'The stored demo-1.down_at is not a whole number',
  });
  t.throws(() => tombstoneOf({}), { message: 'The stored history.deployment_id is not a text' });
});
