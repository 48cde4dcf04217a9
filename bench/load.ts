import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readAnswers } from './answers.ts';
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

type Answered = { readonly tookMs: number; readonly status: number };

/** A request of each client, made before anything is measured. */
const requestsOf = (path: string, headers: Readonly<Record<string, string>>): readonly string[] => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return CLIENTS.map(
    (client) => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-client: ${client}\r\n${lines.join('')}\r\n`,
  );
};

const connectTo = async (url: string): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true });
  await once(socket, 'connect');
  return socket;
};

/** Asks on one connection again and again until it is told to end, and resolves with the last answer. */
const askOn = (socket: Socket, next: () => string | null, answered: (answer: Answered) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let beganAt = 0;
    const ask = (): void => {
      const request = next();
      beganAt = performance.now();
      if (request === null) resolve();
      else socket.write(request);
    };
    readAnswers(socket, ({ status }) => {
      answered({ tookMs: performance.now() - beganAt, status });
      ask();
    });
    socket.once('close', () => reject(new Error('the server has closed a connection')));
    ask();
  });

const loadOf = (answers: readonly Answered[], tookMs: number, cpuMs: number): Load => {
  const statuses: Record<string, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    perSecond: (answers.length * 1_000) / tookMs,
    cpuMicroseconds: (cpuMs * 1_000) / answers.length,
    p99Ms: percentile(
      answers.map((answer) => answer.tookMs).toSorted((a, b) => a - b),
      0.99,
    ),
    statuses,
  };
};

/**
 * Asks for one path as fast as the server answers, as many clients, for some seconds. The client does so little for an
 * answer that it waits for the server, not the server for it.
 */
export const load = async (
  server: Pick<Peer, 'url' | 'cpuMs'>,
  path: string,
  { seconds, headers = {} }: { seconds: number; headers?: Readonly<Record<string, string>> },
): Promise<Load> => {
  const requests = requestsOf(path, headers);
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectTo(server.url)));
  const answers: Answered[] = [];
  let turn = 0;
  let isOver = false;
  const next = (): string | null => {
    turn += 1;
    return isOver ? null : (requests[turn % requests.length] ?? null);
  };
  const cpuBeforeMs = await server.cpuMs();
  const beganAt = performance.now();
  const ended = sockets.map((socket) => askOn(socket, next, (answer) => answers.push(answer)));
  await delay(seconds * 1_000);
  isOver = true;
  await Promise.all(ended);
  const tookMs = performance.now() - beganAt;
  const cpuMs = (await server.cpuMs()) - cpuBeforeMs;
  for (const socket of sockets) socket.destroy();
  return loadOf(answers, tookMs, cpuMs);
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
