import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';
import { createReadLimit, type ReadLimit } from './read-limit.ts';
import { createRefusalQueue } from './refusal-queue.ts';
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
  readonly readLimit: ReadLimit;
}

const MAX_CLIENTS = 10_000;
const MS_PER_SECOND = 1000;

/** Whether a method changes anything. */
export const isWrite = (method: string): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';

/** A route opts out in the plugin's own way, `config: { rateLimit: false }`: probes and static files. */
const isUncounted = (request: FastifyRequest): boolean => request.routeOptions.config.rateLimit === false;

const fillMsOf = ({ perSecond, burst }: RateLimit): number => (burst / perSecond) * MS_PER_SECOND;

/** Makes the buckets from which reads are taken. They are not the button's, so that watching never uses up what it needs. */
export const createReadLimitOf = (limit: RateLimit, monotonicMs: () => number): ReadLimit =>
  createReadLimit({
    monotonicMs,
    burst: limit.burst * limit.readFactor,
    fillMs: fillMsOf(limit),
    maxClients: MAX_CLIENTS,
  });

const limitWrites = async (app: FastifyInstance, { limit, monotonicMs, clientOf }: RateLimitOptions): Promise<void> => {
  const options: RateLimitPluginOptions = {
    global: false,
    enableDraftSpec: true,
    keyGenerator: clientOf,
    store: createTokenBucketStore({ monotonicMs, fillMs: fillMsOf(limit), maxClients: MAX_CLIENTS }),
    errorResponseBuilder: (_request, context) =>
      new HttpError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / MS_PER_SECOND)) }),
  };
  await app.register(rateLimit, options);
  const limitWrite = app.rateLimit({ max: limit.burst, timeWindow: MS_PER_SECOND });
  app.addHook('onRequest', (request, reply, done) => {
    if (isUncounted(request) || !isWrite(request.method)) done();
    else Promise.resolve(limitWrite.call(app, request, reply)).then(() => done(), done);
  });
};

/** Says the same as the plugin, without its promises: nearly every request is a read. */
const limitReads = (app: FastifyInstance, { readLimit, clientOf }: RateLimitOptions): void => {
  const refuse = createRefusalQueue();
  app.addHook('onRequest', (request, reply, done) => {
    if (isUncounted(request) || isWrite(request.method)) return done();
    const { allowed, limit, remaining, resetSeconds } = readLimit.take(clientOf(request));
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', remaining)
      .header('ratelimit-reset', resetSeconds);
    if (allowed) return done();
    refuse(() => done(new HttpError('RATE_LIMITED', { retryAfterSeconds: resetSeconds })));
  });
};

/**
 * Counts every request, matched or not, in one of two buckets of its client before its body is read. Resolves when it
 * is in force for every route that is added afterwards, so it must be awaited.
 */
export const limitRate = async (app: FastifyInstance, options: RateLimitOptions): Promise<void> => {
  await limitWrites(app, options);
  limitReads(app, options);
};
