import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import type { ActiveRecord, Clock } from '../lifecycle/ports.ts';
import type { Requests, TornDown, Views } from '../lifecycle/requests.ts';
import { activeView, type PublicView } from '../lifecycle/view.ts';
import { bearerOf } from './bearer.ts';
import { etagOf, namesTag } from './etag.ts';
import { requireMediaType } from './media-types.ts';
import { ChangeHeaders, ExtensionBody } from './schemas/change.ts';
import { DeploymentReference } from './schemas/deployment.ts';
import { DeploymentParams } from './schemas/fields.ts';
import { problems } from './schemas/problem.ts';
import { targetOf } from './targets.ts';
import { deploymentJson } from './view-json.ts';

export interface ChangeRouteOptions {
  readonly requests: Requests;
  readonly views: Views;
  readonly clock: Clock;
}

/** The tag leaves out whatever a forecast says, so a precondition needs none. */
const NO_FORECAST = { totalsSeconds: [], stageSeconds: new Map<string, number>() };

const preconditionOf = (ifMatch: string | undefined, clock: Clock): ((record: ActiveRecord) => boolean) | null =>
  ifMatch === undefined ? null : (record) => namesTag(ifMatch, etagOf(activeView(record, NO_FORECAST, clock.now())));

const viewAfter = (views: Views, tornDown: TornDown): Promise<PublicView> =>
  tornDown.kind === 'accepted' ? views.ofRecord(tornDown.record) : views.ofTombstone(tornDown.tombstone);

/** Before the body is looked at: what is wrong with it is no business of a stranger's. */
const requireBearer = async (request: FastifyRequest): Promise<void> => {
  if (bearerOf(request.headers.authorization) === null) throw new DemoError('TOKEN_MISSING');
};

/** What both routes say in the published document. */
const SHARED = {
  tags: ['deployments'],
  params: DeploymentParams,
  headers: ChangeHeaders,
  security: [{ bearer: [] }],
};

/** DELETE and PATCH /v1/deployments/:id: for the starter of a deployment and for the owner. */
export const changeRoutes: FastifyPluginAsyncTypebox<ChangeRouteOptions> = async (app, { requests, views, clock }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/deployments/:id',
    onRequest: requireBearer,
    schema: {
      ...SHARED,
      operationId: 'destroyDeployment',
      summary: 'Ask for the teardown',
      response: {
        200: { ...DeploymentReference, description: 'It was gone already; this is its receipt' },
        202: { ...DeploymentReference, description: 'It is going down' },
        ...problems(401, 403, 404, 409, 412, 413, 415, 428),
      },
    },
    handler: async (request, reply) => {
      const tornDown = await requests.teardown({
        target: targetOf(request.params.id),
        bearer: bearerOf(request.headers.authorization),
        precondition: preconditionOf(request.headers['if-match'], clock),
      });
      const view = await viewAfter(views, tornDown);
      return reply
        .code(tornDown.kind === 'accepted' ? 202 : 200)
        .headers({ ETag: etagOf(view), 'Cache-Control': 'no-store' })
        .send(deploymentJson(view));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/deployments/:id',
    onRequest: [requireBearer, requireMediaType('Accept-Patch', ['application/json', 'application/merge-patch+json'])],
    schema: {
      ...SHARED,
      operationId: 'extendDeployment',
      summary: 'Give a live demo another end',
      consumes: ['application/json', 'application/merge-patch+json'],
      body: ExtensionBody,
      response: {
        200: { ...DeploymentReference, description: 'It has the new end' },
        ...problems(401, 403, 404, 409, 412, 413, 415, 422, 428),
      },
    },
    handler: async (request, reply) => {
      const record = await requests.extend({
        target: targetOf(request.params.id),
        bearer: bearerOf(request.headers.authorization),
        precondition: preconditionOf(request.headers['if-match'], clock),
        expiresAt: Date.parse(request.body.expires_at),
      });
      const view = await views.ofRecord(record);
      return reply.headers({ ETag: etagOf(view), 'Cache-Control': 'no-store' }).send(deploymentJson(view));
    },
  });
};
