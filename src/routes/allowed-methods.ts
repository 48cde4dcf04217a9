import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `/v1/deployments/:id/logs` as a pattern: a parameter is one segment, and a star is everything. */
const patternOf = (url: string): RegExp => {
  const segments = url.split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : escaped(segment)));
  return new RegExp(`^${segments.join('/')}$`);
};

/**
 * Remembers every route as it is added and answers for a path what may be done there. Call it before any route is
 * added. Fastify itself says 404 to a wrong method, because its router keeps a tree per method.
 */
export const rememberMethods = (app: FastifyInstance): ((path: string) => readonly string[]) => {
  const known = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ url, method }) => {
    // The plugin for CORS adds `OPTIONS *`, which stands for no address of ours.
    if (url.includes('*')) return;
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const one of Array.isArray(method) ? method : [method]) path.methods.add(one);
    known.set(url, path);
  });
  return (path) =>
    [...known.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : [])).toSorted();
};

/** Makes the handler for what no route matched: 405 with `Allow` where another method would do, else 404. */
export const createNotFoundHandler =
  (methodsAt: (path: string) => readonly string[]) =>
  async (request: FastifyRequest, _reply: FastifyReply): Promise<never> => {
    const allowed = methodsAt(request.url.split('?', 1)[0] ?? '/');
    if (allowed.length === 0) throw new HttpError('ROUTE_NOT_FOUND');
    throw new HttpError('METHOD_NOT_ALLOWED', { headers: { Allow: allowed.join(', ') } });
  };
