import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FaultContext, type FaultParameters, numberParameter, textParameter } from '../fault-store.ts';
import type { FaultName } from '../fault-table.ts';
import type { World } from '../world.ts';
import { sendInsufficientScope, sendMessage, sendUnauthorized } from './api-errors.ts';

const BAD_GATEWAY_PAGE = `<!DOCTYPE html>
<html>
<head><title>GitLab is not responding (502)</title></head>
<body><h1>502</h1><h3>Whoops, GitLab is taking too much time to respond.</h3></body>
</html>
`;
const UNAVAILABLE_PAGE =
  '<html><head><title>503 Service Unavailable</title></head><body>upstream connect error</body></html>\n';

const MAX_DELAY_MS = 60_000;

/** Closes the connection without an answer. */
export function resetConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}

/** Leaves the request without an answer; the connection stays open until somebody gives up. */
export function leaveHanging(reply: FastifyReply): void {
  reply.hijack();
}

function sendRateLimited(reply: FastifyReply, parameters: FaultParameters): void {
  if (textParameter(parameters, 'kind', 'text') === 'json') {
    const error = 'This endpoint has been requested too many times. Try again later.';
    reply.code(429).send({ message: { error } });
    return;
  }
  const retryAfter = String(numberParameter(parameters, 'retry_after_seconds', 37));
  reply.code(429).header('retry-after', retryAfter).type('text/plain').send('Retry later\n');
}

function sendErrorPage(reply: FastifyReply, parameters: FaultParameters): void {
  const unavailable = numberParameter(parameters, 'status', 502) === 503;
  reply
    .code(unavailable ? 503 : 502)
    .type('text/html; charset=utf-8')
    .send(unavailable ? UNAVAILABLE_PAGE : BAD_GATEWAY_PAGE);
}

type Strike = (reply: FastifyReply, parameters: FaultParameters) => void;

/** Faults that answer in place of the API, in the order they are tried. */
const ANSWERS: readonly (readonly [FaultName, Strike])[] = [
  ['connection-reset', resetConnection],
  ['hang', leaveHanging],
  ['server-error-html', sendErrorPage],
  ['server-error-json', (reply) => sendMessage(reply, 500, '500 Internal Server Error')],
  ['rate-limited', sendRateLimited],
  ['unauthorized', (reply, parameters) => sendUnauthorized(reply, textParameter(parameters, 'kind', 'plain'))],
  ['forbidden', sendInsufficientScope],
];

/** What faults are told about a request. */
export function requestContext(request: FastifyRequest): FaultContext {
  return { method: request.method, path: request.url };
}

/** Delays a request if that fault is on; no longer than until the signal says that the simulator is closed. */
export async function delayRequest(world: World, request: FastifyRequest, closed: AbortSignal): Promise<void> {
  const slow = world.faults.take('slow', requestContext(request));
  if (!slow) return;
  const delayMs = Math.min(MAX_DELAY_MS, Math.max(0, numberParameter(slow, 'delay_ms', 1_000)));
  // The only way this can fail is that the signal ends the wait, which is what it is for.
  await delay(delayMs, undefined, { signal: closed }).catch(() => undefined);
}

/** Lets the first fault that strikes answer; true if one did. */
export function answerWithFault(world: World, request: FastifyRequest, reply: FastifyReply): boolean {
  const context = requestContext(request);
  for (const [name, strike] of ANSWERS) {
    const parameters = world.faults.take(name, context);
    if (!parameters) continue;
    strike(reply, parameters);
    return true;
  }
  return false;
}

/** Cuts a JSON answer in half if that fault is on. */
export function truncateAnswer(world: World, request: FastifyRequest, payload: unknown): unknown {
  if (typeof payload !== 'string' || !/^[[{]/.test(payload)) return payload;
  return world.faults.take('truncated-json', requestContext(request))
    ? payload.slice(0, Math.floor(payload.length / 2))
    : payload;
}
