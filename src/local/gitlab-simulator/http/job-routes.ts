import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { textParameter } from '../fault-store.ts';
import { cancel, enqueue } from '../job-lifecycle.ts';
import { faultContextOf, liveUrlOf } from '../job-script.ts';
import { isRetryable, retryJob } from '../pipeline-actions.ts';
import { type JobRecord, pipelineOf, type World } from '../world.ts';
import { sendMessage, sendParameterError } from './api-errors.ts';
import { hasOutputs, jobBasicView, jobView } from './job-view.ts';
import { findJob } from './lookups.ts';
import { bodyOf, pathParameter, queryOf } from './query.ts';

/** The largest `byte_limit` GitLab accepts (lib/api/ci/jobs.rb). */
const MAX_BYTE_LIMIT = 512_000;

/** Gives the bytes of a job's log that exist by now. */
export type ReadTrace = (job: JobRecord, classic: boolean) => Buffer;

export interface JobRouteOptions {
  readonly readTrace: ReadTrace;
  /** An origin that serves artifacts and refuses every request that carries credentials. */
  readonly artifactOrigin: () => string;
}

function sendTrace(
  world: World,
  job: JobRecord,
  options: JobRouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const query = queryOf(request);
  const offset = Number(query.byte_offset ?? '0');
  const limit = Number(query.byte_limit ?? Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(offset) || offset < 0)
    return sendParameterError(reply, 'byte_offset does not have a valid value');
  const limited = query.byte_limit !== undefined;
  if (!Number.isInteger(limit) || limit < 1 || (limited && limit > MAX_BYTE_LIMIT)) {
    return sendParameterError(reply, 'byte_limit does not have a valid value');
  }
  const context = faultContextOf(world, job);
  const trace = options.readTrace(job, world.faults.peek('trace-classic', context) !== undefined);
  const whole = world.faults.take('trace-ignores-ranges', context) !== undefined;
  return reply
    .type('text/plain; charset=utf-8')
    .header('content-disposition', `infile; filename="${job.id}.log"`)
    .send(whole ? trace : trace.subarray(offset, offset + limit));
}

/** The text of outputs.json as the apply job wrote it, or as a fault has it. */
export function outputsOf(world: World, job: JobRecord): string {
  const context = faultContextOf(world, job);
  if (world.faults.take('artifact-malformed', context)) return '{"url": ';
  const { deployment_id } = pipelineOf(world, job).inputs;
  const foreign = world.faults.take('artifact-foreign-url', context);
  const ownUrl = liveUrlOf(world, deployment_id);
  const url = foreign ? textParameter(foreign, 'url', 'https://example.com/') : ownUrl;
  return `${JSON.stringify({ url, deployment_id })}\n`;
}

function sendArtifact(
  world: World,
  job: JobRecord,
  options: JobRouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const context = faultContextOf(world, job);
  const exists = hasOutputs(job) && pathParameter(request, '*') === 'outputs.json';
  if (!exists || world.faults.take('artifact-missing', context)) return sendMessage(reply, 404, '404 Not found');
  if (world.faults.take('artifact-redirect', context)) {
    return reply.redirect(`${options.artifactOrigin()}/artifacts/${job.id}/outputs.json`, 302);
  }
  return reply.type('application/json').send(outputsOf(world, job));
}

/** The jobs of the project, their logs and artifacts (doc/api/jobs.md, doc/api/job_artifacts.md). */
export function registerJobRoutes(app: FastifyInstance, world: World, options: JobRouteOptions): void {
  app.get('/jobs/:job_id', async (request, reply) => {
    const job = findJob(world, request, reply);
    return job ? jobView(world, job) : reply;
  });

  app.get('/jobs/:job_id/trace', async (request, reply) => {
    const job = findJob(world, request, reply);
    return job ? sendTrace(world, job, options, request, reply) : reply;
  });

  app.get('/jobs/:job_id/artifacts/*', async (request, reply) => {
    const job = findJob(world, request, reply);
    return job ? sendArtifact(world, job, options, request, reply) : reply;
  });

  app.post('/jobs/:job_id/cancel', async (request, reply) => {
    const job = findJob(world, request, reply);
    if (!job) return reply;
    cancel(world, job, world.time, bodyOf(request).force === true);
    return reply.code(201).send(jobView(world, job));
  });

  app.post('/jobs/:job_id/retry', async (request, reply) => {
    const job = findJob(world, request, reply);
    if (!job) return reply;
    if (!isRetryable(world, job)) return sendMessage(reply, 403, '403 Forbidden - Job is not retryable');
    return reply.code(201).send(jobView(world, retryJob(world, job, world.time)));
  });

  app.post('/jobs/:job_id/play', async (request, reply) => {
    const job = findJob(world, request, reply);
    if (!job) return reply;
    if (job.status !== 'manual') return sendMessage(reply, 400, '400 Bad request - Unplayable Job');
    enqueue(world, job, world.time);
    return jobBasicView(world, job);
  });
}
