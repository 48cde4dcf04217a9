import autocannon from 'autocannon';
import type { Peer } from './peer.ts';

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
  server: Pick<Peer, 'url' | 'cpuMs'>,
  path: string,
  { seconds, headers = {} }: { seconds: number; headers?: Readonly<Record<string, string>> },
): Promise<Load> => {
  const before = await server.cpuMs();
  const result = await autocannon({
    url: server.url + path,
    connections: CONNECTIONS,
    duration: seconds,
    requests: CLIENTS.map((client) => ({ method: 'GET', path, headers: { 'x-client': client, ...headers } })),
  });
  const after = await server.cpuMs();
  const { statusCodeStats = {} } = result as { statusCodeStats?: Record<string, { count: number }> };
  return {
    perSecond: result.requests.average,
    cpuMicroseconds: ((after - before) * 1_000) / result.requests.total,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(Object.entries(statusCodeStats).map(([status, { count }]) => [status, count])),
  };
};

/** How long an answer took, to its end. */
export type Timed = { readonly ms: number; readonly status: number };

export const timed = async (ask: () => Promise<Response>): Promise<Timed> => {
  const begin = performance.now();
  const answer = await ask();
  await answer.arrayBuffer();
  return { ms: performance.now() - begin, status: answer.status };
};

/** The middle one of several figures. */
export const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;

/** What so large a share of the figures is not above; `sorted` from the least on. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
