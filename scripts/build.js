// Makes what the images run: dist/server and dist/simulator, each one bundle with what starts it and the few files it reads beside it, and
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
  { name: 'server', entry: 'src/server.ts', bundle: 'bin/server.cjs', hasPages: true },
  {
    name: 'simulator',
    entry: 'src/local/gitlab-simulator/main.ts',
    bundle: 'bin/gitlab-simulator.cjs',
    hasPages: false,
  },
];

/** The embedded store has a native part and is of no use to a server that is given a real one: it stays out. */
const EXTERNAL = ['dynalite'];

// What an ES module may rely on, and a CommonJS module has to be given: strictness, and its own address.
const BUNDLE_URL = 'addressOfBundle';
const BANNER = `'use strict';const ${BUNDLE_URL}=require('node:url').pathToFileURL(__filename).href;`;

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // The only form that V8's code can be kept of; scripts/start-bundle.js.
  format: 'cjs',
  define: { 'import.meta.url': BUNDLE_URL },
  // Such a script cannot import while it runs, only ask its `require`.
  supported: { 'dynamic-import': false },
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

const escapeOf = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * esbuild leaves what is in a regular expression as it is. Of ASCII alone V8 keeps one byte a character, else two. One
 * that is escaped there (an odd backslash before it) means no more than the character.
 */
const toAscii = (code) =>
  code.replace(
    /(\\*)([^\0-\x7f])/g,
    (_all, slashes, character) => slashes.slice(slashes.length % 2) + escapeOf(character),
  );

const buildProgram = async ({ name, entry, bundle, hasPages }) => {
  const folder = join(TARGET, name);
  const outfile = join(folder, bundle);
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [entry],
    outfile,
    plugins: [AWS_SCHEMAS, FILE_READERS, OWN_IMPORTS, UNDICI_PARTS],
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.keys(output.inputs);
  assertSelfContained(output, EXTERNAL);
  writeFileSync(outfile, toAscii(readFileSync(outfile, 'utf8')));

  const packages = bundledPackages(modules);
  if (hasPages) {
    copyWebFiles(folder);
    copyDataFiles(outfile);
  }
  copyPackageFiles(folder, packages);
  writeManifest(folder);
  cpSync('scripts/start-bundle.js', outfile.replace(/\.cjs$/, '.js'));
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
