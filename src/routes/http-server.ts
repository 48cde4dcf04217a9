import { createServer, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyServerFactory } from 'fastify';
import type { HotReads } from './hot-reads.ts';
import { announcesBody } from './request-body.ts';

interface Timeouts {
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
}

/**
 * A request without a body has ended with its head, and Node closes it no more: all who listen for its client's going
 * away would wait for nothing. Node does destroy it then, though, also one whose turn on its connection has not come.
 */
class Request extends IncomingMessage {
  override destroy(error?: Error): this {
    if (!announcesBody(this)) this.emit('close');
    return super.destroy(error);
  }
}

/**
 * Makes the server beneath the framework: hot reads are answered before it, all others by it. The framework's own times
 * are set here, because it leaves that to whoever gives it a server.
 */
export const serverWith =
  (hotReads: Pick<HotReads, 'answer'>): FastifyServerFactory =>
  (handle, options) => {
    const { requestTimeout, keepAliveTimeout } = options as unknown as Timeouts;
    // A request that says nothing of a body has none: its stream has ended before anybody listens, which saves the half
    // dozen turns that it would take to end. `endEmptyBodies` tells the framework.
    const server = createServer({ optimizeEmptyRequests: true, IncomingMessage: Request }, (request, response) => {
      if (!hotReads.answer(request, response, handle)) handle(request, response);
    });
    server.requestTimeout = requestTimeout;
    server.keepAliveTimeout = keepAliveTimeout;
    return server;
  };

/** Gives whoever reads a body that ended before the framework saw it an end to wait for. Call it once. */
export const endEmptyBodies = (app: FastifyInstance): void => {
  app.addHook('preParsing', ({ raw }, _reply, payload, done) => {
    // Without a type nobody reads, which is so of nearly every request.
    const isRead = raw.headers['content-type'] !== undefined;
    done(null, isRead && raw.readableEnded ? Readable.from([]) : payload);
  });
};
