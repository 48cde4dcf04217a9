import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Health } from '../health.ts';
import type { Credentials } from '../lifecycle/ports.ts';
import { bearerOf } from './bearer.ts';
import { healthJson } from './health-json.ts';
import { HealthSchema, LivenessSchema, ReadinessSchema } from './schemas/health.ts';
import { problems } from './schemas/problem.ts';

export interface HealthRouteOptions {
  readonly health: Health;
  readonly credentials: Pick<Credentials, 'isOwner'>;
  readonly version: string;
}

/** These answer also while the server is going down: that is when they are asked most. */
export const HEALTH_PATHS: readonly string[] = ['/livez', '/readyz', '/healthz'];

const isOwner = (request: FastifyRequest, credentials: HealthRouteOptions['credentials']): boolean => {
  const token = bearerOf(request.headers.authorization);
  return token !== null && credentials.isOwner(token);
};

/** GET /livez, /readyz and /healthz: from cached results only, so nobody reaches a dependency through them. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthRouteOptions> = async (app, options) => {
  const { health, credentials, version } = options;
  const uncounted = { rateLimit: false as const };

  app.route({
    method: 'GET',
    url: '/livez',
    config: uncounted,
    schema: {
      operationId: 'live',
      summary: 'The process runs',
      tags: ['operations'],
      response: { 200: { ...LivenessSchema, description: 'It runs' } },
    },
    handler: async (_request, reply) => {
      reply.header('Cache-Control', 'no-store');
      return { status: 'ok' as const };
    },
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    config: uncounted,
    schema: {
      operationId: 'ready',
      summary: 'It can serve',
      tags: ['operations'],
      response: {
        200: { ...ReadinessSchema, description: 'It can' },
        503: { ...ReadinessSchema, description: 'It cannot, or is going down' },
      },
    },
    handler: async (_request, reply) => {
      const isReady = health.isReady();
      return reply
        .code(isReady ? 200 : 503)
        .header('Cache-Control', 'no-store')
        .send({ status: isReady ? ('ready' as const) : ('not_ready' as const) });
    },
  });

  app.route({
    method: 'GET',
    url: '/healthz',
    schema: {
      operationId: 'health',
      summary: 'For operations: dependencies, jobs, troubles',
      tags: ['operations'],
      security: [{}, { bearer: [] }],
      response: {
        ...problems(),
        200: { ...HealthSchema, description: 'What is known, from the background checks' },
        503: { ...HealthSchema, description: 'The store has been out of reach for a while' },
      },
    },
    handler: async (request, reply) => {
      const report = health.report();
      return reply
        .code(report.isLost ? 503 : 200)
        .header('Cache-Control', 'no-store')
        .send(healthJson(report, version, isOwner(request, credentials)));
    },
  });
};
