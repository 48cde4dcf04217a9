// Makes the dynamic imports of our own files static, for a bundle that is one file. The sources load what only one mode
// needs when they need it; within one file that saves next to nothing, and esbuild then keeps whole whatever such an
// import could reach: 2.3 MB more, 65 MB more memory, and half as much time again at every start.
import { readFileSync } from 'node:fs';

const OWN = /[\\/]src[\\/][^/\\]+\.ts$/;
const DYNAMIC = /await import\('(\.[^']+\.ts)'\)/g;

/** The same source, in which every module of ours is loaded before anything runs. */
export const withStaticImports = (source) => {
  const statics = [];
  const rest = source.replace(DYNAMIC, (_found, path) => {
    const name = `loadedAtOnce${statics.length}`;
    statics.push(`import * as ${name} from '${path}';`);
    return name;
  });
  return [...statics, rest].join('\n');
};

/** For esbuild. */
export const OWN_IMPORTS = {
  name: 'own-imports',
  setup: (build) => {
    build.onLoad({ filter: OWN }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      return source.includes('await import(') ? { contents: withStaticImports(source), loader: 'ts' } : undefined;
    });
  },
};
