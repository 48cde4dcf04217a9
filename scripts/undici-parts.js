// Takes of undici what is used. Its main file loads all of it, of which fetch, WebSocket, caches and mocks are two thirds:
// 0.6 MB more in the bundle, and 20 ms at every start. Another name that is imported of it stops the build.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/** As undici's own main file puts it together. */
const PARTS = `
Object.assign(require('./lib/dispatcher/dispatcher').prototype, require('./lib/api'));
export const Agent = require('./lib/dispatcher/agent');
export const Client = require('./lib/dispatcher/client');
`;

/** For esbuild. */
export const UNDICI_PARTS = {
  name: 'undici-parts',
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'undici', namespace: 'parts' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'parts' }, () => ({
      contents: PARTS,
      resolveDir: dirname(resolve('undici')),
    }));
  },
};
