import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { boundedConnections } from './aws-connections.ts';

/** Two tries of this plus the wait between them stay below the 5 s within which a pipeline is asked for or not at all. */
const REQUEST_TIMEOUT_MS = 1_500;

/** Pinned, because the sum above depends on it. What is cached is tried again soon anyway. */
const MAX_ATTEMPTS = 2;

/** There are three secrets, and of each a current and a previous version. */
const MAX_SOCKETS = 6;

export interface SecretsManagerClientOptions {
  readonly region: string;
  /** Another endpoint than AWS's own, for a test. */
  readonly endpoint?: string | undefined;
  /** Without them the SDK's default chain applies, which on ECS is the task role. */
  readonly credentials?: SecretsManagerClientConfig['credentials'] | undefined;
  /** Stands in for the HTTP handler, so that a test can count, lose and hold requests. */
  readonly requestHandler?: SecretsManagerClientConfig['requestHandler'] | undefined;
}

/** The Secrets Manager client of this process. Times out in bounded time. */
export const createSecretsManagerClient = (options: SecretsManagerClientOptions): SecretsManagerClient => {
  const requestHandler =
    options.requestHandler ?? boundedConnections({ requestTimeoutMs: REQUEST_TIMEOUT_MS, maxSockets: MAX_SOCKETS });
  return new SecretsManagerClient({
    region: options.region,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
};
