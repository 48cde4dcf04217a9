// What bundling is worth: how much has to be on the disk, how long it takes from the start of the process to the first
// 200 (of /livez in local mode; of /readyz on AWS, where it says that table and secrets were read), and how much memory it
// takes five seconds later, when every adapter was asked. Every variant is started in turn, in the same minute and against the same neighbours, so that
// they can be compared. Run it from the root of the project after `npm run build`: node bench/start.js [<runs>]
//
// The container is measured when Docker and the image that SERVER_IMAGE names (default demo-on-demand:local) are there.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import dynalite from 'dynalite';
import { createDynamoClient } from '../src/adapters/dynamodb-client.ts';
import { freePort } from '../src/compose-port.ts';
import { ensureTable } from '../src/local/dynamodb-table.ts';
import { LOCAL_ACCESS } from '../test/adapters/dynamodb-under-test.ts';
import { startFakeAws } from '../test/aws/fake-aws.ts';
import { AWS_SETTINGS } from '../test/aws/setting.ts';
import { ENVIRONMENT, FLAGS } from './service.ts';

const RUNS = Number(process.argv[2] ?? 7);
const GIVE_UP_MS = 60_000;
const STOPS_WITHIN_MS = 10_000;
const POLL_MS = 5;
const IDLE_MS = 5_000;
const PROGRAM = 'dist/server';
const START = 'bin/server.js';
const BUNDLE = join(PROGRAM, 'bin/server.cjs');
const IMAGE = process.env.SERVER_IMAGE ?? 'demo-on-demand:local';
const TOKEN = 'a-token-for-the-benchmark';

const print = (text) => process.stdout.write(`${text}\n`);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Bytes of files, links not followed; a package inside another one counts as one of its own. */
const sizeOf = (path) => {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
};

/** What `npm ci --omit=dev` would install. Node itself, which the image has anyway, is left out. */
const productionBytes = () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev && !path.startsWith('node_modules/node-') && existsSync(path))
    .reduce((sum, [path]) => sum + sizeOf(path), 0);
};

const answers = (port, path) =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });

const MS_PER_TICK = 10;

/** Processor time that a process has used so far; null where the system does not tell. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const processorMs = (pid) => {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const [user, system] = fields.slice(11, 13).map(Number);
  return (user + system) * MS_PER_TICK;
};

/** Memory that a process holds, in bytes; null where the system does not tell. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
const residentBytes = (pid) => {
  const path = `/proc/${pid}/status`;
  return existsSync(path) ? Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1]) * 1024 : null;
};

/**
 * Milliseconds from the start of a command to its first answer, how long a processor was busy with it by then, and its
 * memory a while later.
 */
const measure = async ({ command, env, stop, pidOf, path }, port) => {
  const [program, ...args] = command(port);
  const startedAt = performance.now();
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env(port) }, stdio: 'ignore' });
  const exited = once(child, 'exit');
  try {
    while (!(await answers(port, path))) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      if (performance.now() - startedAt > GIVE_UP_MS) throw new Error(`${program} does not answer`);
      await delay(POLL_MS);
    }
    const tookMs = performance.now() - startedAt;
    const busyMs = processorMs(pidOf(child, port));
    await delay(IDLE_MS);
    return { tookMs, busyMs, residentBytes: residentBytes(pidOf(child, port)) };
  } finally {
    stop(child, port);
    const last = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
    await exited;
    clearTimeout(last);
  }
};

