import type {
  Attempt,
  Deployment,
  Direction,
  Instant,
  Outcome,
  Reply,
  Settlement,
} from '../../src/lifecycle/deployment.ts';
import type {
  InventoryReading,
  JobState,
  ListedPipeline,
  Observation,
  ObservedJob,
  ObservedPipeline,
  ProbeRecord,
} from '../../src/lifecycle/observation.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { REAL_POLICY } from '../../src/policies.ts';

/**
 * Small builders of records as the rules see them. Everything is as of `START` and by the real policy; a test names
 * only what it is about.
 */

export const START: Instant = Date.UTC(2026, 10, 20, 9);
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const ID = '01930000-0000-7000-8000-00000000000a';
export const LIVE_URL = 'https://00000000000a.demos.example/';

/** So many minutes after the start. */
export const minute = (minutes: number): Instant => START + minutes * MINUTE_MS;

export const UP: Deployment['goal'] = { direction: 'up' };
export const downSince = (since: Instant): Deployment['goal'] => ({ direction: 'down', reason: 'visitor', since });

/** Armed and wanted, and nothing was asked for yet. */
export const deploymentOf = (fields: Partial<Deployment> = {}): Deployment => ({
  owner: ID,
  version: 3,
  writeId: 'write-3',
  createdAt: START,
  goal: UP,
  policy: REAL_POLICY,
  hourlyCostUsd: 0.18,
  durationMs: 60 * MINUTE_MS,
  nightlyAt: null,
  armedAt: START,
  preflightAt: START,
  hastenedAt: null,
  attempts: [],
  replies: {},
  applyMayHaveStarted: false,
  liveUrl: null,
  liveAt: null,
  expiresAt: null,
  maxExpiresAt: null,
  hardEndAt: minute(315),
  countedDestroys: 0,
  nextAttemptAt: null,
  quarantinedAt: null,
  quarantineTries: 0,
  gone: null,
  controlTokenHash: `hash:control:${ID}`,
  visitorHash: 'visitor',
  ...fields,
});

/** Sent once at the start, and still open. */
export const attemptOf = (direction: Direction, fields: Partial<Attempt> = {}): Attempt => ({
  requestId: direction,
  direction,
  requestedAt: START,
  lastSendAt: START,
  sends: 1,
  startBefore: direction === 'apply' ? minute(10) : null,
  cancelRequestedAt: null,
  lastCancelAt: null,
  settled: null,
  ...fields,
});

export const settledAs = (outcome: Outcome, at: Instant, jobStarted = true): Settlement => ({
  outcome,
  at,
  jobStarted,
  startedAt: jobStarted ? START : null,
  finishedAt: jobStarted ? at : null,
});

export const created = (pipelineId: number): Reply => ({
  kind: 'created',
  send: 1,
  pipelineId,
  sha: 'c0ffee',
  webUrl: `https://gitlab.example/p/${pipelineId}`,
  at: START,
});

export const refused = (fields: Partial<Extract<Reply, { kind: 'refused' }>> = {}): Reply => ({
  kind: 'refused',
  send: 1,
  reason: 'creation_limit',
  retryable: true,
  at: START,
  ...fields,
});

export const jobOf = (name: string, state: JobState, fields: Partial<ObservedJob> = {}): ObservedJob => ({
  id: 11,
  name,
  stage: name,
  state,
  startedAt: state === 'waiting' ? null : START + 20 * SECOND_MS,
  finishedAt: ['waiting', 'running'].includes(state) ? null : minute(12),
  failureReason: null,
  ...fields,
});

/** A pipeline with one job; it has ended when its job has. */
export const pipelineOf = (
  direction: Direction,
  state: JobState,
  fields: Partial<ObservedPipeline> = {},
): ObservedPipeline => ({
  id: direction === 'apply' ? 1 : 2,
  name: `demo ${direction} ${ID} ${direction}`,
  status: state,
  terminal: !['waiting', 'running'].includes(state),
  sha: 'c0ffee',
  webUrl: 'https://gitlab.example/p/1',
  createdAt: START,
  startedAt: null,
  finishedAt: null,
  jobs: [jobOf(direction, state)],
  ...fields,
});

