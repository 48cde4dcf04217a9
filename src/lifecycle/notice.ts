import type { DownReason, Instant } from './deployment.ts';

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
