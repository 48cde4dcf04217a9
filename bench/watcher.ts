import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readAnswers } from './answers.ts';

const PATH = '/v1/deployments/current';
const ARRIVING_MS = 4_000;

/** A status that a watcher saw for the first time, and when, in milliseconds since the epoch. */
export type Sight = { readonly status: string; readonly at: number };

const ETAG = /^etag: ([^\r\n]*)/im;

export type WatchOptions = {
  readonly port: number;
  /** The client's own address. */
  readonly localAddress: string;
  readonly saw: (sight: Sight) => void;
  readonly signal: AbortSignal;
};

/** One connection: holds a read, and asks again with what it has seen. Resolves when the connection is closed. */
const holdReads = ({ port, localAddress, saw, signal }: WatchOptions, seen: { status: string }): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress, signal } as Parameters<typeof connect>[0]);
    const ask = (etag: string | null): void => {
      const held = etag === null ? '' : `if-none-match: ${etag}\r\nprefer: wait=20\r\n`;
      socket.write(`GET ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n${held}\r\n`);
    };
    readAnswers(socket, ({ status, head, body }) => {
      // The status stands at the top of the view; parsing all of it, five thousand times, is not what is measured.
      const now = status === 200 ? (/"status":"([a-z]+)"/.exec(body)?.[1] ?? '') : seen.status;
      if (now !== seen.status && seen.status !== '') saw({ status: now, at: Date.now() });
      seen.status = now;
      // Sent away for the moment: comes back a little later, as a client does.
      if (status >= 400) setTimeout(ask, 1_000 + Math.random() * 1_000, null);
      else ask(ETAG.exec(head)?.[1] ?? null);
    });
    socket.once('connect', () => ask(null));
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve());
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });

/** One watcher, who comes within some seconds and stays until he is told to stop. */
export const watch = async (options: WatchOptions): Promise<void> => {
  const seen = { status: '' };
  await delay(Math.random() * ARRIVING_MS);
  while (!options.signal.aborted) {
    await holdReads(options, seen);
    if (!options.signal.aborted) await delay(1_000);
  }
};

/** After so long all have come. */
export const ALL_ARRIVED_MS = ARRIVING_MS + 1_000;