export const listedOf = (direction: Direction, fields: Partial<ListedPipeline> = {}): ListedPipeline => ({
  id: direction === 'apply' ? 1 : 2,
  direction,
  requestId: direction,
  terminal: false,
  running: false,
  sha: 'c0ffee',
  webUrl: 'https://gitlab.example/p/1',
  ...fields,
});

export const readingOf = (
  answer: InventoryReading['answer'],
  at: Instant,
  fields: Partial<InventoryReading> = {},
): InventoryReading => ({
  at,
  answer,
  count: answer === 'leftovers' ? 1 : 0,
  detail: answer === 'leftovers' ? ['eks-cluster demo'] : [],
  pipelinesQuiet: true,
  deletingSince: null,
  ...fields,
});

export const probeOf = (
  verdict: ProbeRecord['verdict'],
  at: Instant,
  fields: Partial<ProbeRecord> = {},
): ProbeRecord => ({
  at,
  verdict,
  failures: verdict === 'absent' ? 1 : 0,
  failingSince: verdict === 'absent' ? at : null,
  lastFoundAt: verdict === 'found' ? at : null,
  ...fields,
});

/** Everything was seen at that time under one claim, which stands. */
export const observationOf = (fields: Partial<Observation> = {}): Observation => ({ ...NOTHING_OBSERVED, ...fields });

/** The pipeline was looked at then, and just before it all of them were listed: there is no other. */
export const lookedAt = (pipeline: ObservedPipeline, at: Instant): Partial<Observation> => ({
  observedAt: at,
  listing: { at, pipelines: [] },
  listingTriedAt: at,
  look: { pipelineId: pipeline.id, at, pipeline },
  ...(pipeline.id === 1 ? { applyPipeline: pipeline } : { destroyPipeline: pipeline }),
});

export const recordOf = (
  deployment: Partial<Deployment> = {},
  observation: Partial<Observation> = {},
): ActiveRecord => ({
  deployment: deploymentOf(deployment),
  observation: observationOf(observation),
});

/** The apply was made as pipeline 1 and is open. */
export const APPLYING: Partial<Deployment> = { attempts: [attemptOf('apply')], replies: { apply: created(1) } };

/** The apply ended well at minute 12. */
export const APPLIED: Partial<Deployment> = {
  attempts: [attemptOf('apply', { settled: settledAs('succeeded', minute(12)) })],
  replies: { apply: created(1) },
  applyMayHaveStarted: true,
};

/** Live since minute 13, for an hour. */
export const LIVE: Partial<Deployment> = {
  ...APPLIED,
  liveUrl: LIVE_URL,
  liveAt: minute(13),
  expiresAt: minute(73),
  maxExpiresAt: minute(253),
};

/** Asked to go down at minute 20, with the apply settled; pipeline 2 destroys since then. */
export const DESTROYING: Partial<Deployment> = {
  ...LIVE,
  goal: downSince(minute(20)),
  attempts: [
    attemptOf('apply', { settled: settledAs('succeeded', minute(12)) }),
    attemptOf('destroy', { requestedAt: minute(20), lastSendAt: minute(20) }),
  ],
  replies: { apply: created(1), destroy: created(2) },
};

/** As `DESTROYING`, and the destroy ended well at minute 26. */
export const DESTROYED: Partial<Deployment> = {
  ...DESTROYING,
  attempts: [
    attemptOf('apply', { settled: settledAs('succeeded', minute(12)) }),
    attemptOf('destroy', { lastSendAt: minute(20), settled: settledAs('succeeded', minute(26)) }),
  ],
  countedDestroys: 1,
};

export const tombstoneOfRun = (fields: Partial<Tombstone> = {}): Tombstone => ({
  id: ID,
  version: 12,
  createdAt: START,
  liveAt: minute(13),
  downAt: minute(73),
  reason: 'expired',
  outcome: 'lived',
  gone: { kind: 'two-empty-readings', at: minute(90), firstAt: minute(85), secondAt: minute(90) },
  costUsd: 0.27,
  hourlyCostUsd: 0.18,
  destroyAttempts: 1,
  applyPipeline: pipelineOf('apply', 'succeeded'),
  destroyPipeline: pipelineOf('destroy', 'succeeded'),
  controlTokenHash: `hash:control:${ID}`,
  sample: false,
  ...fields,
});
