import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// Outside of the project, where no node_modules is to be found on the way up.
const target = mkdtempSync(join(tmpdir(), 'bundle-'));
const empty = mkdtempSync(join(tmpdir(), 'empty-'));
t.teardown(() => {
  for (const folder of [target, empty]) rmSync(folder, { recursive: true, force: true });
});

const built = spawnSync(process.execPath, ['scripts/build.js', target], {
  cwd: ROOT,
  encoding: 'utf8',
  timeout: 50_000,
});

const SERVER = join(target, 'server/bin/server.js');
const BUNDLE = join(target, 'server/bin/server.cjs');
const SIMULATOR = join(target, 'simulator/bin/gitlab-simulator.js');

/** A bundle in an empty folder, with this environment and no other. */
const run = (t: Test, bundle: string, env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [bundle], { cwd: empty, env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  return {
    child,
    printed: async (pattern: RegExp): Promise<string> => {
      for (let waitedMs = 0; waitedMs < 30_000 && child.exitCode === null; waitedMs += 20) {
        const found = pattern.exec(output);
        if (found !== null) return found[1] ?? '';
        await delay(20);
      }
      throw new Error(`It did not print ${pattern}: ${output}`);
    },
  };
};

t.test('Given the sources, when they are bundled, then each program is one file with what it reads', async (t) => {
  t.equal(built.status, 0, built.stderr);
  t.same(readdirSync(join(target, 'server')).toSorted(), [
    'bin',
    'package.json',
    'swagger-ui',
    'third-party-licences.txt',
    'web',
  ]);
  t.same(readdirSync(join(target, 'server/bin')).toSorted(), [
    'healthcheck.js',
    'sample-recording.gz',
    'server.cjs',
    'server.js',
  ]);
  t.same(readdirSync(join(target, 'simulator')).toSorted(), ['bin', 'package.json', 'third-party-licences.txt']);
  t.same(Object.keys(JSON.parse(readFileSync(join(target, 'server/package.json'), 'utf8'))), [
    'name',
    'version',
    'description',
    'license',
    'private',
    'type',
  ]);
  t.notOk(existsSync(join(target, 'server/web/page/tsconfig.json')));
  const names = JSON.parse(readFileSync(join(target, 'server.packages.json'), 'utf8')).map(
    ({ name }: { readonly name: string }) => name,
  );
  t.ok(names.includes('fastify') && names.includes('swagger-ui-dist'));
  t.notOk(names.includes('dynalite') || names.includes('tap'));
});

t.test('Given the clients of AWS, when they are bundled, then only what is asked of them is in it', async (t) => {
  const code = readFileSync(BUNDLE, 'utf8');
  t.match(code, '"DescribeLaunchTemplates"');
  for (const operation of ['RunInstances', 'CreateVpc', 'CreateCluster', 'PutSecretValue', 'BatchWriteItem']) {
    t.notOk(code.includes(operation), operation);
  }
  t.ok(code.length < 4_800_000, `${code.length} bytes`);
  t.equal(Buffer.byteLength(code), code.length, 'of ASCII alone, so that V8 needs a byte for each character');
});

t.test('Given the bundle alone, when local mode has no DynamoDB, then it says in one line what to set', async (t) => {
  const { status, stderr } = spawnSync(process.execPath, [SERVER], { cwd: empty, env: {}, encoding: 'utf8' });
  t.equal(status, 1);
  t.match(stderr.trim(), /^The environment cannot be used:\n {2}DYNAMODB_ENDPOINT: needed, .*$/);
});

t.test('Given the bundle, when the code of a start is kept, then V8 takes it for this text alone', async (t) => {
  const made = spawnSync(process.execPath, ['scripts/make-code-cache.js', BUNDLE], {
    cwd: ROOT,
    env: { MODE: 'aws', PORT: 'of nobody’s concern' },
    encoding: 'utf8',
    timeout: 50_000,
  });
  t.match(made, { status: 0, stdout: '', stderr: '' });
  t.ok(existsSync(join(target, 'server/bin/server.code-cache.gz')));

  const isTaken = (bundle: string): string =>
    spawnSync(
      process.execPath,
      [
        ...['--input-type=module', '--eval'],
        `import { compileBundle } from ${JSON.stringify(SERVER)};
         process.stdout.write(String(compileBundle(${JSON.stringify(bundle)}).cachedDataRejected));`,
      ],
      { encoding: 'utf8' },
    ).stdout;
  t.equal(isTaken(BUNDLE), 'false', 'not rejected');
  const other = join(target, 'server/bin/other.cjs');
  t.teardown(() => rmSync(other));
  copyFileSync(BUNDLE, other);
  t.equal(isTaken(other), 'undefined', 'one without a cache is compiled');
  const cache = join(target, 'server/bin/other.code-cache.gz');
  t.teardown(() => rmSync(cache));
  copyFileSync(join(target, 'server/bin/server.code-cache.gz'), cache);
  t.equal(isTaken(other), 'false');
  // As long as before, which is all that V8 would look at.
  writeFileSync(other, readFileSync(BUNDLE, 'utf8').replace('demo-on-demand is at', 'demo-on-demand is in'));
  t.equal(isTaken(other), 'undefined', 'the code of another text is not run');
});

t.test('Given both bundles alone, when they run in an empty folder, then everything is served', async (t) => {
  const dynamodb = await startEmbeddedDynamodb();
  t.teardown(() => dynamodb.close());
  const simulator = run(t, SIMULATOR, { SIMULATOR_PORT: '0', SIMULATOR_TOKEN: 'a-token-for-the-bundle' });
  const gitlab = await simulator.printed(/GitLab simulator: (\S+)/);
  const server = run(t, SERVER, {
    PORT: '0',
    DYNAMODB_ENDPOINT: dynamodb.endpoint,
    GITLAB_URL: gitlab,
    GITLAB_PROJECT: 'demo/eks-demo',
    GITLAB_REF: 'demo-v1',
    LIVE_ORIGINS: gitlab,
    LOCAL_GITLAB_TOKEN: 'a-token-for-the-bundle',
  });
  const url = await server.printed(/demo-on-demand is at (\S+)/);
  const types: Readonly<Record<string, RegExp>> = {
    '/': /^text\/html/,
    '/assets/page.js': /^text\/javascript/,
    '/assets/icon.svg': /^image\/svg/,
    '/openapi.json': /^application\/json/,
    '/docs/': /^text\/html/,
    '/docs/static/swagger-ui-bundle.js': /javascript/,
    '/docs/static/swagger-ui.css': /^text\/css/,
    '/v1/deployments': /^application\/json/,
    '/healthz': /^application\/json/,
  };
  for (const [path, type] of Object.entries(types)) {
    const answer = await fetch(`${url}${path}`);
    await answer.arrayBuffer();
    t.match([answer.status, answer.headers.get('content-type')], [200, type], path);
  }
  const { version } = (await (await fetch(`${url}/healthz`)).json()) as { version: string };
  t.equal(version, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);

  const { port } = new URL(url);
  const check = (env: Readonly<Record<string, string>>, args: readonly string[] = []) =>
    spawnSync(process.execPath, [join(target, 'server/bin/healthcheck.js'), ...args], { cwd: empty, env }).status;
  t.equal(check({ PORT: port }), 0, 'the health check finds it');
  t.equal(check({ HOST: '0.0.0.0', OTHER: port }, ['OTHER']), 0);
  t.equal(check({ PORT: '1' }), 1, 'and fails where nothing listens');
  server.child.kill('SIGTERM');
  await new Promise((resolve) => server.child.once('exit', resolve));
  t.equal(server.child.exitCode, 0);
  t.equal(check({ PORT: port }), 1);
});
