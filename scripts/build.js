// Makes what the images run: dist/server and dist/simulator, each one bundle with the few files it reads beside it, and
// nothing to install. Run it from the root of the project: node scripts/build.js [<target folder>]
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { AWS_SCHEMAS } from './aws-schemas.js';
import { bundledPackages, licencesOf } from './bundled-packages.js';
import { OWN_IMPORTS } from './own-imports.js';
import { assertSelfContained, FILE_READERS, packageFiles } from './package-files.js';
import { UNDICI_PARTS } from './undici-parts.js';

const TARGET = resolve(process.argv[2] ?? 'dist');

const PROGRAMS = [
  { name: 'server', entry: 'src/server.ts', bundle: 'bin/server.js', hasPages: true },
  {
    name: 'simulator',
    entry: 'src/local/gitlab-simulator/main.ts',
    bundle: 'bin/gitlab-simulator.js',
    hasPages: false,
  },
];

/** The embedded store has a native part and is of no use to a server that is given a real one: it stays out. */
const EXTERNAL = ['dynalite'];

// CommonJS packages ask for Node's own modules by a function that an ES module does not have.
const BANNER = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

/**
 * For esbuild: takes node:http by `require`. An `import` of it, a dynamic one as well, reads every export, and one of them loads the whole of
 * fetch, which costs 50 ms at every start and which nobody here uses. https://github.com/nodejs/node/blob/v24.x/lib/http.js
 */
const REQUIRED_HTTP = {
  name: 'required-http',
  setup: (build) => {
    build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === 'require-call' ? undefined : { path: 'node:http', namespace: 'required' },
    );
    build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // With it, a package that has both forms is taken in the one whose unused parts can be left out.
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  banner: { js: BANNER },
  // Names and lines stay, so that a stack trace can be read without a source map.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Files that the sources read at an address relative to themselves; in the bundle that has to lead somewhere, too. */
const RELATIVE_FILE = /\bnew URL\(\s*'([^']+)'\s*,\s*import\.meta\.url\s*\)/g;

const assertFilesAreThere = (sources, bundle) => {
  for (const source of sources) {
    for (const [, path] of readFileSync(source, 'utf8').matchAll(RELATIVE_FILE)) {
      if (existsSync(new URL(path, pathToFileURL(bundle)))) continue;
      throw new Error(`${source} reads ${path}, which is not there for ${bundle}: scripts/build.js has to copy it`);
    }
  }
};

/** The web files as they are; their compiler settings are for nobody who runs them. */
const copyWebFiles = (folder) => {
  for (const file of globSync('src/web/**/*.{css,html,js,svg,txt}')) {
    cpSync(file, join(folder, file.replaceAll('\\', '/').replace('src/', '')));
  }
};

/** What the sources read beside themselves lies beside the bundle. */
const copyDataFiles = (bundle) => cpSync('src/local/sample-recording.gz', join(dirname(bundle), 'sample-recording.gz'));

const copyPackageFiles = (folder, packages) => {
  for (const { from, to } of packageFiles(packages)) cpSync(from, join(folder, to));
};

/** What the server needs to know of the manifest: not the scripts and dependencies, which are not there. */
const writeManifest = (folder) => {
  const { name, version, description, license, type } = JSON.parse(readFileSync('package.json', 'utf8'));
  const manifest = { name, version, description, license, private: true, type };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
};

const buildProgram = async ({ name, entry, bundle, hasPages }) => {
  const folder = join(TARGET, name);
  const outfile = join(folder, bundle);
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [entry],
    outfile,
    plugins: [AWS_SCHEMAS, FILE_READERS, OWN_IMPORTS, REQUIRED_HTTP, UNDICI_PARTS],
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.keys(output.inputs);
  assertSelfContained(output, EXTERNAL);

  const packages = bundledPackages(modules);
  if (hasPages) {
    copyWebFiles(folder);
    copyDataFiles(outfile);
  }
  copyPackageFiles(folder, packages);
  writeManifest(folder);
  cpSync('scripts/healthcheck.js', join(folder, 'bin/healthcheck.js'));
  writeFileSync(join(folder, 'third-party-licences.txt'), licencesOf(packages));
  // Not part of the program: which packages are in it, for the list of materials.
  writeFileSync(join(TARGET, `${name}.packages.json`), `${JSON.stringify(packages, null, 2)}\n`);
  assertFilesAreThere(
    modules.filter((module) => module.startsWith('src/')),
    outfile,
  );
  process.stdout.write(`${join(name, bundle)}: ${(output.bytes / 1e6).toFixed(2)} MB, ${packages.length} packages\n`);
};

for (const { name } of PROGRAMS) rmSync(join(TARGET, name), { recursive: true, force: true });
mkdirSync(TARGET, { recursive: true });
for (const program of PROGRAMS) await buildProgram(program);
