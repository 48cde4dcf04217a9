import type { Instant } from './deployment.ts';
import type { ObservedPipeline } from './observation.ts';
import type { ActiveRecord } from './ports.ts';
import type { Tombstone } from './tombstone.ts';
import type { PublicView } from './view.ts';

/** Which deployment is meant: the alias `current`, or one by its id. */
export type Target = { readonly kind: 'current' } | { readonly kind: 'id'; readonly id: string };

export interface StartRequest {
  /** Keyed hash of who asks; the address itself never reaches the lifecycle. */
  readonly visitorHash: string;
  /** Whether the client sent an `Origin`, as every browser does; those that do not have a quota of their own. */
  readonly hasOrigin: boolean;
  /** The page that carried the button, for the owner's eyes: told once, never stored. Null when nobody said. */
  readonly referringPage: string | null;
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
  /** Null: the policy's own. */
  readonly durationMs: number | null;
}

/** The unchanging facts of a start. A replay answers with the same. */
export interface Started {
  readonly id: string;
  readonly createdAt: Instant;
  /** Null only on a replay, when the signing key that it was made with is lost. */
  readonly controlToken: string | null;
  readonly replayed: boolean;
}

export interface TeardownRequest {
  readonly target: Target;
  /** The bearer token as it was sent, or null. */
  readonly bearer: string | null;
  /** On the alias, whether the running record is the one the caller has seen; null when he did not say. */
  readonly precondition: ((record: ActiveRecord) => boolean) | null;
}

export type TornDown =
  | { readonly kind: 'accepted'; readonly record: ActiveRecord }
  | { readonly kind: 'already-gone'; readonly tombstone: Tombstone };

export interface ExtensionRequest {
  readonly target: Target;
  readonly bearer: string | null;
  readonly precondition: ((record: ActiveRecord) => boolean) | null;
  /** Absolute. */
  readonly expiresAt: Instant;
}

/** What a visitor or the owner may ask for. Every refusal is a `DemoError`. */
export interface Requests {
  /**
   * Throws DURATION_OUT_OF_RANGE, IDEMPOTENCY_MISMATCH, ALREADY_RUNNING (with the holder), PAUSED, BUDGET_SPENT,
   * PREFLIGHT_FAILED, NIGHTLY_WINDOW, QUOTA_EXCEEDED (these with `until` where it is known), ARM_FAILED,
   * STORE_UNAVAILABLE.
   */
  start(request: StartRequest): Promise<Started>;
  /**
   * Idempotent. Throws TOKEN_MISSING (no token, or not one of ours), TOKEN_FOREIGN, PRECONDITION_NEEDED,
   * PRECONDITION_FAILED, NOTHING_TO_DESTROY, NOT_FOUND, CONFLICT, STORE_UNAVAILABLE.
   */
  teardown(request: TeardownRequest): Promise<TornDown>;
  /** As `teardown`, and NOT_EXTENDABLE, EXPIRY_OUT_OF_RANGE (with `until`: the latest possible end). */
  extend(request: ExtensionRequest): Promise<ActiveRecord>;
}

export interface PipelineView {
  readonly pipeline: ObservedPipeline;
  readonly direction: 'apply' | 'destroy';
  readonly progress: number;
  readonly observedAt: Instant;
  /** True while GitLab cannot be asked: this is the last known answer. */
  readonly stale: boolean;
}

export interface LogPage {
  readonly jobId: number;
  readonly jobName: string;
  /** Masked display lines; SGR colour codes are the only control characters left in them. */
  readonly lines: readonly string[];
  /** Where to go on: the line number after the last one given. */
  readonly nextLine: number;
  readonly complete: boolean;
}

/** What anyone may see. Reads are shared: many callers at once cost the store no more than one. */
export interface Views {
  /** The view of a target; the alias answers also when idle, an unknown id with null. */
  view(target: Target): Promise<PublicView | null>;
  /** What `view` would answer without reading or making anything; null where it would have to. */
  glance(target: Target): PublicView | null;
  /** The view of a record that was just written, so that an answer shows its own effect. */
  ofRecord(record: ActiveRecord): Promise<PublicView>;
  ofTombstone(tombstone: Tombstone): Promise<PublicView>;
  /** Throws NOT_FOUND, NO_PIPELINE. */
  pipeline(target: Target): Promise<PipelineView>;
  /** `job` null: the running one, else the latest. Throws NOT_FOUND, NO_PIPELINE, UNKNOWN_JOB. */
  logs(target: Target, job: number | null, fromLine: number): Promise<LogPage>;
  /** Says that a write of our own made what was read stale. */
  invalidate(): void;
}
