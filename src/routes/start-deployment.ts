import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Requests, Started, StartRequest } from '../lifecycle/requests.ts';
import { requireMediaType } from './media-types.ts';
import { referringPageOf } from './referring-page.ts';
import { problems } from './schemas/problem.ts';
import { StartBody, type StartBodyJson, type StartedJson, StartedSchema, StartHeaders } from './schemas/start.ts';
import { isoOf } from './view-json.ts';

export interface StartRouteOptions {
  readonly requests: Requests;
  readonly visitorOf: (request: FastifyRequest) => string;
}

const MS_PER_MINUTE = 60_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The key is mixed with who sent it: a stranger who guesses a key must not get its control token. */
const idempotencyOf = (key: string, visitorHash: string, body: StartBodyJson): StartRequest['idempotency'] => ({
  key: sha256(visitorHash + key),
  // Written anew from what was understood, so that spaces and the order of members make no difference.
  bodyHash: sha256(JSON.stringify({ duration_minutes: body.duration_minutes ?? null })),
});

const startRequest = (
  visitorHash: string,
  headers: Pick<IncomingHttpHeaders, 'origin' | 'referer'>,
  key: string | undefined,
  body: StartBodyJson,
): StartRequest => ({
  visitorHash,
  hasOrigin: headers.origin !== undefined,
  referringPage: referringPageOf(headers),
  idempotency: key === undefined ? null : idempotencyOf(key, visitorHash, body),
  durationMs: body.duration_minutes === undefined ? null : body.duration_minutes * MS_PER_MINUTE,
});

const startedJson = ({ id, createdAt, controlToken }: Started): StartedJson => {
  const self = `/v1/deployments/${id}`;
  return {
    id,
    created_at: isoOf(createdAt),
    links: { self, pipeline: `${self}/pipeline`, logs: `${self}/logs`, page: `/d/${id}` },
    control_token: controlToken,
  };
};

/** POST /v1/deployments: the only route that starts anything. */
export const startRoutes: FastifyPluginAsyncTypebox<StartRouteOptions> = async (app, { requests, visitorOf }) => {
  app.route({
    method: 'POST',
    url: '/v1/deployments',
    onRequest: requireMediaType('Accept-Post', ['application/json']),
    schema: {
      operationId: 'startDeployment',
      summary: 'Start a demo',
      tags: ['deployments'],
      headers: StartHeaders,
      body: StartBody,
      response: {
        201: {
          ...StartedSchema,
          description: 'Started, or the same answer again for the same Idempotency-Key',
          headers: {
            Location: { type: 'string', description: 'The path of its view' },
            'Idempotency-Replayed': { type: 'string', description: '`true` on a repeated answer' },
          },
        },
        ...problems(403, 409, 413, 415, 422),
      },
    },
    handler: async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const started = await requests.start(startRequest(visitorOf(request), request.headers, key, request.body));
      const body = startedJson(started);
      if (started.replayed) reply.header('Idempotency-Replayed', 'true');
      return reply.code(201).headers({ Location: body.links.self, 'Cache-Control': 'no-store' }).send(body);
    },
  });
};
