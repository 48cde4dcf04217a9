/** How many requests a client may make at once, and how long an empty bucket takes to be full again. */
export interface BucketSize {
  readonly burst: number;
  readonly fillMs: number;
}

/** `level` counts in units of which one request costs `fillMs`, so that refilling stays exact in whole numbers. */
export interface Bucket {
  readonly level: number;
  readonly at: number;
}

export interface Taken {
  readonly bucket: Bucket;
  readonly allowed: boolean;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Until the next request is allowed; 0 if it is now. */
  readonly waitMs: number;
  /** Until the bucket is full. */
  readonly fullMs: number;
}

/** What a bucket holds at a time. A clock that went back adds nothing and takes nothing away. */
const levelAt = (bucket: Bucket | undefined, { burst, fillMs }: BucketSize, now: number): number => {
  const full = burst * fillMs;
  return bucket === undefined ? full : Math.min(full, bucket.level + Math.max(0, now - bucket.at) * burst);
};

/** Takes one token, if there is one. Times in milliseconds of a clock that never goes back. */
export const takeToken = (bucket: Bucket | undefined, size: BucketSize, now: number): Taken => {
  const { burst, fillMs } = size;
  const before = levelAt(bucket, size, now);
  // Exactly one token is enough: a client that waits as long as it was told gets its answer.
  const allowed = before >= fillMs;
  const level = allowed ? before - fillMs : before;
  return {
    bucket: { level, at: Math.max(now, bucket?.at ?? now) },
    allowed,
    remaining: Math.floor(level / fillMs),
    waitMs: Math.max(0, Math.ceil((fillMs - level) / burst)),
    fullMs: Math.ceil((burst * fillMs - level) / burst),
  };
};
