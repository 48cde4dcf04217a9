/**
 * The names of the one table: its key, its index and the attribute by which DynamoDB forgets. The platform's
 * Terraform and the local table are both made from these.
 */
export const TABLE_SCHEMA = Object.freeze({
  /** Hash key, a string; there is no range key. */
  key: 'deployment_id',
  /** Sparse: only the items of the lists carry its hash attribute. */
  listingIndex: 'listing',
  listed: 'listed',
  listedAt: 'listed_at',
  /**
   * The time-to-live attribute. Only replies to repeated requests, the claims of cron slots, the counts of a day and
   * logs carry it: an item that stands for infrastructure, for a trouble, for the past or for the owner's will must
   * never vanish by itself.
   */
  expires: 'expires_epoch_seconds',
});

/** The item that is the lock and the record of the one running deployment. */
export const ACTIVE_KEY = 'ACTIVE';

/** The item of the owner's pause switch. */
export const SWITCH_KEY = 'switch';

/** The item of the one run that can be watched again. */
export const RECORDING_KEY = 'replay';

export type Listed = 'history' | 'dead';

/** Sorts by time, then by id: an ISO instant has a fixed width until the year 10000. */
export const listedAt = (at: number, id: string): string => `${new Date(at).toISOString()}#${id}`;

export const idempotencyKey = (key: string): string => `idem#${key}`;

export const deadLetterKey = (id: string): string => `dead#${id}`;

export const lastCompletedKey = (job: string): string => `cron#${job}`;

/** Its own prefix, so that no claim of a slot, which expires, can ever meet the item of a job, which does not. */
export const slotKey = (key: string): string => `cron#slot#${key}`;

/** `day` is a UTC day such as `2026-11-25`. */
export const quotaKey = (day: string): string => `quota#${day}`;

/** A part of a job's log. */
export const logKey = (deploymentId: string, jobId: number, index: number): string =>
  `log#${deploymentId}#${jobId}#${index}`;

/** Which parts of a deployment's logs have been booked. */
export const logBookingsKey = (deploymentId: string): string => `log#${deploymentId}`;

/** An id may name a history item only if it cannot name any other item. */
export const isHistoryKey = (id: string): boolean =>
  id !== '' && id !== ACTIVE_KEY && id !== SWITCH_KEY && id !== RECORDING_KEY && !id.includes('#');

/** DynamoDB counts in whole seconds; rounded up, so that nothing goes before its time. */
export const expirySeconds = (expiresAt: number): number => Math.ceil(expiresAt / 1000);
