declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The options that are used here, of https://github.com/architect/dynalite. Without `path` it keeps no files. */
  interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  const dynalite: (options?: DynaliteOptions) => Server;
  export = dynalite;
}
