import type { Deployment, Instant, Policy } from './deployment.ts';

/**
 * The record of something that exists without one. Its goal is down from the start, an apply may have started, and
 * nobody holds a control token for it. It takes the same way to the same proof as any other deployment.
 */
export const adoptedDeployment = (
  id: string,
  policy: Policy,
  hourlyCostUsd: number,
  writeId: string,
  now: Instant,
): Deployment => ({
  owner: id,
  version: 1,
  writeId,
  createdAt: now,
  goal: { direction: 'down', reason: 'adopted_orphan', since: now },
  policy,
  hourlyCostUsd,
  durationMs: policy.ttlMs,
  nightlyAt: null,
  armedAt: null,
  hastenedAt: null,
  attempts: [],
  replies: {},
  applyMayHaveStarted: true,
  liveUrl: null,
  liveAt: null,
  expiresAt: null,
  maxExpiresAt: null,
  hardEndAt: now,
  countedDestroys: 0,
  nextAttemptAt: null,
  quarantinedAt: null,
  quarantineTries: 0,
  gone: null,
  controlTokenHash: null,
  visitorHash: null,
});
