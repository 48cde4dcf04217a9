import type { FastifyError } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import { HttpError } from './http-error.ts';
import type { FieldError, ProblemFacts } from './problem.ts';
import { type ProblemCode, problemKind, problemSlug } from './problem-table.ts';

/** Fastify's own errors that a client can cause, by their stable codes (fastify/lib/errors.js of 5.12). */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = Object.freeze({
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BODY_INVALID',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BODY_INVALID',
  FST_ERR_BAD_URL: 'URL_INVALID',
  FST_ERR_MAX_PARAM_LENGTH: 'URL_TOO_LONG',
  FST_ERR_NOT_FOUND: 'ROUTE_NOT_FOUND',
  FST_ERR_HANDLER_TIMEOUT: 'TIMEOUT',
});

/** Names out of a request are repeated to whoever sent them, so they need an end. */
const LONGEST_FIELD = 100;

const fieldOf = (issue: NonNullable<FastifyError['validation']>[number], context: string | undefined): string => {
  const extra = issue.params.additionalProperty ?? issue.params.missingProperty;
  const path = [...issue.instancePath.split('/').slice(1), ...(typeof extra === 'string' ? [extra] : [])];
  return (path.join('.') || context || 'request').slice(0, LONGEST_FIELD);
};

const validationErrors = (error: FastifyError): readonly FieldError[] =>
  (error.validation ?? []).map((issue) => ({
    field: fieldOf(issue, error.validationContext),
    rule: issue.keyword,
    message: issue.message ?? 'is not valid',
  }));

const demoFacts = ({ code, data }: DemoError): ProblemFacts => {
  // What is our own fault is logged and said in general words only.
  if (problemKind(code).status === 500) return { code: 'INTERNAL' };
  const { field, detail, until, retryAfterSeconds } = data;
  const errors =
    field === undefined ? undefined : [{ field, rule: problemSlug(code), message: detail ?? problemKind(code).title }];
  return { code, detail, errors, until, retryAfterSeconds };
};

const fastifyFacts = (error: FastifyError): ProblemFacts => {
  if (error.validation !== undefined) return { code: 'VALIDATION_FAILED', errors: validationErrors(error) };
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return { code };
  const isClientsFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return { code: isClientsFault ? 'REQUEST_INVALID' : 'INTERNAL' };
};

/** What a thrown value means for the one who asked. Anything unknown is INTERNAL and says nothing. */
export const factsOfError = (error: unknown): ProblemFacts => {
  if (error instanceof DemoError) return demoFacts(error);
  if (error instanceof HttpError) return { code: error.code, ...error.data };
  if (error instanceof Error) return fastifyFacts(error as FastifyError);
  return { code: 'INTERNAL' };
};
