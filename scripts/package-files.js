// Packages that read files from their own folder. A bundle has no such folder, so each of them is looked at once: either
// its files are put beside the bundle and it is told so, or it never comes to read them here.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/** What is copied, and to which folder. Left out are maps, and a build that its page does not load. */
const COPIED = {
  // src/routes/docs.ts gives it that folder.
  '@fastify/swagger-ui': { from: 'static', to: 'swagger-ui', leftOut: /\.map$|^swagger-ui\.js$|^csp\.json$/ },
};

/** Why these need no file. */
const READS_NOTHING = {
  '@fastify/swagger': 'reads its package.json for a title, which we give it, and does without',
  'node-cron': 'starts a file of its own only for background tasks, of which we have none',
  pino: 'starts a file of its own only for transports, which we do not use',
  'thread-stream': 'is what pino starts transports with',
  undici: 'names its own file in stack traces, where it can',
};

const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** The innermost package that a module belongs to, and its folder; null for a module that belongs to none. */
export const packageOf = (path) => {
  const [, folder, name] = PACKAGE.exec(path.replaceAll('\\', '/')) ?? [];
  return folder === undefined ? null : { name, folder };
};

const OWN_FOLDER = /\b(?:__dirname|__filename)\b|\bimport\.meta\.(?:url|dirname|filename)\b/;

/** For esbuild: stops the build at a package that looks for its own folder and stands in neither of the lists above. */
export const FILE_READERS = {
  name: 'file-readers',
  setup: (build) => {
    build.onLoad({ filter: /node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => {
      const name = packageOf(path)?.name ?? '';
      if (name in COPIED || name in READS_NOTHING || !OWN_FOLDER.test(readFileSync(path, 'utf8'))) return undefined;
      return { errors: [{ text: `${name} looks for its own folder: scripts/package-files.js has to know of it` }] };
    });
  },
};

/** The files to be copied for these packages: from where, and to where in the folder of the program. */
export const packageFiles = (packages) =>
  packages.flatMap(({ name, folder }) => {
    if (!(name in COPIED)) return [];
    const { from, to, leftOut } = COPIED[name];
    const files = readdirSync(join(folder, from)).filter((file) => !leftOut.test(file));
    return files.map((file) => ({ from: join(folder, from, file), to: join(to, file) }));
  });

/** Stops a build whose bundle would look for a package while it runs. */
export const assertSelfContained = ({ imports }, expected) => {
  const unknown = imports.filter(({ path }) => !isBuiltin(path) && !expected.includes(path));
  if (unknown.length === 0) return;
  throw new Error(`The bundle would look for ${unknown.map(({ path }) => path).join(', ')} while it runs`);
};
