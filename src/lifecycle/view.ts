import type { Deployment, DownReason, Instant } from './deployment.ts';
import { type Eta, etaOf, type Forecast, progressToLive, shownJobs } from './eta.ts';
import type { JobState, ObservedPipeline } from './observation.ts';
import type { ActiveRecord } from './ports.ts';
import { canDestroy, canExtend, type Status, shownLiveUrl, statusOf } from './status.ts';
import { costUsd, type Tombstone } from './tombstone.ts';

/** Why a demo cannot be started now. */
export type BlockedReason = 'running' | 'paused' | 'budget' | 'preflight' | 'nightly_window' | 'quota';

/** What stops a start, and until when where that is known. */
export interface Blockage {
  readonly reason: BlockedReason;
  readonly until: Instant | null;
  /** For a person to read, and safe to show: the owner's words, or which check failed. */
  readonly detail: string | null;
}

export interface StageView {
  readonly name: string;
  readonly direction: 'apply' | 'destroy';
  readonly state: JobState;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly expectedSeconds: number | null;
}

/** Why a status is what it is: the way up in three words, or the reason it goes down. */
export type ViewReason =
  | 'idle'
  | 'waiting_for_runner'
  | 'building'
  | 'checking_link'
  | 'healthy'
  | 'link_not_answering'
  | DownReason;

export interface Receipt {
  readonly outcome: Tombstone['outcome'];
  readonly goneAt: Instant;
  readonly firstEmptyAt: Instant | null;
  readonly secondEmptyAt: Instant | null;
  readonly costUsd: number;
  readonly destroyAttempts: number;
  readonly sample: boolean;
}

/** What anyone may see. The same for everyone; computed at the edge from stored facts, never stored. */
export interface PublicView {
  readonly id: string | null;
  readonly status: Status;
  readonly reason: ViewReason;
  readonly createdAt: Instant | null;
  readonly elapsedSeconds: number;
  readonly stages: readonly StageView[];
  readonly progress: number;
  readonly eta: Eta | null;
  readonly liveUrl: string | null;
  readonly liveAt: Instant | null;
  readonly linkFailingSince: Instant | null;
  readonly expiresAt: Instant | null;
  readonly maxExpiresAt: Instant | null;
  readonly expiresInSeconds: number | null;
  readonly canDeploy: boolean;
  readonly canDestroy: boolean;
  readonly canExtend: boolean;
  readonly blocked: Blockage | null;
  readonly retryAfterSeconds: number | null;
  readonly costSoFarUsd: number;
  readonly version: number;
  readonly receipt: Receipt | null;
}

const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, Math.round((to - from) / 1000));

const stagesOf = (
  pipeline: ObservedPipeline | null,
  direction: StageView['direction'],
  forecast: Forecast,
): readonly StageView[] =>
  pipeline === null
    ? []
    : shownJobs(pipeline).map((job) => ({
        name: job.stage,
        direction,
        state: job.state,
        startedAt: job.startedAt,
        finishedAt: job.finishedAt,
        expectedSeconds: roundOrNull(forecast.stageSeconds.get(job.stage)),
      }));

const roundOrNull = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.round(seconds);

const reasonOf = (record: ActiveRecord, status: Status): ViewReason => {
  const { deployment, observation } = record;
  if (deployment.goal.direction === 'down') return deployment.goal.reason;
  if (status === 'live') return shownLiveUrl(record) === null ? 'link_not_answering' : 'healthy';
  if (status === 'queued') return 'waiting_for_runner';
  return observation.outputs?.url == null ? 'building' : 'checking_link';
};

/**
 * When a visitor may try again for his own. While it lives that is its end, a minute to destroy it and the proof; before
 * that and on the way down, whatever its end was to be, a polite minute is answered instead of a guess.
 */
const freeAgainAt = ({ goal, expiresAt, policy }: Deployment, now: Instant): Instant =>
  goal.direction === 'down' || expiresAt === null
    ? now + RETRY_AFTER_FLOOR_MS
    : Math.max(expiresAt, now) + RETRY_AFTER_FLOOR_MS + policy.proofGapMs;

