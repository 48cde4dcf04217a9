import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';
import { isWrite } from './rate-limit.ts';

/** One address of this machine by its other names: a page opened as `localhost` posts from there. */
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

const loopbackNames = (publicUrl: string): readonly string[] => {
  const url = new URL(publicUrl);
  if (!LOOPBACK_HOSTS.includes(url.hostname)) return [];
  const port = url.port === '' ? '' : `:${url.port}`;
  return LOOPBACK_HOSTS.map((host) => `${url.protocol}//${host}${port}`);
};

export interface OriginOptions {
  readonly publicUrl: string;
  /** Exact origins: scheme, host and port. */
  readonly allowedOrigins: readonly string[];
  /** Locally the loopback's other names are our own as well. */
  readonly localMode: boolean;
}

/**
 * Makes the one test for an origin: equal to a listed one or to our own. `null` is what sandboxed frames and files
 * send, so it is nobody and never allowed; there is no wildcard.
 */
export const createIsAllowedOrigin = (options: OriginOptions): ((origin: string) => boolean) => {
  const own = [new URL(options.publicUrl).origin, ...(options.localMode ? loopbackNames(options.publicUrl) : [])];
  const allowed = new Set([...options.allowedOrigins, ...own]);
  allowed.delete('null');
  allowed.delete('*');
  return (origin) => allowed.has(origin);
};

/** What a page on another site may read. `Date` is among them, because clients count on from it. */
const EXPOSED = [
  'Date',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'Preference-Applied',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Complete',
  'X-Next-Cursor',
  'X-Request-Id',
].join(', ');

/** What tells a browser that a page of this origin, which is an allowed one, may read an answer. */
export const corsHeaders = (origin: string): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': EXPOSED,
});

/** What it may send. `Content-Type`, because JSON is not one of the types that a page may send unasked. */
const ACCEPTED = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Prefer'];

/** Two hours; Chromium takes no more. */
const PREFLIGHT_SECONDS = 7200;

/**
 * CORS sees to it that a page of an unlisted site cannot read; this sees to it that it cannot write either, for a
 * request that the browser sends anyway would still be carried out. Clients that are no browsers send neither header.
 */
const refuseForeignWrite = (request: FastifyRequest, isAllowed: (origin: string) => boolean): void => {
  const { origin } = request.headers;
  if (origin !== undefined && isAllowed(origin)) return;
  // A preflight of an allowed origin was answered before this, so one that comes here has none.
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (!isWrite(request.method) && !isPreflight) return;
  if (origin === undefined && request.headers['sec-fetch-site'] !== 'cross-site') return;
  throw new HttpError('ORIGIN_REFUSED');
};

/** Answers preflights, names allowed origins, and refuses writes from all others before anything else is looked at. */
export const guardOrigins = async (app: FastifyInstance, isAllowed: (origin: string) => boolean): Promise<void> => {
  await app.register(cors, {
    origin: (origin, callback) => callback(null, origin !== undefined && isAllowed(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ACCEPTED,
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
    // Otherwise an odd OPTIONS is answered in plain text by the plugin itself.
    strictPreflight: false,
  });
  app.addHook('onRequest', (request, _reply, done) => {
    refuseForeignWrite(request, isAllowed);
    done();
  });
};
