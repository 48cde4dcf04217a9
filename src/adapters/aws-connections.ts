import { ownCredentials } from './aws-credentials.ts';

/** A connection inside a region stands within milliseconds. The SDK's own default is to wait for ever. */
const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * The options of an AWS client's HTTP handler, with an end to every wait. `requestTimeout` alone has none: without
 * `throwOnRequestTimeout` the SDK only writes a warning
 * (https://github.com/smithy-lang/smithy-typescript, `NodeHttpHandlerOptions`).
 */
export const boundedConnections = (bounds: { readonly requestTimeoutMs: number; readonly maxSockets: number }) => {
  const connections = { keepAlive: true, maxSockets: bounds.maxSockets };
  return {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: bounds.requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: connections,
    httpsAgent: connections,
  };
};

interface AnyClientConfig {
  readonly credentials?: unknown;
  readonly requestHandler?: unknown;
}

/** Where a client asks, and what a test puts in place of the rest. */
export interface AwsClientOptions<Config extends AnyClientConfig> {
  readonly region: string;
  /** Another endpoint than AWS's own: a local stand-in, or a test. */
  readonly endpoint?: string | undefined;
  /** Without them the task role's are asked for; outside a task those of the SDK's default chain. Both in bounded time. */
  readonly credentials?: Config['credentials'] | undefined;
  /** Stands in for the HTTP handler, so that a test can answer, lose, hold and count requests. */
  readonly requestHandler?: Config['requestHandler'] | undefined;
}

/** The settings of an AWS client of which every request ends in bounded time, its wait for credentials included. */
export const boundedClientSettings = <Config extends AnyClientConfig>(
  options: AwsClientOptions<Config>,
  bounds: Parameters<typeof boundedConnections>[0] & { readonly maxAttempts: number },
) => {
  const credentials = options.credentials ?? ownCredentials();
  return {
    region: options.region,
    maxAttempts: bounds.maxAttempts,
    // `adaptive` would slow down all writes after one throttled key, and ours all go to one key.
    retryMode: 'standard' as const,
    requestHandler: options.requestHandler ?? boundedConnections(bounds),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    credentials,
  };
};
