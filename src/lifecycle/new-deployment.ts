import type { Deployment, Instant, Policy } from './deployment.ts';

/** What is the same for a start and for an adoption. */
export interface Founding {
  readonly id: string;
  readonly writeId: string;
  readonly policy: Policy;
  readonly hourlyCostUsd: number;
}

/** What is known of something that exists without a record. */
export interface Orphan extends Founding {
  /** Higher than that of the tombstone it may have: it was not gone, and the ledger has to say so in the end. */
  readonly version: number;
  /** When it came to be, as far as that is known. */
  readonly createdAt: Instant;
}

/** What only a start knows. */
export interface Start extends Founding {
  readonly durationMs: number;
  readonly nightlyAt: Instant | null;
  readonly controlTokenHash: string | null;
  readonly visitorHash: string | null;
}

/** The record with which a start takes the lock: nothing was asked for yet, and the goal is up. */
export const newDeployment = (start: Start, now: Instant): Deployment => ({
  owner: start.id,
  version: 1,
  writeId: start.writeId,
  createdAt: now,
  goal: { direction: 'up' },
  policy: start.policy,
  hourlyCostUsd: start.hourlyCostUsd,
  durationMs: start.durationMs,
  nightlyAt: start.nightlyAt,
  armedAt: null,
  preflightAt: null,
  hastenedAt: null,
  attempts: [],
  replies: {},
  applyMayHaveStarted: false,
  liveUrl: null,
  liveAt: null,
  expiresAt: null,
  maxExpiresAt: null,
  hardEndAt: now + start.policy.deployDeadlineMs + start.policy.maxLifetimeMs + start.policy.hardEndMarginMs,
  countedDestroys: 0,
  nextAttemptAt: null,
  quarantinedAt: null,
  quarantineTries: 0,
  gone: null,
  controlTokenHash: start.controlTokenHash,
  visitorHash: start.visitorHash,
});

/**
 * The record of something that exists without one. Its goal is down from the start, an apply may have started, and
 * nobody holds a control token for it. It takes the same way to the same proof as any other deployment.
 */
export const adoptedDeployment = ({ version, createdAt, ...founding }: Orphan, now: Instant): Deployment => {
  const nobodys = { durationMs: founding.policy.ttlMs, nightlyAt: null, controlTokenHash: null, visitorHash: null };
  return {
    ...newDeployment({ ...founding, ...nobodys }, now),
    version,
    createdAt,
    goal: { direction: 'down', reason: 'adopted_orphan', since: now },
    applyMayHaveStarted: true,
    hardEndAt: now,
  };
};
