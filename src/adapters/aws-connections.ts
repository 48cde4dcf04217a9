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
