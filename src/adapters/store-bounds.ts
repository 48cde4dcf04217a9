/** Limits that every implementation of the stores keeps, whatever it is built on. */

/** How long a replay of a request is recognised: a visitor's retry comes within seconds, a reload within a day. */
export const IDEMPOTENCY_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** More troubles than this at once are one trouble, and `/healthz` stays small. */
export const DEAD_LETTERS_LISTED = 50;

/** An error's text comes from outside; its beginning says what it is, and the item stays small. */
export const LAST_ERROR_BYTES = 1000;

/** A page of the ledger. With two pipelines of at most about 10 KB each it stays near 2 MB. */
export const LEDGER_PAGE_MAX = 100;

/** The reason of a refusal comes from GitLab and is stored in the lock's item, once per request. */
export const REPLY_REASON_BYTES = 300;

/** A link to a pipeline, stored in the lock's item, once per request; a longer one is left out, not halved. */
export const REPLY_LINK_BYTES = 512;

/**
 * Starts that are counted in a UTC day even where no limit is set. All starts of a day stand in one item of about
 * 130 bytes for each, and an item may have 400 KB. The configuration takes no higher limit.
 */
export const QUOTA_STARTS_PER_DAY = 1000;

/** So many hex digits of a visitor's hash tell the few visitors of a day apart, and are all that is kept of them. */
export const QUOTA_VISITOR_DIGITS = 16;

/** How long the count of a day is kept after that day's end, for whoever asks why he was refused. */
export const QUOTA_KEPT_MS = 2 * 24 * 60 * 60 * 1000;

/** Logs outlive the visitor's interest, not the month. */
export const LOG_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Text of a part of a log in UTF-8, a newline per line included; its item stays below 64 KB. */
export const LOG_CHUNK_BYTES = 64_000;

/** Parts of one job's log, so that no job uses up what its run may keep. */
export const LOG_CHUNKS_PER_JOB = 12;

/** Parts of all logs of a run: 2 MB. */
export const LOG_CHUNKS_PER_RUN = 32;
