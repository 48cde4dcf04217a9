import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { boundedConnections } from './aws-connections.ts';

/**
 * A single-item request answers within tens of milliseconds. Three tries of this plus the waits between them stay
 * near 8 s and so below the 12 s after which a route gives up.
 */
const REQUEST_TIMEOUT_MS = 2_500;

/** Pinned, because the SDK's default for DynamoDB changed in 2026 and the sum above depends on it. */
const MAX_ATTEMPTS = 3;

/** One process of 0.25 vCPU never has more requests than this in flight; the rest waits its turn. */
const MAX_SOCKETS = 25;

export interface DynamoClientOptions {
  readonly region: string;
  /** Another endpoint than AWS's own, for DynamoDB Local and the embedded one. */
  readonly endpoint?: string | undefined;
  /** Without them the SDK's default chain applies, which on ECS is the task role. */
  readonly credentials?: DynamoDBClientConfig['credentials'] | undefined;
  /** Stands in for the HTTP handler, so that a test can lose requests and replies. */
  readonly requestHandler?: DynamoDBClientConfig['requestHandler'] | undefined;
}

/** The DynamoDB client of this process: one is enough, it keeps its connections. Times out in bounded time. */
export const createDynamoClient = (options: DynamoClientOptions): DynamoDBClient => {
  const requestHandler =
    options.requestHandler ?? boundedConnections({ requestTimeoutMs: REQUEST_TIMEOUT_MS, maxSockets: MAX_SOCKETS });
  return new DynamoDBClient({
    region: options.region,
    maxAttempts: MAX_ATTEMPTS,
    // `adaptive` would slow down all writes after one throttled key, and ours all go to one key.
    retryMode: 'standard',
    requestHandler,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
};
