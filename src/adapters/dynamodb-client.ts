import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type AwsClientOptions, boundedClientSettings } from './aws-connections.ts';

/**
 * A single-item request answers within tens of milliseconds. Three tries of this plus the waits between them stay
 * near 8 s and so below the 12 s after which a route gives up.
 */
const REQUEST_TIMEOUT_MS = 2_500;

/** Pinned, because the SDK's default for DynamoDB changed in 2026 and the sum above depends on it. */
const MAX_ATTEMPTS = 3;

/** One process of 0.25 vCPU never has more requests than this in flight; the rest waits its turn. */
const MAX_SOCKETS = 25;

export type DynamoClientOptions = AwsClientOptions<DynamoDBClientConfig>;

/** The DynamoDB client of this process: one is enough, it keeps its connections. Times out in bounded time. */
export const createDynamoClient = (options: DynamoClientOptions): DynamoDBClient =>
  new DynamoDBClient(
    boundedClientSettings(options, {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxAttempts: MAX_ATTEMPTS,
      maxSockets: MAX_SOCKETS,
    }),
  );
