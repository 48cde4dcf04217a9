import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { createTokenBuckets, type TokenBucketsOptions } from './token-buckets.ts';

const createStore = (options: TokenBucketsOptions): FastifyRateLimitStore => {
  const take = createTokenBuckets(options);
  return {
    // The plugin counts upwards to `max` and asks when the window ends; a bucket knows what is left and when the next
    // token comes. `max` is the burst, and one above it means refused.
    incr: (key, callback, _windowMs, max) => {
      const { allowed, remaining, resetMs } = take(key, max);
      callback(null, { current: allowed ? max - remaining : max + 1, ttl: resetMs });
    },
    child: () => createStore(options),
  };
};

/**
 * Makes the store of `@fastify/rate-limit` that limits by token buckets instead of windows: a burst is allowed, then
 * requests pass at an even rate, and nobody can double the rate around the end of a window. Each `child` has buckets
 * of its own. One process keeps its own buckets.
 */
export const createTokenBucketStore = (options: TokenBucketsOptions): FastifyRateLimitStoreCtor => {
  // The plugin calls it with `new`; a function that returns an object is what `new` then answers with.
  const Constructor = function TokenBucketStore(): FastifyRateLimitStore {
    return createStore(options);
  };
  return Constructor as unknown as FastifyRateLimitStoreCtor;
};
