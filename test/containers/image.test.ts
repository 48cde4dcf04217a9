import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { VARIABLES } from '../../src/config-schema.ts';
import { docker, NODE_IMAGE, REVISION, ROOT, SOURCE, skipReason, tryDocker } from './docker.ts';
import { imagesUnderTest, VERSION } from './images.ts';

const MAX_BYTES_ABOVE_BASE = 10_000_000;

interface Inspected {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, unknown>>;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck: { readonly Test: readonly string[] };
  };
}

const inspect = async (image: string): Promise<Inspected> => JSON.parse(await docker(['image', 'inspect', image]))[0];

/** Runs JavaScript in a fresh container; the image has nothing else to look around with. */
const evaluate = async <T>(image: string, code: string): Promise<T> => {
  const script = `process.stdout.write(JSON.stringify(${code}))`;
  return JSON.parse(await docker(['run', '--rm', '--network', 'none', '--entrypoint', 'node', image, '-e', script]));
};

/** Starts the image as it is, but read-only, and waits until it ends. */
const start = (image: string, env: Readonly<Record<string, string>> = {}) => {
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return tryDocker(['run', '--rm', '--read-only', '--network', 'none', ...settings, image], 30_000);
};

interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}

t.test('Containers: the images', { skip: skipReason() }, async (t) => {
  const images = await imagesUnderTest();

  t.test('Given both images, when they are compared with their base, then each adds 10 MB at most', async (t) => {
    const base = await inspect(NODE_IMAGE);
    for (const image of Object.values(images)) {
      const added = (await inspect(image)).Size - base.Size;
      t.ok(added > 0 && added <= MAX_BYTES_ABOVE_BASE, `${image} adds ${(added / 1e6).toFixed(1)} MB`);
    }
  });

  t.test('Given the server’s image, when it is inspected, then it is what a platform expects of it', async (t) => {
    const { Config } = await inspect(images.server);
    t.match(Config, {
      User: '1000:1000',
      Entrypoint: ['node'],
      Cmd: ['--max-old-space-size=256', '--max-semi-space-size=4', '--min-semi-space-size=4', 'bin/server.js'],
      ExposedPorts: { '3000/tcp': {} },
      Healthcheck: { Test: ['CMD', 'node', 'bin/healthcheck.js', 'PORT'] },
    });
    for (const setting of ['MODE=aws', 'NODE_ENV=production', 'MALLOC_ARENA_MAX=1'])
      t.ok(Config.Env.includes(setting), setting);
    const label = (name: string) => Config.Labels[`org.opencontainers.image.${name}`];
    t.match([label('title'), label('licenses')], ['demo-on-demand', 'MIT']);
    t.match(label('description'), /takes it down again/);
    const built = [label('version'), label('revision'), label('source')];
    if (!process.env.SERVER_IMAGE) t.same(built, [VERSION, REVISION, SOURCE]);
  });

  t.test('Given either image, when a shell or a package manager is asked for, then there is none', async (t) => {
    for (const image of Object.values(images)) {
      for (const program of ['sh', '/bin/sh', 'bash', 'npm', 'npx', '/usr/bin/perl']) {
        const { status } = await tryDocker(['run', '--rm', '--network', 'none', '--entrypoint', program, image]);
        t.equal(status, 127, `${program} in ${image}`);
      }
      const folders = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];
      const found = await evaluate<string[]>(
        image,
        `${JSON.stringify(folders)}.flatMap((folder) => fs.readdirSync(folder).map((name) => folder + '/' + name))`,
      );
      t.same(found, ['/usr/local/bin/node'], 'Node is the only program');
    }
  });

  t.test('Given either image, when its files are looked at, then they are few and cannot be changed', async (t) => {
    for (const image of Object.values(images)) {
      const files = await evaluate<{ path: string; uid: number; mode: number }[]>(
        image,
        `fs.readdirSync('/app', { recursive: true }).map((path) => {
          const { uid, mode } = fs.statSync('/app/' + path);
          return { path, uid, mode };
        })`,
      );
      t.notOk(
        files.some(({ path }) => /node_modules|\.ts$|\.map$|\.env/.test(path)),
        'neither packages nor sources',
      );
      t.same(
        files.filter(({ uid, mode }) => uid !== 0 || (mode & 0o022) !== 0),
        [],
        'all are root’s, and nobody else may write',
      );
      t.equal(await evaluate(image, 'process.getuid()'), 1000);
      const written = await tryDocker([
        ...['run', '--rm', '--network', 'none', '--entrypoint', 'node', image],
        ...['-e', `fs.appendFileSync('/app/bin/healthcheck.js', '//')`],
      ]);
      t.match(written, { status: 1, stderr: /EACCES|EPERM/ }, 'not even where the file system could be written to');
    }
  });

  t.test('Given the code of a start in the image, when it starts as a small task, then V8 takes it', async (t) => {
    const { Config } = await inspect(images.server);
    const flags = Config.Cmd.slice(0, -1);
    const script = `import('/app/bin/server.js').then(({ compileBundle }) =>
      process.stdout.write(String(compileBundle('/app/bin/server.cjs').cachedDataRejected)))`;
    const small = ['--cpus', '0.25', '--memory', '512m', '--read-only', '--network', 'none'];
    const isRejected = (given: readonly string[]) =>
      docker(['run', '--rm', ...small, '--entrypoint', 'node', images.server, ...given, '--eval', script]);
    t.equal(await isRejected(flags), 'false');
    t.equal(await isRejected([...flags, '--no-lazy']), 'true', 'flags of another kind would lose it');
  });

  t.test('Given the bill of materials, when it is read, then it lists what is in the bundle', async (t) => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const read = `JSON.parse(fs.readFileSync('/app/sbom.json', 'utf8'))`;
    const licences = `fs.readFileSync('/app/third-party-licences.txt', 'utf8')`;
    const expected = {
      server: ['fastify', '@aws-sdk/client-dynamodb', 'undici', 'pino', 'uuid'],
      simulator: ['fastify'],
    };
    for (const name of ['server', 'simulator'] as const) {
      const bill = await evaluate<Bill>(images[name], read);
      const text = await evaluate<string>(images[name], licences);
      t.match(bill, { bomFormat: 'CycloneDX', metadata: { component: { name: 'demo-on-demand', version: VERSION } } });
      const versionOf = (wanted: string) => bill.components.find((component) => component.name === wanted)?.version;
      for (const wanted of expected[name]) {
        t.equal(versionOf(wanted), packages[`node_modules/${wanted}`].version, wanted);
        t.ok(text.includes(`${wanted} ${versionOf(wanted)}: `), `the licence of ${wanted} is passed on`);
      }
      for (const unwanted of ['tap', 'esbuild', 'dynalite', 'typescript']) t.equal(versionOf(unwanted), undefined);
      t.match(versionOf('node'), /^24\./);
    }
  });

  t.test(
    'Given nothing is configured, when the image starts, then it names all that is missing and ends',
    async (t) => {
      const { status, stderr } = await start(images.server);
      t.equal(status, 1);
      const needed = VARIABLES.filter(({ aws }) => aws.kind === 'needed').map(({ name }) => name);
      t.ok(needed.length > 5);
      const [title, ...lines] = stderr.trim().split('\n');
      t.equal(title, 'The environment cannot be used:');
      t.same(
        lines.map((line) => line.trim().split(':')[0]),
        needed,
      );
    },
  );

  t.test(
    'Given local mode without a DynamoDB, when the image starts, then it says what to set, and ends',
    async (t) => {
      const { status, stderr } = await start(images.server, { MODE: 'local' });
      t.equal(status, 1);
      t.match(stderr.trim(), /^The environment cannot be used:\n {2}DYNAMODB_ENDPOINT: needed, .*$/);
    },
  );
});
