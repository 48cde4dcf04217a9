import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobRecord, PipelineRecord, World } from '../world.ts';
import { sendMessage } from './api-errors.ts';
import { pathParameter } from './query.ts';

/**
 * The pipeline a path names; sends the 404 and answers null if there is none, or if the fault `not-found` pretends
 * that somebody deleted it.
 */
export function findPipeline(world: World, request: FastifyRequest, reply: FastifyReply): PipelineRecord | null {
  const pipeline = world.pipelines.get(Number(pathParameter(request, 'pipeline_id')));
  if (pipeline && !isDeleted(world, pipeline, request)) return pipeline;
  sendMessage(reply, 404, '404 Not found');
  return null;
}

/** The job a path names; sends the 404 and answers null if there is none or its pipeline counts as deleted. */
export function findJob(world: World, request: FastifyRequest, reply: FastifyReply): JobRecord | null {
  const job = world.jobs.get(Number(pathParameter(request, 'job_id')));
  const pipeline = job && world.pipelines.get(job.pipelineId);
  if (job && pipeline && !isDeleted(world, pipeline, request)) return job;
  sendMessage(reply, 404, '404 Not found');
  return null;
}

/** Whether a pipeline counts as deleted for this request. */
export function isDeleted(world: World, pipeline: PipelineRecord, request: FastifyRequest): boolean {
  const { deployment_id, action } = pipeline.inputs;
  const context = { deployment_id, action, pipeline_id: pipeline.id, method: request.method, path: request.url };
  return world.faults.take('not-found', context) !== undefined;
}
