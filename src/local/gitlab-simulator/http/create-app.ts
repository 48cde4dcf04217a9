import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { World } from '../world.ts';

/** A pipeline request is well under a kilobyte. */
const BODY_LIMIT_BYTES = 64 * 1_024;

/** Makes the server without its routes; before each request, `catchUp` lets happen what is due by then. */
export function createApp(world: World, catchUp: () => void, logger: FastifyBaseLogger | undefined): FastifyInstance {
  const app: FastifyInstance = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    ...(logger ? { loggerInstance: logger } : {}),
  });
  // GitLab takes an empty body for no parameters, whatever its content type says.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }));
    }
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.statusCode ? error.message : '500 Internal Server Error' }),
  );
  app.addHook('onRequest', async (_request, reply) => {
    catchUp();
    reply.header('date', new Date(world.clock.toWall(world.time)).toUTCString());
  });
  return app;
}
