import { createServer } from 'node:http';
import type { FastifyServerFactory } from 'fastify';
import type { HotReads } from './hot-reads.ts';

interface Timeouts {
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
}

/**
 * Makes the server beneath the framework: hot reads are answered before it, all others by it. The framework's own times
 * are set here, because it leaves that to whoever gives it a server.
 */
export const serverWith =
  (hotReads: Pick<HotReads, 'answer'>): FastifyServerFactory =>
  (handle, options) => {
    const { requestTimeout, keepAliveTimeout } = options as unknown as Timeouts;
    const server = createServer((request, response) => {
      if (!hotReads.answer(request, response, handle)) handle(request, response);
    });
    server.requestTimeout = requestTimeout;
    server.keepAliveTimeout = keepAliveTimeout;
    return server;
  };
