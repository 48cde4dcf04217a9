import type { Policy } from '../../src/lifecycle/deployment.ts';

/** Requests that a task makes, by the name of the port's method. Each can be lost, or be where its task dies. */
export const STORE_WRITES = [
  'acquire',
  'archive',
  'release',
  'decide',
  'claimLook',
  'storeLook',
  'recordReply',
  'claim',
  'note',
  'remove',
  'claimSlot',
  'completeSlot',
  'take',
  'giveBack',
] as const;
export const STORE_READS = [
  'active',
  'tombstone',
  'ledger',
  'find',
  'list-letters',
  'lastCompleted',
  'switch',
  'countOf',
] as const;
export const GITLAB_REQUESTS = ['create', 'list', 'read', 'cancel', 'liveUrl'] as const;
export const NET_REQUESTS = ['arm', 'disarm', 'hasten', 'list-armed'] as const;
export const LOOK_REQUESTS = ['probe', 'inventory', 'sweep', 'preflight'] as const;
export const REQUESTS = [
  ...STORE_WRITES,
  ...STORE_READS,
  ...GITLAB_REQUESTS,
  ...NET_REQUESTS,
  ...LOOK_REQUESTS,
] as const;
export type RequestName = (typeof REQUESTS)[number];

/** What can be out of order for a while. */
export const OUTAGES = [
  'store',
  'gitlab',
  'gitlab-slow',
  'gitlab-hangs',
  'gitlab-crawls',
  'second-destroyer',
  'second-destroyer-builds',
  'inventory-unknown',
  'inventory-lags',
  'probe-absent',
  'probe-unknown',
  'runners',
  'odd-statuses',
] as const;
export type Outage = (typeof OUTAGES)[number];

/** How a pipeline's job behaves that is out of the ordinary. */
export interface Behaviour {
  readonly direction: 'apply' | 'destroy';
  /** The how many-th pipeline of that direction. */
  readonly nth: number;
  readonly startDelayMs?: number;
  readonly durationMs?: number;
  /** `hangs`: until its job's timeout; `green-over-live`: succeeds and removes nothing. */
  readonly end?: 'fails' | 'hangs' | 'green-over-live';
  readonly ignoresCancel?: boolean;
  /** After its pipeline has ended its process goes on for so long. */
  readonly zombieMs?: number;
  /** Killed, it leaves the state locked by nobody. */
  readonly leavesLock?: boolean;
  /** GitLab itself cancels it a while after it was made. */
  readonly autoCancelMs?: number;
  readonly foreignLink?: boolean;
  /** GitLab does not know it for so long after it was made. */
  readonly hiddenMs?: number;
  /** Somebody runs it again by hand so long after its end. */
  readonly retriedAfterMs?: number;
  /** How long that one takes; it goes on when it is cancelled if the first one would have. */
  readonly retriedDurationMs?: number;
}

export type Incident =
  | { readonly kind: 'press'; readonly at: number; readonly task: number; readonly key: number | null }
  | { readonly kind: 'teardown'; readonly at: number; readonly task: number }
  | { readonly kind: 'extend'; readonly at: number; readonly task: number; readonly byMs: number }
  | { readonly kind: 'crash'; readonly at: number; readonly task: number; readonly downMs: number }
  | { readonly kind: 'pause'; readonly at: number; readonly task: number; readonly ms: number }
  | {
      /** Where the n-th request of that name is about to be sent, was carried out, or was answered. */
      readonly kind: 'crash-in' | 'pause-in';
      readonly request: RequestName;
      readonly nth: number;
      readonly when: 'before' | 'after';
      readonly ms: number;
    }
  | {
      readonly kind: 'lose';
      readonly request: RequestName;
      readonly nth: number;
      /**
       * `late`: its sender has given it up when it is carried out. `twice`: it is carried out two times, in `twice-late`
       * the second time a while after it was answered.
       */
      readonly what: 'request' | 'reply' | 'late' | 'twice' | 'twice-late';
    }
  /** GitLab answers the n-th request for a pipeline that it makes none. `ofTwo`: that one of two; it makes the other. */
  | { readonly kind: 'refuse'; readonly nth: number; readonly retryable: boolean; readonly ofTwo: boolean }
  | { readonly kind: 'outage'; readonly of: Outage; readonly at: number; readonly ms: number }
  | ({ readonly kind: 'behaviour' } & Behaviour)
  | {
      /** What the n-th deployment builds is harder to remove than it should be. */
      readonly kind: 'leftovers';
      readonly nth: number;
      readonly survives: number;
      readonly deletingMs: number;
    }
  | { readonly kind: 'hand-retry' | 'auto-stop' | 'foreign' | 'orphan'; readonly at: number }
  /** GitLab does not know its latest pipeline for so long, whatever that does meanwhile. */
  | { readonly kind: 'hide'; readonly at: number; readonly ms: number }
  /** The n-th reading of the inventory shows nothing, whatever there is. */
  | { readonly kind: 'blind'; readonly nth: number }
  /** Every task ends and none comes back for so long. */
  | { readonly kind: 'dark'; readonly at: number; readonly ms: number };

/** A whole history of trouble, made from a seed. Every part of it can be left out and the rest still plays. */
export interface Plan {
  readonly seed: number;
  readonly policy: Policy;
  readonly tasks: number;
  /** How far each task's clock is off, in milliseconds. */
  readonly skewsMs: readonly number[];
  readonly incidents: readonly Incident[];
}

export const START_AT = Date.parse('2026-11-20T09:00:00Z');
