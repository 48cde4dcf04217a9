import type { FastifyInstance } from 'fastify';
import { STATUSES } from '../composite-status.ts';
import { cancelPipeline, retryPipeline } from '../pipeline-actions.ts';
import { jobsOfPipeline, type World } from '../world.ts';
import { sendParameterError } from './api-errors.ts';
import { createPipelineRoute } from './create-route.ts';
import { jobView } from './job-view.ts';
import { listPipelinesRoute } from './list-pipelines.ts';
import { findPipeline } from './lookups.ts';
import { sendPage } from './pagination.ts';
import { queryList, queryOf } from './query.ts';
import { namedPipelineView, pipelineView } from './views.ts';

/** The pipelines of the project (doc/api/pipelines.md). */
export function registerPipelineRoutes(app: FastifyInstance, world: World): void {
  app.post('/pipeline', async (request, reply) => createPipelineRoute(world, request, reply));

  app.get('/pipelines', async (request, reply) => listPipelinesRoute(world, request, reply));

  app.get('/pipelines/:pipeline_id', async (request, reply) => {
    const pipeline = findPipeline(world, request, reply);
    return pipeline ? namedPipelineView(world, pipeline) : reply;
  });

  app.get('/pipelines/:pipeline_id/jobs', async (request, reply) => {
    const pipeline = findPipeline(world, request, reply);
    if (!pipeline) return reply;
    const scopes = queryList(request, 'scope');
    if (scopes.some((scope) => !STATUSES.some((status) => status === scope))) {
      return sendParameterError(reply, 'scope does not have a valid value');
    }
    const jobs = jobsOfPipeline(world, pipeline, queryOf(request).include_retried === 'true')
      .filter(({ status }) => scopes.length === 0 || scopes.includes(status))
      .reverse();
    return sendPage(request, reply, jobs, (job) => jobView(world, job));
  });

  app.post('/pipelines/:pipeline_id/cancel', async (request, reply) => {
    const pipeline = findPipeline(world, request, reply);
    if (!pipeline) return reply;
    cancelPipeline(world, pipeline, world.time);
    return pipelineView(world, pipeline);
  });

  app.post('/pipelines/:pipeline_id/retry', async (request, reply) => {
    const pipeline = findPipeline(world, request, reply);
    if (!pipeline) return reply;
    retryPipeline(world, pipeline, world.time);
    return reply.code(201).send(pipelineView(world, pipeline));
  });
}
