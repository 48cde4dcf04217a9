import type { Policy } from './lifecycle/deployment.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** One duration in both columns, and why it is there. */
export interface PolicyRow<Value> {
  readonly real: Value;
  readonly local: Value;
  readonly why: string;
}

export type PolicyTable = { readonly [Name in keyof Policy]: PolicyRow<Policy[Name]> };

const row = <Value>(real: Value, local: Value, why: string): PolicyRow<Value> =>
  Object.freeze({ real: Object.freeze(real), local: Object.freeze(local), why });

/** Every duration of the lifecycle, real and local, in milliseconds. The local column plays a whole life in minutes. */
export const POLICY_TABLE: PolicyTable = Object.freeze({
  pollMs: row(5 * SECOND, 1 * SECOND, 'how often GitLab is asked while a pipeline runs'),
  livePollMs: row(60 * SECOND, 5 * SECOND, 'how often it is asked while the demo is live'),
  sendWindowMs: row(5 * SECOND, 2 * SECOND, 'a request is sent this soon after its claim, or not at all'),
  absenceProofMs: row(
    75 * SECOND,
    5 * SECOND,
    'a lost request may still commit for a minute; absence is proven after it',
  ),
  startDeadlineMs: row(10 * MINUTE, 15 * SECOND, 'a pipeline that has not started by then builds nothing any more'),
  deployDeadlineMs: row(45 * MINUTE, 4 * MINUTE, 'a longer deployment is given up and destroyed'),
  cancelDeadlineMs: row(10 * MINUTE, 15 * SECOND, 'a cancelled pipeline that has not ended by then is destroyed over'),
  destroyDeadlineMs: row(40 * MINUTE, 2 * MINUTE, 'a longer destroy is cancelled and tried again'),
  liveDeadlineMs: row(5 * MINUTE, 30 * SECOND, 'the public URL must answer with the id this soon after the pipeline'),
  probeMs: row(30 * SECOND, 3 * SECOND, 'how often the public URL is asked'),
  unhealthyMs: row(10 * MINUTE, 20 * SECOND, 'a demo that stays broken this long is destroyed'),
  proofGapMs: row(5 * MINUTE, 5 * SECOND, 'two empty inventories at least this far apart prove that it is gone'),
  inventoryMs: row(30 * SECOND, 2 * SECOND, 'how often the inventory is read while going down'),
  attemptWaitsMs: row(
    [1 * MINUTE, 5 * MINUTE, 15 * MINUTE],
    [2 * SECOND, 5 * SECOND, 10 * SECOND],
    'the waits between attempts to destroy; the last one repeats',
  ),
  maxDestroyAttempts: row(3, 3, 'destroys that ran without success before the quarantine'),
  quarantineWaitsMs: row(
    [1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR],
    [20 * SECOND, 40 * SECOND, 80 * SECOND, 160 * SECOND, 300 * SECOND],
    'the waits between destroys in quarantine; the last one repeats',
  ),
  quarantineInventoryMs: row(1 * HOUR, 10 * SECOND, 'how often the inventory is read in quarantine'),
  ttlMs: row(60 * MINUTE, 3 * MINUTE, 'how long a demo lives once it is live'),
  maxLifetimeMs: row(240 * MINUTE, 12 * MINUTE, 'how long it can be extended to'),
  hardEndMarginMs: row(30 * MINUTE, 1 * MINUTE, 'what the hard end adds to the deploy deadline and the longest life'),
  clockMarginMs: row(60 * SECOND, 1 * SECOND, 'how far a clock may be off; two of them differ by twice that'),
  hastenAfterMs: row(
    30 * MINUTE,
    1 * MINUTE,
    'GitLab silent for this long on the way down: the second destroyer runs now',
  ),
  secondDestroyerDelayMs: row(2 * HOUR, 2 * MINUTE, 'how long after the hard end the second destroyer first runs'),
  secondDestroyerEveryMs: row(3 * HOUR, 1 * MINUTE, 'how often it runs from then on, until it is disarmed'),
});

const column = (name: 'real' | 'local'): Policy => {
  const entries = Object.entries(POLICY_TABLE).map(([key, entry]) => [key, entry[name]]);
  // The table has exactly the policy's keys, which its type guarantees and `fromEntries` forgets.
  return Object.freeze(Object.fromEntries(entries)) as Policy;
};

/** What a deployment on AWS goes by, unless the configuration says otherwise. */
export const REAL_POLICY: Policy = column('real');

/** The same life on a fast clock, for local mode. */
export const LOCAL_POLICY: Policy = column('local');

/**
 * How long to wait for GitLab's answer when creating a pipeline, in milliseconds. A request leaves within the send
 * window and is given up after this; what it may still do afterwards (GitLab's web workers end a request after 60 s,
 * which the clock margin covers) has happened when absence is proven.
 */
export const createTimeoutMs = (policy: Policy): number =>
  policy.absenceProofMs - policy.sendWindowMs - policy.clockMarginMs;
