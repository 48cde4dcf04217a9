import type { Instant } from '../lifecycle/deployment.ts';
import type { PublicView, Receipt, StageView } from '../lifecycle/view.ts';
import type { DeploymentJson } from './schemas/deployment.ts';

/** ISO 8601 in UTC with milliseconds. */
export const isoOf = (instant: Instant): string => new Date(instant).toISOString();

export const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : isoOf(instant));

const stageJson = (stage: StageView): DeploymentJson['stages'][number] => ({
  name: stage.name,
  direction: stage.direction,
  state: stage.state,
  started_at: isoOrNull(stage.startedAt),
  finished_at: isoOrNull(stage.finishedAt),
  expected_seconds: stage.expectedSeconds,
});

const receiptJson = (receipt: Receipt): NonNullable<DeploymentJson['receipt']> => ({
  outcome: receipt.outcome,
  gone_at: isoOf(receipt.goneAt),
  first_empty_at: isoOrNull(receipt.firstEmptyAt),
  second_empty_at: isoOrNull(receipt.secondEmptyAt),
  cost_usd: receipt.costUsd,
  destroy_attempts: receipt.destroyAttempts,
  sample: receipt.sample,
});

/** The public view as JSON. Written out field by field, so that nothing new becomes public by accident. */
export const deploymentJson = (view: PublicView): DeploymentJson => ({
  id: view.id,
  status: view.status,
  reason: view.reason,
  created_at: isoOrNull(view.createdAt),
  elapsed_seconds: view.elapsedSeconds,
  stages: view.stages.map(stageJson),
  progress: view.progress,
  eta:
    view.eta === null
      ? null
      : { earliest: isoOf(view.eta.earliest), likely: isoOf(view.eta.likely), latest: isoOf(view.eta.latest) },
  live_url: view.liveUrl,
  live_at: isoOrNull(view.liveAt),
  link_failing_since: isoOrNull(view.linkFailingSince),
  expires_at: isoOrNull(view.expiresAt),
  max_expires_at: isoOrNull(view.maxExpiresAt),
  expires_in_seconds: view.expiresInSeconds,
  can_deploy: view.canDeploy,
  can_destroy: view.canDestroy,
  can_extend: view.canExtend,
  blocked_reason: view.blocked?.reason ?? null,
  blocked_detail: view.blocked?.detail ?? null,
  retry_after_seconds: view.retryAfterSeconds,
  cost_so_far_usd: view.costSoFarUsd,
  version: view.version,
  receipt: view.receipt === null ? null : receiptJson(view.receipt),
});
