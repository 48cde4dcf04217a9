import { putLatest } from '../lifecycle/put-latest.ts';
import { type Bucket, takeToken } from './token-bucket.ts';

export interface TokenBucketsOptions {
  readonly monotonicMs: () => number;
  /** How long an empty bucket takes to be full, whatever its size. */
  readonly fillMs: number;
  /** The least recently used client beyond this many is forgotten. */
  readonly maxClients: number;
}

/** What a client was given, and what it has left. */
export interface Allowance {
  readonly allowed: boolean;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Until its bucket is full; for one that is refused, until the next request is allowed. */
  readonly resetMs: number;
}

/** Makes one bucket for each client, in this process; the answer takes a token from the bucket of one. */
export const createTokenBuckets = ({ monotonicMs, fillMs, maxClients }: TokenBucketsOptions) => {
  const buckets = new Map<string, Bucket>();
  return (client: string, burst: number): Allowance => {
    const { bucket, allowed, remaining, fullMs, waitMs } = takeToken(
      buckets.get(client),
      { burst, fillMs },
      monotonicMs(),
    );
    putLatest(buckets, client, bucket, maxClients);
    // At least a millisecond, so that it is never rounded to a wait of no seconds.
    return { allowed, remaining, resetMs: allowed ? fullMs : Math.max(1, waitMs) };
  };
};
