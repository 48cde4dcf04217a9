import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Views } from '../lifecycle/requests.ts';
import { pipelineJson } from './pipeline-json.ts';
import { DeploymentParams } from './schemas/fields.ts';
import { PipelineSchema } from './schemas/pipeline.ts';
import { problems } from './schemas/problem.ts';
import { targetOf } from './targets.ts';

export interface PipelineRouteOptions {
  readonly views: Views;
  /** Whether the owner lets strangers see the pipeline at GitLab. */
  readonly showPipelineLink: boolean;
}

/** GET /v1/deployments/:id/pipeline: the pipeline as GitLab sees it, or the last known answer. */
export const pipelineRoutes: FastifyPluginAsyncTypebox<PipelineRouteOptions> = async (app, options) => {
  app.route({
    method: 'GET',
    url: '/v1/deployments/:id/pipeline',
    schema: {
      operationId: 'getPipeline',
      summary: 'The pipeline that builds or destroys it',
      tags: ['deployments'],
      params: DeploymentParams,
      response: { 200: { ...PipelineSchema, description: 'The latest observation of it' }, ...problems(404) },
    },
    handler: async (request, reply) => {
      const view = await options.views.pipeline(targetOf(request.params.id));
      reply.header('Cache-Control', 'no-cache');
      return pipelineJson(view, options.showPipelineLink);
    },
  });
};
