import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SIMULATOR_TOKEN } from '../src/local/gitlab-simulator/simulator.ts';
import { endWithUs } from '../test/processes/end-with-us.ts';
import type { Peer } from './peer.ts';

const SERVER = 'dist/server/bin/server.js';
const SIMULATOR = 'dist/simulator/bin/gitlab-simulator.js';
/** What the Dockerfile gives the server. */
export const FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=4', '--min-semi-space-size=4'];
export const ENVIRONMENT = { MALLOC_ARENA_MAX: '1' };
const STORE = 'test/processes/dynalite-process.ts';
const LONGER = 'bench/server/longer-logs.ts';
const OWNER_TOKEN = ['owner', 'of', 'the', 'benchmark'].join('-');

/** A line of the server's log. */
export type LogLine = { readonly msg: string; readonly time: string; readonly step?: string };

export type ServiceFigures = {
  readonly cpuMs: number;
  readonly rssMegabytes: number;
  /** Consistent reads of one item. */
  readonly storeReads: number;
  /** Operations of any kind. */
  readonly storeCalls: number;
  readonly logMegabytes: number;
  readonly gitlabCalls: number;
};

/** The server as its image runs it, with its neighbours in processes of their own. */
export type Service = Peer & {
  figures(): Promise<ServiceFigures>;
  /** Every line of its log so far. */
  readonly lines: readonly LogLine[];
};

type Program = { readonly child: ChildProcess; readonly found: string };

/** Starts a program and waits until it prints what is wanted. */
const startProgram = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  wanted: RegExp,
  heard: (line: string) => void = () => undefined,
): Promise<Program> => {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = wanted.exec(line)?.[1];
    if (found !== undefined) resolve(found);
    heard(line);
  });
  child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  return { child, found: await promise };
};

const stopProgram = async ({ child }: Program): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

const figureIn = (metrics: string, series: RegExp): number =>
  [...metrics.matchAll(series)].reduce((sum, [, value]) => sum + Number(value), 0);

const parseLine = (line: string): LogLine | null => (line.startsWith('{') ? (JSON.parse(line) as LogLine) : null);

/** The store and the simulator. */
export type Neighbours = {
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Starts what servers come and go beside. Every line of a job's log comes so many times. */
export const startNeighbours = async ({ logTimes = 1 } = {}): Promise<Neighbours> => {
  const store = await startProgram([STORE], {}, /(http:\S+)/);
  const gitlab = await startProgram([SIMULATOR], { SIMULATOR_PORT: '0' }, /GitLab simulator: (\S+)/);
  const asked =
    logTimes === 1 ? gitlab : await startProgram([LONGER, gitlab.found, String(logTimes)], {}, /logs: (\S+)/);
  return {
    settings: {
      DYNAMODB_ENDPOINT: store.found,
      GITLAB_URL: asked.found,
      GITLAB_PROJECT: 'demo/eks-demo',
      GITLAB_REF: 'demo-v1',
      LIVE_ORIGINS: gitlab.found,
      LOCAL_GITLAB_TOKEN: SIMULATOR_TOKEN,
    },
    stop: async () => {
      await Promise.all([stopProgram(asked), stopProgram(gitlab), stopProgram(store)]);
    },
  };
};

const askFigures = async (url: string): Promise<ServiceFigures> => {
  const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
  const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
  return {
    cpuMs: figureIn(metrics, /^process_cpu_seconds_total (\S+)$/gm) * 1_000,
    rssMegabytes: figureIn(metrics, /^process_resident_memory_bytes (\S+)$/gm) / 1e6,
    storeReads: figureIn(metrics, /^demo_store_calls_total\{operation="GetItem",[^}]*\} (\d+)$/gm),
    storeCalls: figureIn(metrics, /^demo_store_calls_total\{[^}]*\} (\d+)$/gm),
    logMegabytes: figureIn(metrics, /^demo_log_bytes_masked_total (\d+)$/gm) / 1e6,
    gitlabCalls: figureIn(metrics, /^demo_gitlab_calls_total\{[^}]*\} (\d+)$/gm),
  };
};

/** Starts the bundle of the server with the flags of its image. Rejects where it was not built. */
export const startServer = async (settings: Readonly<Record<string, string>>): Promise<Service> => {
  if (!existsSync(SERVER)) throw new Error(`there is no ${SERVER}: npm run build makes it`);
  const lines: LogLine[] = [];
  const env = { ...ENVIRONMENT, PORT: '0', LOCAL_OWNER_TOKEN: OWNER_TOKEN, LOG_LEVEL: 'info', ...settings };
  const server = await startProgram([...FLAGS, SERVER], env, /demo-on-demand is at (\S+)/, (line) => {
    const parsed = parseLine(line);
    if (parsed !== null) lines.push(parsed);
  });
  return {
    url: server.found,
    lines,
    figures: () => askFigures(server.found),
    cpuMs: async () => (await askFigures(server.found)).cpuMs,
    stop: () => stopProgram(server),
  };
};

/** Starts one server and its neighbours, which end with it. */
export const startService = async (
  settings: Readonly<Record<string, string>> = {},
  neighboursOptions: Parameters<typeof startNeighbours>[0] = {},
): Promise<Service> => {
  const neighbours = await startNeighbours(neighboursOptions);
  const server = await startServer({ ...neighbours.settings, ...settings });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      await neighbours.stop();
    },
  };
};
