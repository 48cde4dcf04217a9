import { isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type AppDeps, type AppOptions, buildApp } from './app.ts';
import { freePort } from './compose-port.ts';
import type { Config } from './config.ts';
import { createButton } from './routes/button.ts';
import { createPages } from './routes/pages.ts';

/** Each read bucket is this many times the write bucket (see docs/adr/0006). */
const READ_FACTOR = 10;

export type HttpParts = Omit<AppDeps, 'pages' | 'button'> & Pick<AppOptions, 'logger' | 'visitorKey'>;

export interface Http {
  readonly app: FastifyInstance;
  readonly port: number;
  /** Where visitors reach it. */
  readonly url: string;
}

/** Builds the HTTP side as configured. It does not listen. */
export const createHttp = async (config: Config, version: string, parts: HttpParts): Promise<Http> => {
  const { server, cost, policy, gitlab } = config;
  const { logger, visitorKey, ...deps } = parts;
  // Links and CORS need to know it before the server listens.
  const port = server.port === 0 ? await freePort(server.host) : server.port;
  const url = server.publicUrl ?? `http://${isIPv6(server.host) ? `[${server.host}]` : server.host}:${port}`;
  const localMode = config.mode === 'local';
  const facts = { simulated: localMode, hourlyCostUsd: cost.hourlyUsd, policy };
  const app = await buildApp(
    { ...deps, pages: createPages(facts), button: createButton(facts) },
    {
      publicUrl: url,
      allowedOrigins: server.allowedOrigins,
      clientIpSource: server.clientAddressSource,
      rateLimit: { ...config.rateLimit, readFactor: READ_FACTOR },
      visitorKey,
      logger,
      version,
      localMode,
      showPipelineLink: gitlab.showPipelineLink,
    },
  );
  return { app, port, url };
};
