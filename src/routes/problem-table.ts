import { DEMO_ERRORS, type DemoErrorCode } from '../lifecycle/errors.ts';

/** What only HTTP knows: refusals that never reach the lifecycle. Titles are safe to show to a stranger. */
const HTTP_TITLES = Object.freeze({
  REQUEST_INVALID: 'The request is not usable',
  VALIDATION_FAILED: 'The request does not fit its schema',
  BODY_INVALID: 'The body is not valid JSON',
  URL_INVALID: 'The URL is not valid',
  ORIGIN_REFUSED: 'This origin may not change anything',
  ROUTE_NOT_FOUND: 'There is nothing at this address',
  METHOD_NOT_ALLOWED: 'This address does not take this method',
  REQUEST_TIMEOUT: 'The request took too long to arrive',
  BODY_TOO_LARGE: 'The body is too large',
  URL_TOO_LONG: 'The URL is too long',
  UNSUPPORTED_MEDIA_TYPE: 'The body must be JSON and say so',
  RATE_LIMITED: 'Too many requests',
  HEADERS_TOO_LARGE: 'The headers are too large',
  INTERNAL: 'Something went wrong on our side',
  TIMEOUT: 'The answer took too long',
  OVERLOADED: 'Too many are watching at this moment',
});

export type ProblemCode = DemoErrorCode | keyof typeof HTTP_TITLES;

const TITLES: Readonly<Record<ProblemCode, string>> = Object.freeze({ ...DEMO_ERRORS, ...HTTP_TITLES });

/** The one table from a code to a status: a code without a row does not compile. */
const STATUSES: Readonly<Record<ProblemCode, number>> = Object.freeze({
  REQUEST_INVALID: 400,
  VALIDATION_FAILED: 400,
  BODY_INVALID: 400,
  URL_INVALID: 400,
  BAD_CURSOR: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  TOKEN_MISSING: 401,
  TOKEN_FOREIGN: 403,
  OWNER_NEEDED: 403,
  ORIGIN_REFUSED: 403,
  ROUTE_NOT_FOUND: 404,
  NOT_FOUND: 404,
  NO_PIPELINE: 404,
  UNKNOWN_JOB: 404,
  NO_REPLAY: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  ALREADY_RUNNING: 409,
  NOTHING_TO_DESTROY: 409,
  NOT_EXTENDABLE: 409,
  PRECONDITION_FAILED: 412,
  BODY_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  EXPIRY_OUT_OF_RANGE: 422,
  DURATION_OUT_OF_RANGE: 422,
  PRECONDITION_NEEDED: 428,
  QUOTA_EXCEEDED: 429,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  // The link came from our own pipeline, so no client can be blamed for it.
  OUTPUTS_INVALID: 500,
  PAUSED: 503,
  BUDGET_SPENT: 503,
  PREFLIGHT_FAILED: 503,
  NIGHTLY_WINDOW: 503,
  ARM_FAILED: 503,
  // A 409 says "something runs, join it"; this one says "the same request will do in a moment".
  CONFLICT: 503,
  STORE_UNAVAILABLE: 503,
  PIPELINES_UNAVAILABLE: 503,
  SECOND_DESTROYER_UNAVAILABLE: 503,
  SECRETS_UNAVAILABLE: 503,
  SHUTTING_DOWN: 503,
  TIMEOUT: 503,
  OVERLOADED: 503,
});

/** What a 503 asks for when the error does not know better: long enough not to hammer, short enough not to bore. */
const DEFAULT_RETRY_AFTER_SECONDS: Readonly<Partial<Record<ProblemCode, number>>> = Object.freeze({
  PAUSED: 3600,
  BUDGET_SPENT: 3600,
  PREFLIGHT_FAILED: 60,
  NIGHTLY_WINDOW: 600,
  ARM_FAILED: 60,
  CONFLICT: 1,
  STORE_UNAVAILABLE: 5,
  PIPELINES_UNAVAILABLE: 30,
  SECOND_DESTROYER_UNAVAILABLE: 60,
  SECRETS_UNAVAILABLE: 30,
  SHUTTING_DOWN: 5,
  TIMEOUT: 5,
  OVERLOADED: 5,
});

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Null when waiting does not help. */
  readonly retryAfterSeconds: number | null;
}

/** The status, the title and the usual wait of a code. */
export const problemKind = (code: ProblemCode): ProblemKind => ({
  status: STATUSES[code],
  title: TITLES[code],
  retryAfterSeconds: DEFAULT_RETRY_AFTER_SECONDS[code] ?? null,
});

/** Every code there is, in the order of the table. */
export const PROBLEM_CODES: readonly ProblemCode[] = Object.freeze(Object.keys(STATUSES) as ProblemCode[]);

/** `ALREADY_RUNNING` → `already-running`: the last segment of the problem's `type`, stable for ever. */
export const problemSlug = (code: ProblemCode): string => code.toLowerCase().replaceAll('_', '-');

/** The code of such a last segment, or null for anything else. */
export const codeOfSlug = (slug: string): ProblemCode | null =>
  PROBLEM_CODES.find((code) => problemSlug(code) === slug) ?? null;
