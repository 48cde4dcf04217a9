import { putLatest } from '../lifecycle/put-latest.ts';
import { type Bucket, takeToken } from './token-bucket.ts';

export interface ReadLimitOptions {
  readonly monotonicMs: () => number;
  /** Reads at once. */
  readonly burst: number;
  /** How long an empty bucket takes to be full. */
  readonly fillMs: number;
  /** The least recently used client beyond this many is forgotten. */
  readonly maxClients: number;
}

/** What a client may still read, as the `RateLimit-` headers tell it. */
export interface ReadAllowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until it may read as much as ever; for one that is refused, until it may read again. */
  readonly resetSeconds: number;
}

export interface ReadLimit {
  /** Takes one read of a client. */
  take(client: string): ReadAllowance;
}

const MS_PER_SECOND = 1000;

/** Makes the limit of reads: one token bucket per client, in this process. */
export const createReadLimit = ({ monotonicMs, burst, fillMs, maxClients }: ReadLimitOptions): ReadLimit => {
  const buckets = new Map<string, Bucket>();
  const size = { burst, fillMs };
  return {
    take: (client) => {
      const { bucket, allowed, remaining, fullMs, waitMs } = takeToken(buckets.get(client), size, monotonicMs());
      putLatest(buckets, client, bucket, maxClients);
      // At least a millisecond, so that it is never rounded to a wait of no seconds.
      const resetMs = allowed ? fullMs : Math.max(1, waitMs);
      return { allowed, limit: burst, remaining, resetSeconds: Math.ceil(resetMs / MS_PER_SECOND) };
    },
  };
};
