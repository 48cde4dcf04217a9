import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createControl, type SimulatorControl } from './control.ts';
import { createWorld } from './create-world.ts';
import { advance } from './due-events.ts';
import { createArtifactServer } from './http/artifact-server.ts';
import { registerControlRoutes } from './http/control-routes.ts';
import { createApp } from './http/create-app.ts';
import { registerDemoSite } from './http/demo-site.ts';
import { registerGitlabApi } from './http/gitlab-api.ts';
import { registerPipelinePages } from './http/pipeline-pages.ts';
import { createRequestQuota } from './http/request-quota.ts';
import { createTraceReader } from './trace-store.ts';

/** The token the simulator accepts by default. It opens nothing but a simulator. */
export const SIMULATOR_TOKEN = ['glpat', 'simulator-local-only'].join('-');
/** A second token, which may only read. */
export const SIMULATOR_READ_TOKEN = ['glpat', 'simulator-read-only'].join('-');

export interface GitlabSimulatorOptions {
  /** Wall clock in epoch milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Simulated seconds per second; default 1. */
  readonly speed?: number;
  /** The token with every right; default `SIMULATOR_TOKEN`. */
  readonly token?: string;
  /** Default `demo/eks-demo`. The numeric id is always 1001. */
  readonly projectPath?: string;
  /** Refs pipelines can be created on; default `demo-v1` (a tag) and `main`. */
  readonly refs?: readonly string[];
  /** Where browsers reach the simulator; default the origin it listens on. */
  readonly publicOrigin?: () => string;
  /** Fixes everything that looks random; default 1. */
  readonly seed?: number;
  /** Pipelines a minute on one commit; default 25, as on gitlab.com. */
  readonly createLimitPerMinute?: number;
  /** Requests a minute; default 2000, as on gitlab.com. */
  readonly requestLimitPerMinute?: number;
  readonly logger?: FastifyBaseLogger;
}

export interface GitlabSimulator {
  /** Starts listening and answers with the origin, for example `http://127.0.0.1:4010`. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly origin: string }>;
  /** Stops listening and ends every connection, also those that a fault left hanging. */
  close(): Promise<void>;
  /** Sends a request without a network, for tests. */
  readonly inject: FastifyInstance['inject'];
  readonly control: SimulatorControl;
  /** Accepts another token from now on, in place of the one with every right. */
  setToken(token: string): void;
  /** The same as `control.state()`. */
  snapshot(): Readonly<Record<string, unknown>>;
}

/**
 * Makes a simulated GitLab with one project whose pipelines build and destroy a simulated demo environment, the
 * environment's public address, an inventory of what exists and a second destroyer. Whatever happens is a function of
 * the requests and of time: it is worked out when somebody looks, nothing runs in between.
 */
export function createGitlabSimulator(options: GitlabSimulatorOptions = {}): GitlabSimulator {
  let origin = 'http://127.0.0.1';
  let token = options.token ?? SIMULATOR_TOKEN;
  const publicOrigin = options.publicOrigin ?? (() => origin);
  const world = createWorld(options, publicOrigin);
  const catchUp = (): void => advance(world, world.clock.simulatedAt());
  const control = createControl(world, catchUp);
  const artifacts = createArtifactServer(world);
  const app = createApp(world, catchUp, options.logger);

  registerDemoSite(app, world);
  registerPipelinePages(app, world);
  app.register(async (routes) => registerControlRoutes(routes, control), { prefix: '/control' });
  app.register(
    async (api) =>
      registerGitlabApi(api, world, {
        tokens: () => ({ full: token, readOnly: SIMULATOR_READ_TOKEN }),
        quota: createRequestQuota(options.requestLimitPerMinute ?? 2_000),
        createdAt: world.clock.wallAt(),
        catchUp,
        readTrace: createTraceReader(world),
        artifactOrigin: artifacts.origin,
      }),
    { prefix: '/api/v4' },
  );

  return {
    async listen({ host, port }) {
      await app.listen({ host, port });
      const address = app.server.address();
      const listeningPort = typeof address === 'object' && address !== null ? address.port : port;
      origin = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${listeningPort}`;
      await artifacts.listen(host);
      return { origin };
    },
    async close() {
      await artifacts.close();
      await app.close();
    },
    inject: app.inject.bind(app),
    control,
    setToken(next) {
      token = next;
    },
    snapshot: control.state,
  };
}
