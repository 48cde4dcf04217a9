import type { FastifyInstance } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import { HEALTH_PATHS } from './health.ts';

/**
 * Refuses what arrives on open connections once the server is going down, as a problem like every other; Fastify's
 * own answer (`return503OnClosing`) would be another format without a wait. Fastify adds `Connection: close`.
 */
export const refuseWhileClosing = (app: FastifyInstance): void => {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', async (request) => {
    if (!isClosing || HEALTH_PATHS.includes(request.routeOptions.url ?? '')) return;
    throw new DemoError('SHUTTING_DOWN');
  });
};
