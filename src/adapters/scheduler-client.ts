import { SchedulerClient, type SchedulerClientConfig } from '@aws-sdk/client-scheduler';
import { boundedConnections } from './aws-connections.ts';

/** Three tries of this just fit into the 5 s that a whole call of the adapter may take. */
const REQUEST_TIMEOUT_MS = 1_500;

/** Pinned, because the sum above depends on it. Whoever asks comes again anyway. */
const MAX_ATTEMPTS = 3;

/** One demo runs at a time; the nightly clean-up and the health check come on top of it. */
const MAX_SOCKETS = 4;

export interface SchedulerClientOptions {
  readonly region: string;
  /** Another endpoint than AWS's own, for a test. */
  readonly endpoint?: string | undefined;
  /** Without them the SDK's default chain applies, which on ECS is the task role. */
  readonly credentials?: SchedulerClientConfig['credentials'] | undefined;
  /** Stands in for the HTTP handler, so that a test can answer, lose and count requests. */
  readonly requestHandler?: SchedulerClientConfig['requestHandler'] | undefined;
}

/** The EventBridge Scheduler client of this process. Times out in bounded time. */
export const createSchedulerClient = (options: SchedulerClientOptions): SchedulerClient => {
  const requestHandler =
    options.requestHandler ?? boundedConnections({ requestTimeoutMs: REQUEST_TIMEOUT_MS, maxSockets: MAX_SOCKETS });
  return new SchedulerClient({
    region: options.region,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
};
