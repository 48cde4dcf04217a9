import { createTokenBuckets, type TokenBucketsOptions } from './token-buckets.ts';

export interface ReadLimitOptions extends TokenBucketsOptions {
  /** Reads at once. */
  readonly burst: number;
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
export const createReadLimit = ({ burst, ...options }: ReadLimitOptions): ReadLimit => {
  const takeFrom = createTokenBuckets(options);
  return {
    take: (client) => {
      const { allowed, remaining, resetMs } = takeFrom(client, burst);
      return { allowed, limit: burst, remaining, resetSeconds: Math.ceil(resetMs / MS_PER_SECOND) };
    },
  };
};
