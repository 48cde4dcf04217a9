import type { FastifyInstance } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import { HEALTH_PATHS } from './health.ts';

/**
 * Refuses what arrives on open connections once the server is going down, as a problem like every other; Fastify's
 * own answer (`return503OnClosing`) would be another format without a wait. Fastify adds `Connection: close` to these;
 * here the answers to what arrived before, and is answered only now, get it as well.
 */
export const refuseWhileClosing = (app: FastifyInstance): void => {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isClosing || HEALTH_PATHS.includes(request.routeOptions.url ?? '')) done();
    else done(new DemoError('SHUTTING_DOWN'));
  });
  // A client that keeps its connection after its last answer would hold the close up for as long as it likes.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('Connection', 'close');
    done(null, payload);
  });
};
