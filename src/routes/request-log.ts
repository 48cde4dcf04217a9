import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isWrite } from './rate-limit.ts';
import { shortVisitor } from './visitor.ts';

type Level = 'debug' | 'info' | 'warn';

const LEVELS_OF_DEBUGGING: ReadonlySet<string> = new Set(['debug', 'trace']);

/** Whether reads that went well are written down as well. */
export const logsReads = ({ level }: Pick<FastifyBaseLogger, 'level'>): boolean => LEVELS_OF_DEBUGGING.has(level);

/** Pages that poll would bury everything else, so a read that went well is for debugging only. */
const levelOf = (method: string, status: number): Level => {
  // Whoever asks too much would otherwise choose how much we write; he is counted. Why a read got 503 is said elsewhere.
  if (status === 429 || (status === 503 && !isWrite(method))) return 'debug';
  if (status >= 500) return 'warn';
  return status < 400 && !isWrite(method) ? 'debug' : 'info';
};

const fieldsOf = (request: FastifyRequest, reply: FastifyReply, visitorHash: string) => ({
  method: request.method,
  // The route's pattern and not the URL: what a stranger typed is not written down.
  route: request.routeOptions.url ?? 'unmatched',
  status: reply.statusCode,
  durationMs: Math.round(reply.elapsedTime),
  visitor: shortVisitor(visitorHash),
});

/** Writes one line per answered request. */
export const logRequests = (app: FastifyInstance, visitorOf: (request: FastifyRequest) => string): void => {
  app.addHook('onResponse', (request, reply, done) => {
    const level = levelOf(request.method, reply.statusCode);
    // Nearly all are reads that went well: what is not written down is not put together either.
    if (level !== 'debug' || logsReads(app.log)) {
      request.log[level](fieldsOf(request, reply, visitorOf(request)), 'request.answered');
    }
    done();
  });
};
