import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The base images, by the names under which the Dockerfile and docker-compose.yml know them. */
export const NODE_IMAGE = 'node:24-bookworm-slim';
export const DYNAMODB_IMAGE = process.env.DYNAMODB_IMAGE ?? 'amazon/dynamodb-local:latest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PROBE_MS = 15_000;
const PULL_MS = 60_000;

/** What a command came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** After this it is ended, and its status is null. */
  readonly timeoutMs: number;
}

/** Runs a command to its end, in the root of the project. Never rejects for what the command came to. */
export const run = async (command: readonly string[], { env = {}, timeoutMs }: RunOptions): Promise<Ran> => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: null, stdout: text.stdout, stderr: String(error) }));
    child.on('close', (status) => resolve({ status, ...text }));
  });
};

/** The same for a command that has to succeed; answers with its output. */
export const succeed = async (command: readonly string[], options: RunOptions): Promise<string> => {
  const { status, stdout, stderr } = await run(command, options);
  if (status === 0) return stdout.trim();
  throw new Error(`${command.join(' ')} ended with ${status}\n${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`);
};

const probe = (command: readonly string[], timeout = PROBE_MS): SpawnSyncReturns<string> => {
  const [program = '', ...args] = command;
  return spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout });
};

const works = (command: readonly string[], timeout?: number): boolean => probe(command, timeout).status === 0;

/** Docker's own builder came with its client until version 22; from 23 on it takes the plugin buildx. */
const hasBuildKit = (docker: string): boolean => {
  const version = Number.parseInt(probe([docker, 'version', '--format', '{{.Client.Version}}']).stdout ?? '', 10);
  return version < 23 || works([docker, 'buildx', 'version']);
};

/** The client to use: of several in the path, one with the quick builder. */
const chooseDocker = (): { readonly docker: string; readonly buildKit: '0' | '1' } => {
  const candidates = process.env.DOCKER ? [process.env.DOCKER] : ['docker', '/usr/bin/docker'];
  const quick = candidates.find((candidate) => works([candidate, '--version']) && hasBuildKit(candidate));
  return { docker: quick ?? candidates[0] ?? 'docker', buildKit: quick === undefined ? '0' : '1' };
};

const { docker: DOCKER, buildKit: DOCKER_BUILDKIT } = chooseDocker();
const COMPOSE = works(['docker-compose', 'version']) ? ['docker-compose'] : [DOCKER, 'compose'];

const hasImage = (image: string): boolean =>
  works([DOCKER, 'image', 'inspect', image]) || works([DOCKER, 'pull', '--quiet', image], PULL_MS);

const whyUnavailable = (): string | null => {
  if (!works([DOCKER, 'info'])) return 'no Docker engine answers';
  if (!works([...COMPOSE, 'version'])) return 'there is no docker-compose';
  const missing = [NODE_IMAGE, DYNAMODB_IMAGE].find((image) => !hasImage(image));
  return missing === undefined ? null : `${missing} is not here and cannot be pulled`;
};

/** False when containers can be tried here; else the reason to skip, also said where nobody misses it. */
export const skipReason = (): string | false => {
  const why = whyUnavailable();
  if (why === null) return false;
  const reason = `SKIPPED: ${why}, so the containers were NOT tested.`;
  process.stderr.write(`\n${reason}\n\n`);
  return reason;
};

/** Runs docker; rejects unless it succeeds. */
export const docker = (args: readonly string[], timeoutMs = 60_000): Promise<string> =>
  succeed([DOCKER, ...args], { timeoutMs });

/** Runs docker, whatever it comes to. */
export const tryDocker = (args: readonly string[], timeoutMs = 60_000): Promise<Ran> =>
  run([DOCKER, ...args], { timeoutMs });

/** The command line of docker-compose for a project. */
export const composeCommand = (project: string, files: readonly string[]): readonly string[] => [
  ...COMPOSE,
  '--project-name',
  project,
  ...files.flatMap((file) => ['--file', file]),
];

export interface Images {
  readonly server: string;
  readonly simulator: string;
}

export const REVISION = 'the-revision-under-test';
export const SOURCE = 'https://source.example/under-test';
const BUILD_MS = 300_000;

/** Builds one stage of the Dockerfile under a tag. What was built before is taken from the builder's cache. */
export const buildImage = async (target: string, tag: string, version: string): Promise<string> => {
  const values = { VERSION: version, REVISION, SOURCE };
  const labels = Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const command = [DOCKER, 'build', '--target', target, '--tag', tag, ...labels, '.'];
  await succeed(command, { env: { DOCKER_BUILDKIT }, timeoutMs: BUILD_MS });
  return tag;
};
