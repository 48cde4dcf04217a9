import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Test } from 'tap';

/** A request as it came in. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the receiver does with the request of that number, counted from 1. Default: 200 `ok`, as Slack answers. */
export type Answer = (response: ServerResponse, count: number) => void;

const OK: Answer = (response) => response.end('ok');

/** Waits, a turn of the event loop at a time, until that is so; the test's own time limit ends it. */
export const eventually = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(setImmediate);
};

/** A receiver of webhooks on this machine that does as it is told and remembers everything. */
export const startReceiver = async (t: Test, answer: Answer = OK) => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      received.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response, received.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: new URL(`http://127.0.0.1:${port}/services/made-up-address`),
    received,
    /** Resolves when so many have come. */
    got: (count: number) => eventually(() => received.length >= count),
    messages: () => received.map(({ body }): Record<string, unknown> => JSON.parse(body)),
  };
};
