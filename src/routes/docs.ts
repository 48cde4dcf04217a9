import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync } from 'fastify';
import { PAGE_POLICY } from './security-headers.ts';

/** Where a server that was bundled finds the files of Swagger UI: beside it, for it has no node_modules. */
const SHIPPED = new URL('../swagger-ui/', import.meta.url);

/**
 * GET /docs: the API to read and to try out, by Swagger UI. For local mode alone; elsewhere not even its code is loaded.
 *
 * @throws Error on registration when it is bundled and those files are missing
 */
export const docsRoutes: FastifyPluginAsync = async (app) => {
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  app.addHook('onRoute', (route) => {
    // One look at it is a dozen files, which must not use up what its "try it out" needs.
    route.config = { ...route.config, rateLimit: false };
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Cache-Control', 'no-cache');
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    ...(existsSync(SHIPPED) ? { baseDir: fileURLToPath(SHIPPED) } : {}),
    staticCSP: PAGE_POLICY,
    // The layout below has no place for a logo; without one of ours the package would read its own from beside itself.
    logo: { type: 'image/svg+xml', content: '' },
    theme: { title: 'demo-on-demand: the API' },
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', tryItOutEnabled: true, displayRequestDuration: true },
    // The page may have been opened by another name of this machine, and its policy lets it ask only where it is from.
    transformSpecification: (document) => ({ ...document, servers: [{ url: '/' }] }),
    transformSpecificationClone: false,
  });
};
