import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface EmbeddedDynamodb {
  /** On 127.0.0.1, at a port of the system's choice. */
  readonly endpoint: string;
  /** Ends all connections and forgets all data. May be repeated. */
  close(): Promise<void>;
}

/** Nothing is gained by playing the minutes that AWS takes to make a table. */
const AT_ONCE = Object.freeze({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

/**
 * Starts a DynamoDB in this process and in memory, so that the program runs without an account, Docker or Java. It
 * is loaded only here, since no server on AWS needs it.
 */
export const startEmbeddedDynamodb = async (): Promise<EmbeddedDynamodb> => {
  const { default: dynalite } = await import('dynalite');
  const server = dynalite(AT_ONCE);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      closing ??= new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
      return closing;
    },
  };
};
