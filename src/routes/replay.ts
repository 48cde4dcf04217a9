import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { DemoError } from '../lifecycle/errors.ts';
import type { LastRun } from '../lifecycle/last-run.ts';
import type { Recording } from '../lifecycle/recording.ts';
import { acceptsEncoding } from './content-encodings.ts';
import { namesTag } from './etag.ts';
import { replayJson } from './replay-json.ts';
import { problems } from './schemas/problem.ts';
import { ReplayHeaders, ReplayParams, ReplaySchema } from './schemas/replay.ts';

export interface ReplayRouteOptions {
  readonly lastRun: Pick<LastRun, 'recording'>;
}

/** The name of the recording that stands, whichever run it is of. */
const LATEST = 'latest';

const ETAG = { type: 'string', description: 'Weak: the same for every encoding' };

/** What is sent of a recording. */
interface Served {
  readonly json: string;
  readonly compressed: Buffer;
  readonly etag: string;
}

const compress = promisify(gzip);

const serve = async (recording: Recording): Promise<Served> => {
  const json = JSON.stringify(replayJson(recording));
  const digest = createHash('sha256').update(json).digest('base64url');
  return { json, compressed: await compress(json), etag: `W/"${digest.slice(0, 22)}"` };
};

/** Makes what is sent once for each recording that is held, however many watch it. */
const createServing = () => {
  const made = new WeakMap<Recording, Promise<Served>>();
  return (recording: Recording): Promise<Served> => {
    const served = made.get(recording) ?? serve(recording);
    made.set(recording, served);
    return served;
  };
};

/**
 * GET /v1/deployments/:id/replay: the last run that was live, to be watched again. There is one, by its id or by the
 * alias `latest`; until there is one of our own, it is the sample that ships.
 */
export const replayRoutes: FastifyPluginAsyncTypebox<ReplayRouteOptions> = async (app, { lastRun }) => {
  const servedOf = createServing();
  app.route({
    method: 'GET',
    url: '/v1/deployments/:id/replay',
    schema: {
      operationId: 'getReplay',
      summary: 'The last run that was live, to be watched again',
      tags: ['deployments'],
      params: ReplayParams,
      headers: ReplayHeaders,
      response: {
        200: {
          description: 'Its stages and a sample of its masked log; compressed for who accepts gzip',
          headers: { ETag: ETAG },
          // The text is made once and sent as it is, so for the compiler it is not the object that it stands for.
          content: { 'application/json': { schema: Type.Unsafe<string | Buffer>(ReplaySchema) } },
        },
        304: Type.Null({ description: 'It is still the one you have' }),
        ...problems(404),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const recording = await lastRun.recording();
      if (id !== LATEST && id !== recording.id) throw new DemoError('NO_REPLAY');
      const { json, compressed, etag } = await servedOf(recording);
      reply.headers({ ETag: etag, 'Cache-Control': 'no-cache', Vary: 'Origin, Accept-Encoding' });
      const seen = request.headers['if-none-match'];
      if (seen !== undefined && namesTag(seen, etag)) return (reply as FastifyReply).code(304).send();
      reply.type('application/json; charset=utf-8');
      // The text is there already, so it is not serialised again for each who watches.
      if (!acceptsEncoding(request.headers['accept-encoding'], 'gzip')) return reply.send(json);
      return reply.header('Content-Encoding', 'gzip').send(compressed);
    },
  });
};
