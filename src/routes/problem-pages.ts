import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { HttpError } from './http-error.ts';
import { codeOfSlug, problemKind } from './problem-table.ts';

const pageOf = (slug: string): string => {
  const code = codeOfSlug(slug);
  if (code === null) throw new HttpError('ROUTE_NOT_FOUND');
  const { status, title, retryAfterSeconds } = problemKind(code);
  const hint =
    retryAfterSeconds === null && status !== 409 && status !== 429 ? '' : 'Retry-After says when to come back.\n';
  return `${code}\nHTTP ${status}\n\n${title}.\n${hint}`;
};

/** GET /problems/:slug: what stands behind the `type` of every error, for whoever follows the link. */
export const problemPages: FastifyPluginAsyncTypebox = async (app) => {
  app.route({
    method: 'GET',
    url: '/problems/:slug',
    schema: { hide: true, params: Type.Object({ slug: Type.String() }) },
    handler: async (request, reply) => {
      const page = pageOf(request.params.slug);
      return reply.header('Cache-Control', 'public, max-age=3600').type('text/plain; charset=utf-8').send(page);
    },
  });
};
