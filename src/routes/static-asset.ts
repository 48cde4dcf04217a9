import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { namesTag } from './etag.ts';

export interface StaticAsset {
  readonly url: string;
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const tagOf = (body: string | Buffer): string => `"${createHash('sha256').update(body).digest('base64url')}"`;

/** RFC 9110 section 12.5.3: gzip is named, and not with a weight of zero. */
const takesGzip = (header: string): boolean =>
  header.split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return coding === 'gzip' && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });

/**
 * Serves one text that never changes while the process runs, compressed once and not for each request, with a strong tag
 * for each form. It costs no visitor a token of his bucket.
 */
export const serveAsset = (app: FastifyInstance, { url, type, body, headers }: StaticAsset): void => {
  const compressed = gzipSync(body, { level: 9 });
  const plain = { body, etag: tagOf(body), encoding: {} };
  const zipped = { body: compressed, etag: tagOf(compressed), encoding: { 'Content-Encoding': 'gzip' } };
  app.route({
    method: 'GET',
    url,
    schema: { hide: true },
    config: { rateLimit: false },
    handler: async (request, reply) => {
      const accepted = request.headers['accept-encoding'];
      const form = takesGzip(String(accepted ?? '')) ? zipped : plain;
      reply.headers({ ...headers, Vary: 'Origin, Accept-Encoding', ETag: form.etag });
      const seen = request.headers['if-none-match'];
      if (seen !== undefined && namesTag(seen, form.etag)) return reply.code(304).send();
      return reply.headers(form.encoding).type(type).send(form.body);
    },
  });
};
