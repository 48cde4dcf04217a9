import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { DemoError } from '../lifecycle/errors.ts';
import type { Target, Views } from '../lifecycle/requests.ts';
import type { PublicView } from '../lifecycle/view.ts';
import { etagOf, namesTag } from './etag.ts';
import { DeploymentReference } from './schemas/deployment.ts';
import { DeploymentParams } from './schemas/fields.ts';
import { problems } from './schemas/problem.ts';
import { targetOf } from './targets.ts';
import { deploymentJson } from './view-json.ts';

export interface ViewRouteOptions {
  readonly views: Views;
}

const ViewHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The ETag of the view you have' })),
});

const viewOf = async (views: Views, target: Target): Promise<PublicView> => {
  const view = await views.view(target);
  if (view === null) throw new DemoError('NOT_FOUND');
  return view;
};

/** GET /v1/deployments/:id: the public view, by id or by the alias `current`. */
export const viewRoutes: FastifyPluginAsyncTypebox<ViewRouteOptions> = async (app, { views }) => {
  app.route({
    method: 'GET',
    url: '/v1/deployments/:id',
    schema: {
      operationId: 'getDeployment',
      summary: 'The public view of a deployment',
      tags: ['deployments'],
      params: DeploymentParams,
      headers: ViewHeaders,
      response: {
        200: { ...DeploymentReference, headers: { ETag: { type: 'string', description: 'Weak' } } },
        304: Type.Null({ description: 'Nothing has changed but what follows from the clock' }),
        ...problems(404),
      },
    },
    handler: async (request, reply) => {
      const view = await viewOf(views, targetOf(request.params.id));
      const etag = etagOf(view);
      const seen = request.headers['if-none-match'];
      reply.headers({ ETag: etag, 'Cache-Control': 'no-cache' });
      if (seen !== undefined && namesTag(seen, etag)) return reply.code(304).send(null);
      return deploymentJson(view);
    },
  });
};