const RETRY_AFTER_FLOOR_MS = 60_000;

/** The view while nothing runs. */
export const idleView = (blocked: Blockage | null, now: Instant): PublicView => ({
  id: null,
  status: 'idle',
  reason: 'idle',
  createdAt: null,
  elapsedSeconds: 0,
  stages: [],
  progress: 0,
  eta: null,
  liveUrl: null,
  liveAt: null,
  linkFailingSince: null,
  expiresAt: null,
  maxExpiresAt: null,
  expiresInSeconds: null,
  canDeploy: blocked === null,
  canDestroy: false,
  canExtend: false,
  blocked,
  retryAfterSeconds: blocked?.until == null ? null : secondsBetween(now, blocked.until),
  costSoFarUsd: 0,
  version: 0,
  receipt: null,
});

/** The view of the running deployment. */
export const activeView = (record: ActiveRecord, forecast: Forecast, now: Instant): PublicView => {
  const { deployment, observation } = record;
  const status = statusOf(record);
  const isRising = status === 'queued' || status === 'deploying';
  const isFalling = deployment.goal.direction === 'down';
  const until = freeAgainAt(deployment, now);
  return {
    id: deployment.owner,
    status,
    reason: reasonOf(record, status),
    createdAt: deployment.createdAt,
    elapsedSeconds: secondsBetween(deployment.createdAt, now),
    stages: [
      ...stagesOf(observation.applyPipeline, 'apply', forecast),
      ...stagesOf(observation.destroyPipeline, 'destroy', forecast),
    ],
    progress: progressToLive(observation.applyPipeline, deployment.liveAt, forecast, now),
    eta: isRising ? etaOf(forecast, deployment.createdAt, now) : null,
    liveUrl: shownLiveUrl(record),
    liveAt: deployment.liveAt,
    linkFailingSince: deployment.liveAt === null ? null : (observation.probe?.failingSince ?? null),
    expiresAt: deployment.expiresAt,
    maxExpiresAt: deployment.maxExpiresAt,
    expiresInSeconds: isFalling || deployment.expiresAt === null ? null : secondsBetween(now, deployment.expiresAt),
    canDeploy: false,
    canDestroy: canDestroy(deployment),
    canExtend: canExtend(deployment),
    blocked: { reason: 'running', until, detail: null },
    retryAfterSeconds: secondsBetween(now, until),
    costSoFarUsd: costUsd(deployment.hourlyCostUsd, deployment.createdAt, now),
    version: deployment.version,
    receipt: null,
  };
};

/** The view of a deployment that is proven gone: its permalink keeps answering. */
export const tombstoneView = (tombstone: Tombstone, forecast: Forecast): PublicView => ({
  ...idleView(null, tombstone.gone.at),
  id: tombstone.id,
  reason: tombstone.reason,
  createdAt: tombstone.createdAt,
  elapsedSeconds: secondsBetween(tombstone.createdAt, tombstone.gone.at),
  stages: [
    ...stagesOf(tombstone.applyPipeline, 'apply', forecast),
    ...stagesOf(tombstone.destroyPipeline, 'destroy', forecast),
  ],
  progress: tombstone.liveAt === null ? 0 : 1,
  liveAt: tombstone.liveAt,
  // Whether a new one may be started is the alias' answer; a tombstone speaks only of itself.
  canDeploy: false,
  costSoFarUsd: tombstone.costUsd,
  version: tombstone.version,
  receipt: {
    outcome: tombstone.outcome,
    goneAt: tombstone.gone.at,
    firstEmptyAt: tombstone.gone.kind === 'never-built' ? null : tombstone.gone.firstAt,
    secondEmptyAt: tombstone.gone.kind === 'never-built' ? null : tombstone.gone.secondAt,
    costUsd: tombstone.costUsd,
    destroyAttempts: tombstone.destroyAttempts,
    sample: tombstone.sample,
  },
});
