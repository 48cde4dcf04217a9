import { SchedulerClient, type SchedulerClientConfig } from '@aws-sdk/client-scheduler';
import { type AwsClientOptions, boundedClientSettings } from './aws-connections.ts';

/** Three tries of this just fit into the 5 s that a whole call of the adapter may take. */
const REQUEST_TIMEOUT_MS = 1_500;

/** Pinned, because the sum above depends on it. Whoever asks comes again anyway. */
const MAX_ATTEMPTS = 3;

/** One demo runs at a time; the nightly clean-up and the health check come on top of it. */
const MAX_SOCKETS = 4;

export type SchedulerClientOptions = AwsClientOptions<SchedulerClientConfig>;

/** The EventBridge Scheduler client of this process. Times out in bounded time. */
export const createSchedulerClient = (options: SchedulerClientOptions): SchedulerClient =>
  new SchedulerClient(
    boundedClientSettings(options, {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxAttempts: MAX_ATTEMPTS,
      maxSockets: MAX_SOCKETS,
    }),
  );
