import type { Attempt, DownReason, Goal, Outcome, Policy, Proof, Reply, Settlement } from '../lifecycle/deployment.ts';
import { type Codec, flag, integer, list, nullable, record, tagged, text, word } from './item-codec.ts';
import { boundReply } from './record-bounds.ts';

/** How the parts of a record are laid out in an item. */

export const downReason = word<DownReason>({
  visitor: true,
  owner: true,
  expired: true,
  hard_end: true,
  nightly: true,
  not_started: true,
  deploy_failed: true,
  deploy_timeout: true,
  deploy_unknown: true,
  not_live: true,
  unhealthy: true,
  auto_stop: true,
  arm_failed: true,
  preflight_failed: true,
  adopted_orphan: true,
});

type GoalOf<D extends Goal['direction']> = Extract<Goal, { direction: D }>;
type ProofOf<K extends Proof['kind']> = Extract<Proof, { kind: K }>;
type ReplyOf<K extends Reply['kind']> = Extract<Reply, { kind: K }>;

export const goalCodec: Codec<Goal> = tagged<'direction', Goal>('direction', {
  up: record<GoalOf<'up'>>({ direction: word({ up: true }) }),
  down: record<GoalOf<'down'>>({ direction: word({ down: true }), reason: downReason, since: integer }),
});

export const proofCodec: Codec<Proof> = tagged<'kind', Proof>('kind', {
  'never-built': record<ProofOf<'never-built'>>({ kind: word({ 'never-built': true }), at: integer }),
  'two-empty-readings': record<ProofOf<'two-empty-readings'>>({
    kind: word({ 'two-empty-readings': true }),
    at: integer,
    firstAt: integer,
    secondAt: integer,
  }),
});

const reply: Codec<Reply> = tagged<'kind', Reply>('kind', {
  created: record<ReplyOf<'created'>>({
    kind: word({ created: true }),
    send: integer,
    pipelineId: integer,
    sha: text,
    webUrl: text,
    at: integer,
  }),
  refused: record<ReplyOf<'refused'>>({
    kind: word({ refused: true }),
    send: integer,
    reason: text,
    retryable: flag,
    at: integer,
  }),
});

/** A reply as it stands in the map of replies, cut to its bounds. */
export const replyCodec: Codec<Reply> = { ...reply, encode: (value) => reply.encode(boundReply(value)) };

const settlement: Codec<Settlement> = record<Settlement>({
  outcome: word<Outcome>({
    succeeded: true,
    failed: true,
    canceled: true,
    refused: true,
    absent: true,
    unknown: true,
  }),
  at: integer,
  jobStarted: flag,
  startedAt: nullable(integer),
  finishedAt: nullable(integer),
});

export const attemptCodec: Codec<Attempt> = record<Attempt>({
  requestId: text,
  direction: word({ apply: true, destroy: true }),
  requestedAt: integer,
  lastSendAt: integer,
  sends: integer,
  startBefore: nullable(integer),
  cancelRequestedAt: nullable(integer),
  lastCancelAt: nullable(integer),
  settled: nullable(settlement),
});

export const policyCodec: Codec<Policy> = record<Policy>({
  pollMs: integer,
  livePollMs: integer,
  sendWindowMs: integer,
  absenceProofMs: integer,
  startDeadlineMs: integer,
  deployDeadlineMs: integer,
  cancelDeadlineMs: integer,
  destroyDeadlineMs: integer,
  liveDeadlineMs: integer,
  probeMs: integer,
  unhealthyMs: integer,
  proofGapMs: integer,
  inventoryMs: integer,
  attemptWaitsMs: list(integer),
  maxDestroyAttempts: integer,
  quarantineWaitsMs: list(integer),
  quarantineInventoryMs: integer,
  ttlMs: integer,
  maxLifetimeMs: integer,
  hardEndMarginMs: integer,
  clockMarginMs: integer,
  hastenAfterMs: integer,
  secondDestroyerDelayMs: integer,
  secondDestroyerEveryMs: integer,
});
