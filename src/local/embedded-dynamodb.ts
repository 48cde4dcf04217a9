import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../config.ts';

export interface EmbeddedDynamodb {
  /** On 127.0.0.1, at a port of the system's choice. */
  readonly endpoint: string;
  /** Ends all connections and forgets all data. May be repeated. */
  close(): Promise<void>;
}

/** Nothing is gained by playing the minutes that AWS takes to make a table. */
const AT_ONCE = Object.freeze({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

const importDynalite = () => import('dynalite');

/** What `import` says of a package that is not there, and what `require` does, by which the bundle asks. */
const ABSENT: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && ABSENT.includes(error.code);

/** Loaded only here, since no server on AWS needs it, and the image does not have it. */
const loadDynalite = async (load: typeof importDynalite) => {
  try {
    return (await load()).default;
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const text = 'needed, because the embedded DynamoDB (the package dynalite) is not installed here, found nothing';
    throw new ConfigError([{ name: 'DYNAMODB_ENDPOINT', text }]);
  }
};

/**
 * Starts a DynamoDB in this process and in memory, so that the program runs without an account, Docker or Java.
 *
 * @throws {ConfigError} saying what to set, where its package is not installed, as in the image
 */
export const startEmbeddedDynamodb = async (load = importDynalite): Promise<EmbeddedDynamodb> => {
  const dynalite = await loadDynalite(load);
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
