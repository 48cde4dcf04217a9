import type { Attempt, Deployment, Policy, Reply } from '../../src/lifecycle/deployment.ts';
import { NOTHING_OBSERVED, type ObservedPipeline } from '../../src/lifecycle/observation.ts';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';

/** 2026-11-24T03:00:00Z, where the samples begin. */
export const SAMPLE_START = Date.UTC(2026, 10, 24, 3);

const MINUTE_MS = 60_000;

export const SAMPLE_POLICY: Policy = {
  pollMs: 5_000,
  livePollMs: MINUTE_MS,
  sendWindowMs: 5_000,
  absenceProofMs: 75_000,
  startDeadlineMs: 10 * MINUTE_MS,
  deployDeadlineMs: 45 * MINUTE_MS,
  cancelDeadlineMs: 10 * MINUTE_MS,
  destroyDeadlineMs: 40 * MINUTE_MS,
  liveDeadlineMs: 5 * MINUTE_MS,
  probeMs: 30_000,
  unhealthyMs: 10 * MINUTE_MS,
  proofGapMs: 5 * MINUTE_MS,
  inventoryMs: MINUTE_MS,
  attemptWaitsMs: [MINUTE_MS, 5 * MINUTE_MS],
  maxDestroyAttempts: 3,
  quarantineWaitsMs: [60 * MINUTE_MS],
  quarantineInventoryMs: 60 * MINUTE_MS,
  ttlMs: 60 * MINUTE_MS,
  maxLifetimeMs: 120 * MINUTE_MS,
  hardEndMarginMs: 10 * MINUTE_MS,
  clockMarginMs: MINUTE_MS,
  hastenAfterMs: 30 * MINUTE_MS,
  secondDestroyerDelayMs: 120 * MINUTE_MS,
  secondDestroyerEveryMs: 180 * MINUTE_MS,
};

export const sampleAttempt = (requestId: string): Attempt => ({
  requestId,
  direction: 'apply',
  requestedAt: SAMPLE_START,
  lastSendAt: SAMPLE_START,
  sends: 1,
  startBefore: SAMPLE_START + 10 * MINUTE_MS,
  cancelRequestedAt: null,
  lastCancelAt: null,
  settled: null,
});

/** A record as it is when the lock has just been taken; no two owners share one. */
export const sampleRecord = (owner: string, deployment: Partial<Deployment> = {}): ActiveRecord => ({
  deployment: {
    owner,
    version: 1,
    writeId: 'write-1',
    createdAt: SAMPLE_START,
    goal: { direction: 'up' },
    policy: SAMPLE_POLICY,
    hourlyCostUsd: 0.18,
    durationMs: 60 * MINUTE_MS,
    nightlyAt: null,
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
    hardEndAt: SAMPLE_START + 175 * MINUTE_MS,
    countedDestroys: 0,
    nextAttemptAt: null,
    quarantinedAt: null,
    quarantineTries: 0,
    gone: null,
    controlTokenHash: null,
    visitorHash: null,
    ...deployment,
  },
  observation: NOTHING_OBSERVED,
});

export const samplePipeline = (id: number): ObservedPipeline => ({
  id,
  name: 'apply',
  status: 'running',
  terminal: false,
  sha: 'c0ffee',
  webUrl: `https://gitlab.example/demo/-/pipelines/${id}`,
  createdAt: SAMPLE_START,
  startedAt: SAMPLE_START + 1_000,
  finishedAt: null,
  jobs: [
    {
      id: id * 10,
      name: 'apply',
      stage: 'deploy',
      state: 'running',
      startedAt: SAMPLE_START + 2_000,
      finishedAt: null,
      failureReason: null,
    },
  ],
});

export const createdReply = (pipelineId: number, send = 1): Extract<Reply, { kind: 'created' }> => ({
  kind: 'created',
  send,
  pipelineId,
  sha: 'c0ffee',
  webUrl: `https://gitlab.example/demo/-/pipelines/${pipelineId}`,
  at: SAMPLE_START + 3_000,
});

export const refusedReply = (send = 1): Extract<Reply, { kind: 'refused' }> => ({
  kind: 'refused',
  send,
  reason: 'The pipeline creation limit is reached',
  retryable: true,
  at: SAMPLE_START + 3_000,
});

export const sampleTombstone = (id: string, facts: Partial<Tombstone> = {}): Tombstone => ({
  id,
  version: 9,
  createdAt: SAMPLE_START,
  liveAt: SAMPLE_START + 12 * MINUTE_MS,
  downAt: SAMPLE_START + 72 * MINUTE_MS,
  reason: 'expired',
  outcome: 'lived',
  gone: {
    kind: 'two-empty-readings',
    at: SAMPLE_START + 90 * MINUTE_MS,
    firstAt: SAMPLE_START + 84 * MINUTE_MS,
    secondAt: SAMPLE_START + 90 * MINUTE_MS,
  },
  costUsd: 0.27,
  hourlyCostUsd: 0.18,
  destroyAttempts: 1,
  applyPipeline: samplePipeline(41),
  destroyPipeline: null,
  controlTokenHash: null,
  sample: false,
  ...facts,
});
