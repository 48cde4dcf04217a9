import Fastify from 'fastify';
import type { GitlabSimulator } from './simulator.ts';

/** An address of its own for what visitors may see. */
export interface SiteServer {
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly origin: string }>;
  close(): Promise<void>;
}

/** What a visitor is led to: a demo, and the page of a pipeline where the owner shows the link. */
const VISIBLE = [
  '/demo/:deployment_id(^[0-9a-f-]{36}$)/',
  '/:group(^[\\w-]+$)/:project(^[\\w-]+$)/-/pipelines/:pipeline_id(^\\d+$)',
];

const PASSED_ON = ['content-type', 'cache-control', 'location', 'date'];

/**
 * Makes a server that shows the demos and nothing else of a simulator: neither GitLab's API nor `/control`, which asks
 * for no token. It can be published where the simulator itself must not be. `GET /livez` says that it serves.
 */
export function createSiteServer(simulator: Pick<GitlabSimulator, 'inject'>): SiteServer {
  const app = Fastify({ forceCloseConnections: true });

  for (const url of VISIBLE) {
    app.get(url, async (request, reply) => {
      const shown = await simulator.inject({ method: 'GET', url: request.url });
      for (const name of PASSED_ON) {
        const value = shown.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      return reply.code(shown.statusCode).send(shown.rawPayload);
    });
  }
  app.get('/livez', async () => ({ status: 'ok' }));

  return {
    listen: async (address) => ({ origin: await app.listen(address) }),
    close: () => app.close(),
  };
}
