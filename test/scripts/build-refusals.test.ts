import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runScript } from './run-script.ts';

const START = readFileSync(new URL('../../scripts/start-bundle.js', import.meta.url), 'utf8');
const PACKAGE = JSON.stringify({ name: 'demo', version: '1.2.3', type: 'module', scripts: { start: 'x' } });

/** Bundles a project of so many files, whose server is this text. */
const bundle = (t: Test, server: string, packages: Readonly<Record<string, string>> = {}) => {
  const modules = Object.entries(packages).map(([name, code]) => [
    name,
    { 'package.json': JSON.stringify({ name, version: '4.5.6', license: 'MIT', main: 'main.cjs' }), 'main.cjs': code },
  ]);
  const cwd = t.testdir({
    'package.json': PACKAGE,
    node_modules: Object.fromEntries(modules),
    scripts: { 'healthcheck.js': '', 'start-bundle.js': START },
    src: {
      'server.ts': server,
      local: { 'gitlab-simulator': { 'main.ts': 'process.exitCode = 0;' }, 'sample-recording.gz': '' },
      web: { page: { 'page.html': '<!doctype html>', 'page.ts': '' } },
    },
  });
  return { cwd, ...runScript('build.js', { cwd, args: ['out'] }) };
};

t.test(
  'Given a project, when it is bundled, then its web files are beside it and its packages are listed',
  async (t) => {
    const { cwd, status, lines } = bundle(
      t,
      "import a from 'a'; a(); const page = new URL('../web/page/', import.meta.url); process.stdout.write(page.href);",
      { a: 'module.exports = () => require("node:os").cpus();' },
    );
    t.equal(status, 0);
    t.match(lines, [/^server\/bin\/server\.cjs: 0\.00 MB, 1 packages$/, /^simulator\/bin\/gitlab-simulator\.cjs: /]);
    t.ok(existsSync(join(cwd, 'out/server/web/page/page.html')));
    t.notOk(existsSync(join(cwd, 'out/server/web/page/page.ts')));
    t.notOk(existsSync(join(cwd, 'out/simulator/web')));
  },
);

t.test('Given texts and patterns beyond ASCII, when they are bundled, then they mean what they meant', async (t) => {
  const server = String.raw`
    const seen = ['│', '• 密', '\\•', '😀', 'x'].map((text) => [/^[│•]/, /\•/, /\\•/, /^😀$/u, /^[^密]*$/].map((one) => one.test(text)));
    process.stdout.write(JSON.stringify([seen, '“•” 😀']));`;
  const { cwd, status, stderr } = bundle(t, server);
  t.equal(status, 0, stderr);
  t.notMatch(readFileSync(join(cwd, 'out/server/bin/server.cjs'), 'utf8'), /[^\0-\x7f]/);
  const run = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd, env: {}, encoding: 'utf8' });
  const plain = run('--input-type=module', '--eval', server).stdout;
  t.match(plain, /true.*“•” 😀/);
  t.equal(run('out/server/bin/server.js').stdout, plain);
});

t.test('Given a package that looks for its own folder, when nobody knows of it, then the build stops', async (t) => {
  const { status, stderr } = bundle(t, "import a from 'a'; a();", { a: 'module.exports = () => __dirname;' });
  t.equal(status, 1);
  t.match(stderr, /a looks for its own folder: scripts\/package-files\.js has to know of it/);
});

t.test('Given a package that is looked for while it runs, when it is bundled, then the build stops', async (t) => {
  const { status, stderr } = bundle(t, "import a from 'a'; a();", {
    a: 'module.exports = () => { try { return require("not-installed"); } catch { return null; } };',
  });
  t.equal(status, 1);
  t.match(stderr, /The bundle would look for not-installed while it runs/);
});

t.test('Given a file that is read beside the sources, when it is not copied, then the build stops', async (t) => {
  const { status, stderr } = bundle(t, "process.stdout.write(new URL('../elsewhere/', import.meta.url).href);");
  t.equal(status, 1);
  t.match(
    stderr,
    /src\/server\.ts reads \.\.\/elsewhere\/, which is not there for .*: scripts\/build\.js has to copy it/,
  );
});
