import type { DownReason, Instant } from './deployment.ts';
import type { ActiveRecord } from './ports.ts';
import type { Step } from './step.ts';
import { tombstoneOf } from './tombstone.ts';

/** What the owner is told. Never anything about the visitor but the page that the press came from. */
export type Notice =
  | {
      readonly kind: 'started';
      readonly deploymentId: string;
      readonly at: Instant;
      /** The page that carried the button, as its browser named it; null when it did not. */
      readonly referringPage: string | null;
    }
  | {
      readonly kind: 'live';
      readonly deploymentId: string;
      readonly at: Instant;
      readonly url: string;
      readonly expiresAt: Instant | null;
    }
  | { readonly kind: 'failed'; readonly deploymentId: string; readonly at: Instant; readonly reason: DownReason }
  | {
      readonly kind: 'quarantined';
      readonly deploymentId: string;
      readonly at: Instant;
      /** What was left when it was last looked for, at most ten names. */
      readonly leftovers: readonly string[];
    }
  | {
      readonly kind: 'gone';
      readonly deploymentId: string;
      readonly at: Instant;
      readonly reason: DownReason;
      readonly costUsd: number;
    }
  | { readonly kind: 'orphan'; readonly deploymentId: string; readonly at: Instant; readonly sightings: number }
  | {
      readonly kind: 'job_silent';
      readonly job: string;
      readonly at: Instant;
      /** Null when it never completed a slot. */
      readonly lastCompletedSlot: Instant | null;
    };

/** Ends that nobody asked for and no clock brought: something did not work. */
export const FAILURES: ReadonlySet<DownReason> = new Set<DownReason>([
  'not_started',
  'deploy_failed',
  'deploy_timeout',
  'deploy_unknown',
  'not_live',
  'unhealthy',
  'arm_failed',
  'preflight_failed',
]);

/** More names than this are a list, not news; the dead letter has them all. */
const MOST_LEFTOVERS = 10;

/**
 * What the owner is told of a decision that took effect; null for most of them. Every decision is one conditional
 * write, and whoever's write it was tells: so several tasks tell once. It is gone with the proof, and not with the
 * release of the lock, which every task may find done.
 *
 * @param record as it stands after the write
 */
export const noticeOf = (step: Step, record: ActiveRecord): Notice | null => {
  const { deployment, observation } = record;
  const { owner: deploymentId, goal } = deployment;
  switch (step.do) {
    case 'go-live':
      return { kind: 'live', deploymentId, at: step.at, url: step.url, expiresAt: deployment.expiresAt };
    case 'go-down':
      if (goal.direction === 'up' || !FAILURES.has(goal.reason)) return null;
      return { kind: 'failed', deploymentId, at: goal.since, reason: goal.reason };
    case 'quarantine': {
      const leftovers = (observation.readings.at(-1)?.detail ?? []).slice(0, MOST_LEFTOVERS);
      return { kind: 'quarantined', deploymentId, at: deployment.quarantinedAt ?? deployment.createdAt, leftovers };
    }
    case 'prove': {
      const tombstone = tombstoneOf(record);
      if (tombstone === null) return null;
      const { reason, costUsd, gone } = tombstone;
      return { kind: 'gone', deploymentId, at: gone.at, reason, costUsd };
    }
    default:
      return null;
  }
};
