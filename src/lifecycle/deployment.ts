/**
 * The record of the one running deployment. It is the lock and it stands for real infrastructure, so every field
 * is either a decision of ours (guarded by `version`) or something we saw (guarded by the observation's claim).
 * Status, flags and forecasts are derived from it and never stored.
 */

/** Milliseconds since the Unix epoch, UTC wall clock. */
export type Instant = number;

const DEPLOYMENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a value can be the id of a deployment: a lower-case UUID, the form in which ids are made here. */
export const isDeploymentId = (value: unknown): value is string =>
  typeof value === 'string' && DEPLOYMENT_ID.test(value);

/**
 * When an id was made: a UUIDv7 begins with it, in milliseconds (RFC 9562, section 5.7). Null for another kind of id, and
 * for one that claims to be from the future.
 */
export const idMadeAt = (id: string, now: Instant): Instant | null => {
  if (!isDeploymentId(id) || id[14] !== '7') return null;
  const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return at <= now ? at : null;
};

export type Direction = 'apply' | 'destroy';

/** Why a deployment is going down. The first reason stands: the goal only ever goes from up to down, once. */
export type DownReason =
  | 'visitor'
  | 'owner'
  | 'expired'
  | 'hard_end'
  | 'nightly'
  | 'not_started'
  | 'deploy_failed'
  | 'deploy_timeout'
  | 'deploy_unknown'
  | 'not_live'
  | 'unhealthy'
  | 'auto_stop'
  | 'arm_failed'
  | 'preflight_failed'
  | 'adopted_orphan';

export type Goal =
  | { readonly direction: 'up' }
  | { readonly direction: 'down'; readonly reason: DownReason; readonly since: Instant };

/**
 * How an attempt ended. `refused`: GitLab answered that it made nothing. `absent`: proven never to have arrived.
 * `unknown`: it may have done anything; nothing good is ever concluded from it.
 */
export type Outcome = 'succeeded' | 'failed' | 'canceled' | 'refused' | 'absent' | 'unknown';

export interface Settlement {
  readonly outcome: Outcome;
  readonly at: Instant;
  /** True when the named job was seen to have started; such an attempt may have touched the infrastructure. */
  readonly jobStarted: boolean;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

/** One intent to run a pipeline. It is stored before GitLab is called and carries its id into the pipeline's name. */
export interface Attempt {
  readonly requestId: string;
  readonly direction: Direction;
  /** When the intent was first stored. */
  readonly requestedAt: Instant;
  /** When the latest permission to send was claimed; a sender sends within the send window of it or not at all. */
  readonly lastSendAt: Instant;
  readonly sends: number;
  /** The apply job refuses to start after this. Null for a destroy, which may always run. */
  readonly startBefore: Instant | null;
  readonly cancelRequestedAt: Instant | null;
  readonly lastCancelAt: Instant | null;
  readonly settled: Settlement | null;
}

/** What GitLab answered to a send. Written once per send by whoever sent, guarded by "no pipeline id yet". */
export type Reply =
  | {
      readonly kind: 'created';
      readonly send: number;
      readonly pipelineId: number;
      readonly sha: string;
      readonly webUrl: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'refused';
      readonly send: number;
      readonly reason: string;
      readonly retryable: boolean;
      readonly at: Instant;
    };

/** Every duration of the lifecycle, in one record, fixed for a deployment at its start. Milliseconds. */
export interface Policy {
  readonly pollMs: number;
  readonly livePollMs: number;
  readonly sendWindowMs: number;
  /** After the last send, absence is proven only by a whole list answered at least this much later. */
  readonly absenceProofMs: number;
  readonly startDeadlineMs: number;
  readonly deployDeadlineMs: number;
  readonly cancelDeadlineMs: number;
  readonly destroyDeadlineMs: number;
  readonly liveDeadlineMs: number;
  readonly probeMs: number;
  readonly unhealthyMs: number;
  readonly proofGapMs: number;
  readonly inventoryMs: number;
  readonly attemptWaitsMs: readonly number[];
  readonly maxDestroyAttempts: number;
  readonly quarantineWaitsMs: readonly number[];
  readonly quarantineInventoryMs: number;
  readonly ttlMs: number;
  readonly maxLifetimeMs: number;
  readonly hardEndMarginMs: number;
  readonly clockMarginMs: number;
  readonly hastenAfterMs: number;
  readonly secondDestroyerDelayMs: number;
  readonly secondDestroyerEveryMs: number;
}

/** What we decided. Only decisions raise `version`; each decision writes a fresh `writeId`. */
export interface Deployment {
  /** UUIDv7 of the deployment; the lock's owner. */
  readonly owner: string;
  readonly version: number;
  readonly writeId: string;
  readonly createdAt: Instant;
  readonly goal: Goal;
  readonly policy: Policy;
  readonly hourlyCostUsd: number;
  /** How long it may live once live; at most `policy.maxLifetimeMs`. */
  readonly durationMs: number;
  /** The next nightly slot as of the start: `expiresAt` never lies past it. */
  readonly nightlyAt: Instant | null;
  readonly armedAt: Instant | null;
  /** When everything a demo needs was found to work, after the lock was taken and before anything was asked for. */
  readonly preflightAt: Instant | null;
  /** When the second destroyer was told to run now because GitLab could not be asked. */
  readonly hastenedAt: Instant | null;
  /** Oldest first: every apply, and the latest destroys. At most `MAX_ATTEMPTS`. */
  readonly attempts: readonly Attempt[];
  /** By request id. Never written by a decision. */
  readonly replies: Readonly<Record<string, Reply>>;
  /** Latched: once true, the way ends in destroy. */
  readonly applyMayHaveStarted: boolean;
  readonly liveUrl: string | null;
  readonly liveAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly maxExpiresAt: Instant | null;
  readonly hardEndAt: Instant;
  /** Destroys whose job started. Kept as a number because only the latest attempts are kept as a list. */
  readonly countedDestroys: number;
  readonly nextAttemptAt: Instant | null;
  readonly quarantinedAt: Instant | null;
  /** Destroys since the quarantine began; they alternate between GitLab and the second destroyer. */
  readonly quarantineTries: number;
  /** When it was proven gone; from then on only the end order is left. */
  readonly gone: Proof | null;
  /** SHA-256 of the control token, hex. Null for an adopted orphan, which has no visitor. */
  readonly controlTokenHash: string | null;
  readonly visitorHash: string | null;
}

/** A quarantined deployment is destroyed again every night, so the list of attempts needs a bound. */
export const MAX_ATTEMPTS = 16;

/** Why we may say that nothing is left. `never-built`: no apply was ever sent, or each one was refused. */
export type Proof =
  | { readonly kind: 'never-built'; readonly at: Instant }
  | {
      readonly kind: 'two-empty-readings';
      readonly at: Instant;
      readonly firstAt: Instant;
      readonly secondAt: Instant;
    };

/** The fields that a decision may set, which is all but the identity, the version and the replies. */
export type DecidedFields = Omit<Deployment, 'owner' | 'version' | 'writeId' | 'createdAt' | 'replies'>;
