import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { type AwsClientOptions, boundedClientSettings } from './aws-connections.ts';

/** Two tries of this plus the wait between them stay below the 5 s within which a pipeline is asked for or not at all. */
const REQUEST_TIMEOUT_MS = 1_500;

/** Pinned, because the sum above depends on it. What is cached is tried again soon anyway. */
const MAX_ATTEMPTS = 2;

/** There are three secrets, and of each a current and a previous version. */
const MAX_SOCKETS = 6;

export type SecretsManagerClientOptions = AwsClientOptions<SecretsManagerClientConfig>;

/** The Secrets Manager client of this process. Times out in bounded time. */
export const createSecretsManagerClient = (options: SecretsManagerClientOptions): SecretsManagerClient =>
  new SecretsManagerClient(
    boundedClientSettings(options, {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxAttempts: MAX_ATTEMPTS,
      maxSockets: MAX_SOCKETS,
    }),
  );
