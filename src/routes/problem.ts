import type { Instant } from '../lifecycle/deployment.ts';
import { maskSecrets } from '../masking/mask.ts';
import { PROBLEM_DETAILS } from './problem-details.ts';
import { type ProblemCode, problemKind, problemSlug } from './problem-table.ts';
import type { DeploymentJson } from './schemas/deployment.ts';
import type { ProblemJson } from './schemas/problem.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export interface FieldError {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** What is known of a problem before it is written down for one request. */
export interface ProblemFacts {
  readonly code: ProblemCode;
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly until?: Instant | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly deployment?: DeploymentJson | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A path is repeated to whoever sent it, so it needs an end. */
const LONGEST_INSTANCE = 512;

const retryAfterOf = (facts: ProblemFacts): number | null => {
  const seconds = facts.retryAfterSeconds ?? problemKind(facts.code).retryAfterSeconds;
  return seconds === null ? null : Math.max(1, Math.ceil(seconds));
};

/** What is not ours may have come with a secret in it, as the message of a library does that quotes what it could not read. */
const maskedError = (error: FieldError): FieldError => ({
  ...error,
  field: maskSecrets(error.field),
  message: maskSecrets(error.message),
});

/** The body of an error answer, RFC 9457. `url` is the request target; its query is left out, it may hold anything. */
export const problemBody = (facts: ProblemFacts, publicUrl: string, url: string, requestId: string): ProblemJson => {
  const { status, title } = problemKind(facts.code);
  const retryAfterSeconds = retryAfterOf(facts);
  return {
    type: new URL(`/problems/${problemSlug(facts.code)}`, publicUrl).href,
    title,
    status,
    detail: facts.detail === undefined ? PROBLEM_DETAILS[facts.code] : maskSecrets(facts.detail),
    instance: (url.split('?', 1)[0] ?? '/').slice(0, LONGEST_INSTANCE),
    code: facts.code,
    request_id: requestId,
    ...(facts.errors === undefined ? {} : { errors: facts.errors.map(maskedError) }),
    ...(facts.until === undefined ? {} : { until: new Date(facts.until).toISOString() }),
    ...(retryAfterSeconds === null ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(facts.deployment === undefined ? {} : { deployment: facts.deployment }),
  };
};

/** The headers of an error answer: never stored, a wait where waiting helps, a scheme where a token is asked for. */
export const problemHeaders = (facts: ProblemFacts): Readonly<Record<string, string>> => {
  const retryAfterSeconds = retryAfterOf(facts);
  return {
    'Cache-Control': 'no-store',
    ...(retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...(problemKind(facts.code).status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...facts.headers,
  };
};
