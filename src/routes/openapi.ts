import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { DeploymentSchema } from './schemas/deployment.ts';
import { ProblemSchema } from './schemas/problem.ts';

export interface OpenapiOptions {
  readonly publicUrl: string;
  readonly version: string;
}

/** Collects every route that is added afterwards into one OpenAPI 3.1 document, so it must be awaited. */
export const describeApi = async (app: FastifyInstance, { publicUrl, version }: OpenapiOptions): Promise<void> => {
  app.addSchema(DeploymentSchema);
  app.addSchema(ProblemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'demo-on-demand',
        description: 'Starts a live demo on real infrastructure, shows its life, and always takes it down again.',
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: new URL(publicUrl).origin }],
      tags: [
        { name: 'deployments', description: 'Start, watch, extend, destroy' },
        { name: 'operations', description: 'For probes and for the owner' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    convertConstToEnum: false,
    refResolver: {
      // Named components instead of `def-0`, so that generated clients get types with names.
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `def-${index}`,
    },
  });
};

/** GET /openapi.json. Built once, when the first one asks. */
export const openapiRoutes = async (app: FastifyInstance): Promise<void> => {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: { hide: true },
    handler: async (_request, reply) => {
      reply.header('Cache-Control', 'no-cache');
      return app.swagger();
    },
  });
};
