import type { Tombstone } from '../lifecycle/tombstone.ts';
import { downReason, proofCodec } from './dynamodb-decision-codecs.ts';
import { pipelineCodec } from './dynamodb-observation-item.ts';
import { type Listed, listedAt, TABLE_SCHEMA } from './dynamodb-schema.ts';
import type { Item } from './dynamodb-table.ts';
import { amount, decodeFields, encodeFields, type Fields, flag, integer, nullable, text, word } from './item-codec.ts';
import { boundTombstone } from './record-bounds.ts';

/** How a deployment that is gone is laid out in its item, in both directions. Pure. */

export const HISTORY: Listed = 'history';

type Facts = Omit<Tombstone, 'id'>;

const FACTS: Fields<Facts> = {
  version: integer,
  createdAt: integer,
  liveAt: nullable(integer),
  downAt: integer,
  reason: downReason,
  outcome: word<Tombstone['outcome']>({ lived: true, failed: true, never_built: true }),
  gone: proofCodec,
  costUsd: amount,
  hourlyCostUsd: amount,
  destroyAttempts: integer,
  applyPipeline: nullable(pipelineCodec),
  destroyPipeline: nullable(pipelineCodec),
  controlTokenHash: nullable(text),
  sample: flag,
};

/** The history item under the deployment's id, its pipelines cut to their bounds. It has no time-to-live. */
export const tombstoneItemOf = (tombstone: Tombstone): Item => ({
  [TABLE_SCHEMA.key]: tombstone.id,
  [TABLE_SCHEMA.listed]: HISTORY,
  [TABLE_SCHEMA.listedAt]: listedAt(tombstone.createdAt, tombstone.id),
  ...encodeFields(FACTS, boundTombstone(tombstone)),
});

/** Throws `BrokenItem` when the item is not one that `tombstoneItemOf` could have made. */
export const tombstoneOf = (item: Item): Tombstone => {
  const id = text.decode(item[TABLE_SCHEMA.key], `history.${TABLE_SCHEMA.key}`);
  return { id, ...decodeFields(FACTS, item, id) };
};
