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
