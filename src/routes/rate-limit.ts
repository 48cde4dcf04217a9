import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';
import { createTokenBucketStore } from './token-bucket-store.ts';

export interface RateLimit {
  /** Writes per second and client, in the long run. */
  readonly perSecond: number;
  /** Writes at once. */
  readonly burst: number;
  /** How many times as many reads, so that an office behind one address can watch. */
  readonly readFactor: number;
}

export interface RateLimitOptions {
  readonly limit: RateLimit;
  readonly monotonicMs: () => number;
  readonly clientOf: (request: FastifyRequest) => string;
}

const MAX_CLIENTS = 10_000;
const MS_PER_SECOND = 1000;

/** Whether a method changes anything. */
export const isWrite = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** A route opts out in the plugin's own way, `config: { rateLimit: false }`: probes and static files. */
const isUncounted = (request: FastifyRequest): boolean => request.routeOptions.config.rateLimit === false;

/**
 * Counts every request, matched or not, in one of two buckets of its client before its body is read. Resolves when it
 * is in force for every route that is added afterwards, so it must be awaited.
 */
export const limitRate = async (app: FastifyInstance, options: RateLimitOptions): Promise<void> => {
  const { perSecond, burst, readFactor } = options.limit;
  const shared: RateLimitPluginOptions = {
    global: false,
    enableDraftSpec: true,
    keyGenerator: options.clientOf,
    store: createTokenBucketStore({
      monotonicMs: options.monotonicMs,
      fillMs: (burst / perSecond) * MS_PER_SECOND,
      maxClients: MAX_CLIENTS,
    }),
    errorResponseBuilder: (_request, context) =>
      new HttpError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / MS_PER_SECOND)) }),
  };
  await app.register(rateLimit, shared);
  // Each has a child store, so that watching never uses up what the button needs.
  const limitWrite = app.rateLimit({ max: burst, timeWindow: MS_PER_SECOND });
  const limitRead = app.rateLimit({ max: burst * readFactor, timeWindow: MS_PER_SECOND });
  app.addHook('onRequest', async (request, reply) => {
    if (isUncounted(request)) return;
    await (isWrite(request.method) ? limitWrite : limitRead).call(app, request, reply);
  });
};
