import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LogPage, Views } from '../lifecycle/requests.ts';
import { logCursor, readLogCursor } from './cursors.ts';
import { prefersPlainText } from './media-types.ts';
import { DeploymentParams } from './schemas/fields.ts';
import { type LogsJson, LogsQuery, LogsSchema } from './schemas/logs.ts';
import { problems } from './schemas/problem.ts';
import { targetOf } from './targets.ts';

export interface LogsRouteOptions {
  readonly views: Views;
}

const nextCursor = (page: LogPage): string => logCursor({ jobId: page.jobId, line: page.nextLine });

const logsJson = (page: LogPage): LogsJson => ({
  job: { id: page.jobId, name: page.jobName },
  lines: [...page.lines],
  next_cursor: nextCursor(page),
  complete: page.complete,
});

/** Every line ends in a newline, so that the pages of one log can be joined as they are. */
const plainText = (page: LogPage): string => page.lines.map((line) => `${line}\n`).join('');

/** Where to read: the cursor's place, else the beginning of the job that was named, else of the one to show. */
const placeOf = (job: string | undefined, cursor: string | undefined): { job: number | null; line: number } => {
  const wanted = job === undefined ? null : Number(job);
  if (cursor === undefined) return { job: wanted, line: 0 };
  const position = readLogCursor(cursor, wanted);
  return { job: position.jobId, line: position.line };
};

/** GET /v1/deployments/:id/logs: masked log lines, page by page. */
export const logsRoutes: FastifyPluginAsyncTypebox<LogsRouteOptions> = async (app, { views }) => {
  app.route({
    method: 'GET',
    url: '/v1/deployments/:id/logs',
    schema: {
      operationId: 'getLogs',
      summary: 'Masked log lines of a job',
      tags: ['deployments'],
      params: DeploymentParams,
      querystring: LogsQuery,
      response: {
        200: {
          description: 'A page of lines; as plain text, X-Next-Cursor and X-Complete say what JSON has as members',
          content: { 'application/json': { schema: LogsSchema }, 'text/plain': { schema: Type.String() } },
        },
        ...problems(404),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request.query.job, request.query.cursor);
      const page = await views.logs(targetOf(request.params.id), place.job, place.line);
      reply.header('Cache-Control', 'no-cache').header('Vary', 'Origin, Accept');
      if (!prefersPlainText(request.headers.accept)) return reply.type('application/json').send(logsJson(page));
      return reply
        .headers({ 'X-Next-Cursor': nextCursor(page), 'X-Complete': String(page.complete) })
        .type('text/plain; charset=utf-8')
        .send(plainText(page));
    },
  });
};
