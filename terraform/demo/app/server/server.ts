import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ClusterWatch } from './cluster-watch.ts';
import type { Facts } from './facts.ts';
import { liveSection } from './live-section.ts';
import { page } from './page.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=86400',
  'x-content-type-options': 'nosniff',
};

const fileOf = (name: string, type: string): Answer => ({
  status: 200,
  type,
  body: readFileSync(new URL(name, import.meta.url), 'utf8'),
});

export interface DemoServerOptions {
  readonly facts: Facts;
  readonly watch: ClusterWatch;
  readonly now: () => number;
}

/**
 * Makes the server of the page. It only reads: of every address it answers GET and HEAD. `/livez` says that the process
 * serves, whether or not Kubernetes answers it, so that the page stays when the control plane is busy.
 */
export const createDemoServer = ({ facts, watch, now }: DemoServerOptions): Server => {
  const files: Readonly<Record<string, Answer>> = {
    '/icon.svg': fileOf('icon.svg', 'image/svg+xml'),
    '/page.css': fileOf('page.css', 'text/css; charset=utf-8'),
    '/page.js': fileOf('page.js', 'text/javascript; charset=utf-8'),
    '/livez': { status: 200, type: TEXT, body: 'ok\n' },
  };

  const answerOf = async (path: string): Promise<Answer> => {
    if (path === '/') return { status: 200, type: HTML, body: page(facts, await watch.look(), now()).html };
    if (path === '/live') return { status: 200, type: HTML, body: liveSection(facts, await watch.look(), now()).html };
    return Object.hasOwn(files, path) && files[path] !== undefined
      ? files[path]
      : { status: 404, type: TEXT, body: 'Not found\n' };
  };

  const respond = async ({ method, url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isRead = method === 'GET' || method === 'HEAD';
    const answer = isRead ? await answerOf(url.split('?')[0] ?? '/') : { status: 405, type: TEXT, body: 'Read only\n' };
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, {
      ...HEADERS,
      ...(isRead ? {} : { allow: 'GET, HEAD', connection: 'close' }),
      'content-type': answer.type,
      'content-length': body.length,
    });
    response.end(method === 'HEAD' ? undefined : body);
  };

  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => {
      // A request's body is of no use here, and must not wait in memory.
      request.resume();
      respond(request, response).catch(() => response.destroy());
    },
  );
  // What is left open costs memory, and of that a pod has little.
  server.maxConnections = 500;
  return server;
};
