const WINDOW_MS = 60_000;

/** GitLab's limit for a whole token, with the headers it puts on every answer (Rack::Attack). */
export interface RequestQuota {
  /** Counts one request at that wall-clock instant and gives the headers that go with it. */
  count(atMs: number): Readonly<Record<string, string>>;
  /** Whether the request counted last is one too many. */
  isExceeded(): boolean;
  /** Seconds until the window of the request counted last ends. */
  retryAfter(): string;
}

/** Makes a counter over fixed windows of one minute. */
export function createRequestQuota(limitPerMinute: number): RequestQuota {
  let windowFromMs = Number.NEGATIVE_INFINITY;
  let observed = 0;
  let latestMs = 0;

  return {
    count(atMs) {
      latestMs = atMs;
      if (atMs >= windowFromMs + WINDOW_MS) {
        windowFromMs = Math.floor(atMs / WINDOW_MS) * WINDOW_MS;
        observed = 0;
      }
      observed += 1;
      const resetMs = windowFromMs + WINDOW_MS;
      const exceeded = observed > limitPerMinute;
      return {
        'ratelimit-limit': String(limitPerMinute),
        'ratelimit-name': 'throttle_authenticated_api',
        'ratelimit-observed': String(observed),
        'ratelimit-remaining': String(Math.max(0, limitPerMinute - observed)),
        'ratelimit-reset': String(resetMs / 1_000),
        ...(exceeded ? { 'ratelimit-resettime': new Date(resetMs).toUTCString() } : {}),
      };
    },
    isExceeded: () => observed > limitPerMinute,
    retryAfter: () => String(Math.max(1, Math.ceil((windowFromMs + WINDOW_MS - latestMs) / 1_000))),
  };
}
