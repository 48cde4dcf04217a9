import type { DecidedFields, Deployment, Reply } from '../lifecycle/deployment.ts';
import type { ActiveRecord } from '../lifecycle/ports.ts';
import { attemptCodec, goalCodec, policyCodec, proofCodec, replyCodec } from './dynamodb-decision-codecs.ts';
import { type Seen, seenCodec } from './dynamodb-observation-item.ts';
import { ACTIVE_KEY, TABLE_SCHEMA } from './dynamodb-schema.ts';
import type { Item } from './dynamodb-table.ts';
import {
  addedLater,
  amount,
  byKey,
  decodeFields,
  encodeFields,
  type Fields,
  flag,
  integer,
  list,
  nullable,
  text,
} from './item-codec.ts';
import { boundObservation } from './observation-bounds.ts';

/** How the record of the running deployment is laid out in its item, in both directions. Pure. */

const DECIDED: Fields<DecidedFields> = {
  goal: goalCodec,
  policy: policyCodec,
  hourlyCostUsd: amount,
  durationMs: integer,
  nightlyAt: nullable(integer),
  armedAt: nullable(integer),
  preflightAt: addedLater(nullable(integer), null),
  hastenedAt: nullable(integer),
  attempts: list(attemptCodec),
  applyMayHaveStarted: flag,
  liveUrl: nullable(text),
  liveAt: nullable(integer),
  expiresAt: nullable(integer),
  maxExpiresAt: nullable(integer),
  hardEndAt: integer,
  countedDestroys: integer,
  nextAttemptAt: nullable(integer),
  quarantinedAt: nullable(integer),
  quarantineTries: integer,
  gone: nullable(proofCodec),
  controlTokenHash: nullable(text),
  visitorHash: nullable(text),
};

const DEPLOYMENT: Fields<Deployment> = {
  owner: text,
  version: integer,
  writeId: text,
  createdAt: integer,
  replies: byKey(replyCodec),
  ...DECIDED,
};

/** The claim of the latest look; it is written alone, so it stands beside what was seen. */
interface Claim {
  readonly observedAt: number;
  readonly observedBy: string;
}

const CLAIM: Fields<Claim> = { observedAt: integer, observedBy: text };

/**
 * The attributes of what a decision sets, each field its own attribute. Fields that no decision may write, above
 * all the replies, are left out even when a caller passes them.
 */
export const decidedAttributes = (set: Partial<DecidedFields>): Record<string, unknown> => encodeFields(DECIDED, set);

/** The attribute that holds what was seen, cut to its bounds. */
export const seenAttribute = (seen: Seen): unknown => seenCodec.encode(seen);

/** The whole item `ACTIVE`, with what was seen cut to its bounds. It has no time-to-live. */
export const activeItemOf = ({ deployment, observation }: ActiveRecord): Item => {
  const seen = boundObservation(observation);
  return {
    [TABLE_SCHEMA.key]: ACTIVE_KEY,
    ...encodeFields(DEPLOYMENT, deployment),
    ...encodeFields(CLAIM, seen),
    observation: seenAttribute(seen),
  };
};

/** Throws `BrokenItem` when the item is not one that `activeItemOf` could have made. */
export const activeRecordOf = (item: Item): ActiveRecord => ({
  deployment: decodeFields(DEPLOYMENT, item, ACTIVE_KEY),
  observation: {
    ...decodeFields(CLAIM, item, ACTIVE_KEY),
    ...seenCodec.decode(item.observation, `${ACTIVE_KEY}.observation`),
  },
});

/** The reply that an item `ACTIVE` holds for a request. Throws `BrokenItem`. */
export const storedReplyOf = (item: Item, requestId: string): Reply | undefined =>
  DEPLOYMENT.replies.decode(item.replies, `${ACTIVE_KEY}.replies`)[requestId];
