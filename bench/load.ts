import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { ServerFigures } from './server/figures.ts';

/** A server in a process of its own. */
export type Server = {
  readonly url: string;
  readonly process: ChildProcess;
  /** How much it has worked since it began, and what it holds now. */
  figures(): Promise<ServerFigures>;
  stop(): Promise<void>;
};

type Told = { readonly url?: string; readonly figures?: ServerFigures };

/** The next message that has what is wanted. */
const toldBy = (child: ChildProcess, wanted: keyof Told): Promise<Told> =>
  new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('the server under test has ended'));
    const listen = (message: unknown): void => {
      const told = message as Told;
      if (told[wanted] === undefined) return;
      child.off('message', listen).off('exit', end);
      resolve(told);
    };
    child.on('message', listen).once('exit', end);
  });

const NO_FIGURES: ServerFigures = { cpuMs: 0, rssMegabytes: 0, storeReads: 0, gitlabCalls: 0 };

/** Starts a script of `bench/server` and waits until it serves. */
export const startServer = async (
  script: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Server> => {
  const path = fileURLToPath(new URL(`./server/${script}`, import.meta.url));
  const child = fork(path, args, { env: { PATH: process.env.PATH ?? '', ...environment } });
  const { url = '' } = await toldBy(child, 'url');
  return {
    url,
    process: child,
    figures: async () => {
      const told = toldBy(child, 'figures');
      child.send('figures');
      return (await told).figures ?? NO_FIGURES;
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    },
  };
};

/** Many clients, each by its own address, so that the limits of one are not what is measured. */
const CLIENTS = Array.from({ length: 2_000 }, (_, client) => `10.1.${client >> 8}.${client & 255}`);
const CONNECTIONS = 50;

/** What a server did under load. */
export type Load = {
  readonly perSecond: number;
  /** Processor time of the server for each answer. */
  readonly cpuMicroseconds: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
};

/** Asks for one path as fast as the server answers, as many clients, for some seconds. */
export const load = async (
  server: Server,
  path: string,
  { seconds = 5, headers = {} }: { seconds?: number; headers?: Readonly<Record<string, string>> } = {},
): Promise<Load> => {
  const before = await server.figures();
  const result = await autocannon({
    url: server.url + path,
    connections: CONNECTIONS,
    duration: seconds,
    requests: CLIENTS.map((client) => ({ method: 'GET', path, headers: { 'x-client': client, ...headers } })),
  });
  const after = await server.figures();
  const { statusCodeStats = {} } = result as { statusCodeStats?: Record<string, { count: number }> };
  return {
    perSecond: result.requests.average,
    cpuMicroseconds: ((after.cpuMs - before.cpuMs) * 1_000) / result.requests.total,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(Object.entries(statusCodeStats).map(([status, { count }]) => [status, count])),
  };
};

/** The middle one of several figures. */
export const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