const startNeighbours = async () => {
  const store = dynalite({ createTableMs: 0 });
  store.listen(0, '127.0.0.1');
  await once(store, 'listening');
  const simulatorPort = await freePort('127.0.0.1');
  const simulator = spawn(process.execPath, ['src/local/gitlab-simulator/main.ts'], {
    env: { PATH: process.env.PATH, SIMULATOR_PORT: String(simulatorPort), SIMULATOR_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(simulator.stdout, 'data');
  return {
    settings: {
      MODE: 'local',
      DYNAMODB_ENDPOINT: `http://127.0.0.1:${store.address().port}`,
      GITLAB_URL: `http://127.0.0.1:${simulatorPort}`,
      GITLAB_PROJECT: 'demo/eks-demo',
      GITLAB_REF: 'demo-v1',
      LIVE_ORIGINS: `http://127.0.0.1:${simulatorPort}`,
      LOCAL_GITLAB_TOKEN: TOKEN,
    },
    close: () => {
      simulator.kill();
      store.close();
      store.closeAllConnections();
    },
  };
};

/** All of AWS at an address of this process, and no GitLab: a server that is ready needs none. */
const startAws = async () => {
  const aws = await startFakeAws();
  const dynamo = createDynamoClient({ ...LOCAL_ACCESS, endpoint: aws.storeEndpoint });
  await ensureTable(dynamo, 'demo-on-demand');
  dynamo.destroy();
  return { settings: { ...AWS_SETTINGS, ...aws.environment, GITLAB_URL: 'https://127.0.0.1:1' }, close: aws.close };
};

const docker = (...args) => spawnSync('docker', args, { encoding: 'utf8' });
const hasImage = () => docker('image', 'inspect', IMAGE).status === 0;

const ofProcess = (name, args, settings, path = '/livez') => ({
  name,
  path,
  command: () => [process.execPath, ...args],
  env: (port) => ({ ...settings, PORT: String(port) }),
  pidOf: (child) => child.pid,
  stop: (child) => child.kill('SIGTERM'),
});

/** On the host's network, since the neighbours listen on its loopback alone. */
const ofContainer = (name, limits, settings) => ({
  name,
  path: '/livez',
  command: (port) => [
    ...['docker', 'run', '--rm', '--read-only', '--network', 'host', '--name', `bench-${port}`, ...limits],
    ...Object.entries({ ...settings, PORT: port }).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    IMAGE,
  ],
  env: () => ({}),
  pidOf: (_child, port) => docker('inspect', '--format', '{{.State.Pid}}', `bench-${port}`).stdout.trim(),
  stop: (_child, port) => docker('kill', `bench-${port}`),
});

/** The program without what V8 has kept of a start. */
const withoutCodeCache = (folder) => {
  cpSync(PROGRAM, folder, { recursive: true, filter: (path) => !path.endsWith('.code-cache.gz') });
  return [...FLAGS, join(folder, START)];
};

const variantsOf = (local, aws, folder) => {
  const [settings, onAws] = [local, aws].map((given) => ({ ...ENVIRONMENT, ...given }));
  const plain = withoutCodeCache(folder);
  const cached = [...FLAGS, join(PROGRAM, START)];
  return [
    ofProcess('sources (npm start)', ['src/server.ts'], settings),
    ofProcess('bundle', plain, settings),
    ofProcess('bundle with code cache', cached, settings),
    ofProcess('MODE=aws, bundle', plain, onAws, '/readyz'),
    ofProcess('MODE=aws, with code cache', cached, onAws, '/readyz'),
    ...(hasImage()
      ? [
          ofContainer('container', [], settings),
          ofContainer('container, a quarter of a CPU', ['--cpus', '0.25'], settings),
        ]
      : []),
  ];
};

if (!existsSync(BUNDLE)) throw new Error(`There is no ${BUNDLE}: run "npm run build" first`);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const neighbours = await startNeighbours();
const aws = await startAws();
try {
  const variants = variantsOf(neighbours.settings, aws.settings, folder);
  const times = new Map(variants.map(({ name }) => [name, []]));
  // The first round makes the table, and does not count.
  for (let run = 0; run <= RUNS; run += 1) {
    for (const variant of variants) {
      const port = await freePort('127.0.0.1');
      const measured = await measure(variant, port);
      if (run > 0) times.get(variant.name).push(measured);
    }
  }
  print(`Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), ${RUNS} runs each`);
  print(
    `on the disk: node_modules for production ${megabytes(productionBytes())}, bundle ${megabytes(statSync(BUNDLE).size)}`,
  );
  print('from the start of the process to the first answer, in milliseconds; busy is the time of a processor, and');
  print('memory what it held five seconds later, in MB:');
  print(`| ${'variant'.padEnd(30)} | median | fastest | slowest | busy | memory |`);
  for (const [name, measured] of times) {
    const values = measured.map(({ tookMs }) => tookMs);
    const figures = [
      median(values),
      Math.min(...values),
      Math.max(...values),
      median(measured.map(({ busyMs }) => busyMs)),
      median(measured.map(({ residentBytes: bytes }) => bytes && bytes / 1e6)),
    ];
    const [middle, fastest, slowest, busy, memory] = figures.map((figure) =>
      figure === null ? '-' : figure.toFixed(0),
    );
    print(
      `| ${name.padEnd(30)} | ${middle.padStart(6)} | ${fastest.padStart(7)} | ${slowest.padStart(7)} | ${busy.padStart(4)} | ${memory.padStart(6)} |`,
    );
  }
  if (!hasImage()) print(`(no image ${IMAGE}, so no container was measured)`);
} finally {
  neighbours.close();
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
}
