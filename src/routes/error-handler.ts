import type { FastifyReply, FastifyRequest } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import type { Views } from '../lifecycle/requests.ts';
import { factsOfError } from './error-facts.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemFacts, problemBody, problemHeaders } from './problem.ts';
import { problemKind } from './problem-table.ts';
import { announcesBody } from './request-body.ts';
import { deploymentJson } from './view-json.ts';

export interface ErrorHandlerOptions {
  readonly views: Views;
  readonly publicUrl: string;
  /** Set here too, because Fastify runs no hooks for a URL that it cannot parse. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The state that a refusal is about, so that a visitor can join what runs; without it the refusal stands alone. */
const stateOf = async (
  error: unknown,
  views: Views,
): Promise<Pick<ProblemFacts, 'deployment' | 'retryAfterSeconds'>> => {
  if (!(error instanceof DemoError)) return {};
  const { holder, tombstone } = error.data;
  // A store that fails on the way to the details must not turn the refusal itself into something else.
  if (tombstone !== undefined) {
    const view = await views.ofTombstone(tombstone).catch(() => null);
    return view === null ? {} : { deployment: deploymentJson(view) };
  }
  if (holder === undefined) return {};
  const view = await views.ofRecord(holder).catch(() => null);
  if (view === null) return {};
  return {
    deployment: deploymentJson(view),
    retryAfterSeconds: error.data.retryAfterSeconds ?? view.retryAfterSeconds ?? undefined,
  };
};

/** A 409 for a running demo must say when to come back even if the view could not be made. */
const RUNNING_RETRY_SECONDS = 60;

/** Makes the one error handler: every error leaves as a problem, and what is our own fault is logged here, once. */
export const createErrorHandler =
  ({ views, publicUrl, headers }: ErrorHandlerOptions) =>
  async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // Without a body there is nothing to come, though Node says so only when it has called us.
    const isIncomplete = announcesBody(request) && !request.raw.complete;
    const told = factsOfError(error);
    // A handler that only waited for the rest of the body is not what was slow.
    const known: ProblemFacts = told.code === 'TIMEOUT' && isIncomplete ? { code: 'REQUEST_TIMEOUT' } : told;
    const wait = known.code === 'ALREADY_RUNNING' ? { retryAfterSeconds: RUNNING_RETRY_SECONDS } : {};
    const facts: ProblemFacts = { ...known, ...wait, ...(await stateOf(error, views)) };
    const { status } = problemKind(facts.code);
    if (status === 500) request.log.error({ err: error }, 'request.failed');
    // A flood must not be written down request by request; it is counted.
    else if (status === 503 && facts.code !== 'OVERLOADED') request.log.warn({ err: error }, 'request.unavailable');
    // The rest of a body that nobody reads would otherwise hold the connection open.
    if (isIncomplete) reply.header('Connection', 'close');
    return reply
      .code(status)
      .headers({ ...headers, 'X-Request-Id': request.id, ...problemHeaders(facts) })
      .type(PROBLEM_MEDIA_TYPE)
      .send(problemBody(facts, publicUrl, request.url, request.id));
  };
