import type { FastifyInstance } from 'fastify';
import type { EncodedText } from './content-encodings.ts';
import { namesTag } from './etag.ts';

export interface StaticAsset {
  readonly url: string;
  readonly type: string;
  /** The text in the form that an `Accept-Encoding` asks for. */
  readonly formFor: (acceptEncoding: string | string[] | undefined) => EncodedText;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves one text that never changes while the process runs, with a strong tag for each of its forms. It costs no visitor
 * a token of his bucket: a page load must never use up what its polling needs.
 */
export const serveAsset = (app: FastifyInstance, { url, type, formFor, headers }: StaticAsset): void => {
  app.route({
    // Both at once: a HEAD route that the framework adds by itself takes as long again, for every file of the page.
    method: ['GET', 'HEAD'],
    url,
    schema: { hide: true },
    config: { rateLimit: false },
    handler: async (request, reply) => {
      const { body, etag, encoding } = formFor(request.headers['accept-encoding']);
      reply.headers({ ...headers, Vary: 'Origin, Accept-Encoding', ETag: etag });
      const seen = request.headers['if-none-match'];
      if (seen !== undefined && namesTag(seen, etag)) return reply.code(304).send();
      if (encoding !== null) reply.header('Content-Encoding', encoding);
      return reply.type(type).send(body);
    },
  });
};
