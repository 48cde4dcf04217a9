import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { World } from '../world.ts';
import { outputsOf } from './job-routes.ts';
import { hasOutputs } from './job-view.ts';

/** The object storage gitlab.com redirects to: another origin, which refuses whoever brings GitLab's credentials. */
export interface ArtifactServer {
  listen(host: string): Promise<void>;
  close(): Promise<void>;
  readonly origin: () => string;
}

function answer(world: World, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['private-token'] !== undefined || request.headers.authorization !== undefined) {
    response.writeHead(400, { 'content-type': 'application/xml' }).end('<Error><Code>InvalidArgument</Code></Error>\n');
    return;
  }
  const jobId = request.url?.match(/^\/artifacts\/(\d+)\/outputs\.json$/)?.[1];
  const job = world.jobs.get(Number(jobId));
  if (!job || !hasOutputs(job)) {
    response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(outputsOf(world, job));
}

/** Makes the second origin; it listens on a free port of the same host. */
export function createArtifactServer(world: World): ArtifactServer {
  const server = createServer((request, response) => answer(world, request, response));
  let origin = 'http://127.0.0.1:9';

  return {
    origin: () => origin,
    async listen(host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port: 0 }, resolve);
      });
      const address = server.address();
      if (typeof address === 'object' && address !== null) origin = `http://127.0.0.1:${address.port}`;
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
