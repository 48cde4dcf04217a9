import type { FastifyInstance } from 'fastify';
import { HEALTH_PATHS } from './health.ts';
import { HttpError } from './http-error.ts';
import { isWrite } from './rate-limit.ts';

/** Whether this process has more to do than it can. */
export interface Pressure {
  isHigh(): boolean;
}

/** Those who are sent away come back spread over some seconds, not all at once. */
const SHORTEST_WAIT_SECONDS = 2;
const WAITS = 5;

/**
 * Sends counted reads away while there is too much to do, so that the button, the teardown and those who ask after our
 * health are still served. What was held before goes on being held. Call it after the rate limit: who asks too much is
 * told so.
 */
export const shedReads = (app: FastifyInstance, pressure: Pressure): void => {
  let turn = 0;
  app.addHook('onRequest', (request, _reply, done) => {
    const { url = '', config } = request.routeOptions;
    const isCounted = config.rateLimit !== false && !HEALTH_PATHS.includes(url) && url !== '/metrics';
    if (!isCounted || isWrite(request.method) || !pressure.isHigh()) return done();
    turn = (turn + 1) % WAITS;
    done(new HttpError('OVERLOADED', { retryAfterSeconds: SHORTEST_WAIT_SECONDS + turn }));
  });
};
