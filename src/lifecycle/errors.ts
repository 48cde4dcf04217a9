import type { Instant } from './deployment.ts';
import type { ActiveRecord } from './ports.ts';
import type { Tombstone } from './tombstone.ts';

/**
 * Every error of the domain: a stable code and a title that is safe to show to a stranger. What HTTP makes of a
 * code stands in one table beside the routes.
 */
export const DEMO_ERRORS = Object.freeze({
  ALREADY_RUNNING: 'A demo is already running',
  NOT_FOUND: 'There is no such deployment',
  NO_PIPELINE: 'There is no pipeline yet',
  UNKNOWN_JOB: 'There is no such job',
  NO_REPLAY: 'There is no replay of that deployment',
  BAD_CURSOR: 'The cursor is not one of ours',
  IDEMPOTENCY_MISMATCH: 'The Idempotency-Key was used with another body',
  IDEMPOTENCY_KEY_INVALID: 'The Idempotency-Key is not usable',
  TOKEN_MISSING: 'A token is needed',
  TOKEN_FOREIGN: 'The token does not belong to this deployment',
  PRECONDITION_NEEDED: 'If-Match is needed on the alias',
  PRECONDITION_FAILED: 'The deployment has changed since',
  NOTHING_TO_DESTROY: 'There is nothing to destroy',
  NOT_EXTENDABLE: 'Only a live demo can be given another end',
  EXPIRY_OUT_OF_RANGE: 'That end is not possible',
  DURATION_OUT_OF_RANGE: 'That duration is not possible',
  NIGHTLY_WINDOW: 'Too close to the nightly clean-up',
  PAUSED: 'Demos are paused by the owner',
  BUDGET_SPENT: 'The budget of this month is used up',
  PREFLIGHT_FAILED: 'Something a demo needs does not work, so nothing was built',
  QUOTA_EXCEEDED: 'No more demos today',
  OWNER_NEEDED: 'Only the owner may do that',
  ARM_FAILED: 'The safety net could not be set up, so nothing was built',
  CONFLICT: 'Too much happened at once; please try again',
  STORE_UNAVAILABLE: 'The store cannot be reached',
  PIPELINES_UNAVAILABLE: 'GitLab cannot be reached',
  OUTPUTS_INVALID: 'The pipeline named a link that is not allowed',
  SECOND_DESTROYER_UNAVAILABLE: 'The second destroyer cannot be reached',
  SECRETS_UNAVAILABLE: 'A secret that is needed cannot be read',
  SHUTTING_DOWN: 'The server is going down',
});

export type DemoErrorCode = keyof typeof DEMO_ERRORS;

export interface DemoErrorData {
  /** Safe to show: a rule or a time, never a value that came from outside. */
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
  readonly holder?: ActiveRecord;
  readonly tombstone?: Tombstone;
  readonly until?: Instant;
  /** Which input was at fault. */
  readonly field?: string;
  readonly cause?: unknown;
}

export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: DemoErrorCode;
  readonly data: DemoErrorData;

  constructor(code: DemoErrorCode, data: DemoErrorData = {}) {
    super(DEMO_ERRORS[code], data.cause === undefined ? undefined : { cause: data.cause });
    this.code = code;
    this.data = data;
  }
}

/** True for a domain error, of that code if one is given. */
export const isDemoError = (error: unknown, code?: DemoErrorCode): error is DemoError =>
  error instanceof DemoError && (code === undefined || error.code === code);
