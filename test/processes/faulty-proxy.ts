import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestOverHttp,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';

/** Nothing that the servers send is larger than a log chunk of 64 KB and its frame. */
const MAX_BODY_BYTES = 1_000_000;

export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CannedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What becomes of a request on its way. */
export type Fate =
  | { readonly kind: 'pass' }
  /** Never forwarded; the connection is closed. */
  | { readonly kind: 'lose-request' }
  /** Forwarded; the connection is closed in place of the answer. */
  | { readonly kind: 'lose-reply' }
  /** Forwarded that much later, whether or not anybody still waits for the answer. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Never forwarded; somebody on the way answers. */
  | { readonly kind: 'answer'; readonly answer: CannedAnswer }
  /** Never forwarded and never answered. */
  | { readonly kind: 'hang' }
  /** Forwarded and never answered. */
  | { readonly kind: 'hang-reply' }
  /** Forwarded; the answer ends in its middle. */
  | { readonly kind: 'cut' }
  /** Forwarded twice, one after the other; the second answer is handed on. */
  | { readonly kind: 'twice' };

/** May take its time: until it answers, the request is held. */
export type FateOf = (request: ProxiedRequest) => Fate | Promise<Fate>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** They are about one connection, and the two of a proxy are not the same. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

const endToEnd = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > MAX_BODY_BYTES && message.statusCode === undefined) throw new Error('a request is too long to be ours');
  }
  return Buffer.concat(chunks);
};

const forwarder = (target: URL, agent: Agent) => async (request: ProxiedRequest, body: Buffer) => {
  const outgoing = requestOverHttp({
    host: target.hostname,
    port: target.port,
    method: request.method,
    path: request.path,
    headers: { ...endToEnd(request.headers), 'content-length': String(body.byteLength) },
    agent,
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await bodyOf(incoming) } satisfies Answer;
};

const send = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...endToEnd(headers), 'content-length': String(body.byteLength) });
  response.end(body);
};

/** Says how long the answer is, sends half of it and closes the connection. */
const sendHalf = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...endToEnd(headers), 'content-length': String(body.byteLength) });
  response.write(body.subarray(0, Math.floor(body.byteLength / 2)), () => response.destroy());
};

/**
 * Stands between a server and one of its neighbours and lets each request meet its fate. Listens on the loopback
 * interface until the test is over, and then leaves no connection open. Answers with its own origin.
 *
 * @param target the origin that is forwarded to
 */
export const startFaultyProxy = async (t: Test, target: string, fateOf: FateOf): Promise<string> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const closing = new AbortController();
  const forward = forwarder(new URL(target), agent);

  const carryOut = async (fate: Fate, request: ProxiedRequest, body: Buffer, response: ServerResponse) => {
    switch (fate.kind) {
      case 'pass':
        return send(response, await forward(request, body));
      case 'lose-request':
        return response.destroy();
      case 'lose-reply':
        await forward(request, body);
        return response.destroy();
      case 'delay':
        await delay(fate.delayMs, undefined, { signal: closing.signal });
        return send(response, await forward(request, body));
      case 'answer':
        return send(response, { ...fate.answer, body: Buffer.from(fate.answer.body) });
      case 'hang':
        return undefined;
      case 'hang-reply':
        await forward(request, body);
        return undefined;
      case 'cut':
        return sendHalf(response, await forward(request, body));
      case 'twice':
        await forward(request, body);
        return send(response, await forward(request, body));
    }
  };

  const server = createServer(async (incoming, response) => {
    try {
      const body = await bodyOf(incoming);
      const { method = 'GET', url: path = '/', headers } = incoming;
      const request = { method, path, headers, body: body.toString('utf8') };
      await carryOut(await fateOf(request), request, body, response);
    } catch {
      // Whoever asked has gone, or the neighbour is not there: either way there is nothing to answer.
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    closing.abort();
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  // A server that listens on a port has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
