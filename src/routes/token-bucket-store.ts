import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { putLatest } from '../lifecycle/put-latest.ts';
import { type Bucket, takeToken } from './token-bucket.ts';

export interface TokenBucketStoreOptions {
  readonly monotonicMs: () => number;
  /** How long an empty bucket takes to be full, whatever its size. */
  readonly fillMs: number;
  /** The least recently used client beyond this many is forgotten. */
  readonly maxClients: number;
}

const createStore = ({ monotonicMs, fillMs, maxClients }: TokenBucketStoreOptions): FastifyRateLimitStore => {
  const buckets = new Map<string, Bucket>();
  return {
    // The plugin counts upwards to `max` and asks when the window ends; a bucket knows what is left and when the next
    // token comes. `max` is the burst, and one above it means refused.
    incr: (key, callback, _windowMs, max) => {
      const taken = takeToken(buckets.get(key), { burst: max, fillMs }, monotonicMs());
      putLatest(buckets, key, taken.bucket, maxClients);
      callback(
        null,
        taken.allowed
          ? { current: max - taken.remaining, ttl: taken.fullMs }
          : // At least a millisecond, so that it is never rounded to a wait of no seconds.
            { current: max + 1, ttl: Math.max(1, taken.waitMs) },
      );
    },
    child: () => createStore({ monotonicMs, fillMs, maxClients }),
  };
};

/**
 * Makes the store of `@fastify/rate-limit` that limits by token buckets instead of windows: a burst is allowed, then
 * requests pass at an even rate, and nobody can double the rate around the end of a window. Each `child` has buckets
 * of its own. One process keeps its own buckets.
 */
export const createTokenBucketStore = (options: TokenBucketStoreOptions): FastifyRateLimitStoreCtor => {
  // The plugin calls it with `new`; a function that returns an object is what `new` then answers with.
  const Constructor = function TokenBucketStore(): FastifyRateLimitStore {
    return createStore(options);
  };
  return Constructor as unknown as FastifyRateLimitStoreCtor;
};
