import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Metrics } from '../metrics.ts';
import { type OwnerCredentials, requireOwner } from './owner.ts';
import { problems } from './schemas/problem.ts';

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  readonly credentials: OwnerCredentials;
}

const MS_PER_SECOND = 1000;

/** Counts every answered request. Call it before any route is added. */
export const countRequests = (app: FastifyInstance, metrics: Pick<Metrics, 'countRequest'>): void => {
  app.addHook('onResponse', (request, reply, done) => {
    const isHeld = reply.hasHeader('Preference-Applied');
    metrics.countRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      durationSeconds: isHeld ? null : reply.elapsedTime / MS_PER_SECOND,
    });
    done();
  });
};

/** GET /metrics: how things go, for the owner's Prometheus. */
export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsRouteOptions> = async (app, { metrics, credentials }) => {
  app.route({
    method: 'GET',
    url: '/metrics',
    onRequest: async (request) => requireOwner(credentials, request),
    schema: {
      operationId: 'metrics',
      summary: 'Figures in the text format of Prometheus, for the owner',
      tags: ['operations'],
      security: [{ bearer: [] }],
      response: {
        200: { description: 'All figures', content: { 'text/plain': { schema: Type.String() } } },
        ...problems(401, 403),
      },
    },
    handler: async (_request, reply) => {
      const text = await metrics.text();
      return reply.header('Cache-Control', 'no-store').type(metrics.contentType).send(text);
    },
  });
};
