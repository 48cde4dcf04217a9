import type { FastifyReply } from 'fastify';

/** GitLab's error bodies come in several shapes; each function here sends one of them. */

/** The shape of model errors: `{"message":{"base":[…]}}` with 400. */
export function sendBaseError(reply: FastifyReply, text: string): FastifyReply {
  return reply.code(400).send({ message: { base: [text] } });
}

/** The shape of wrong or missing parameters: `{"error":"ref is missing"}` with 400. */
export function sendParameterError(reply: FastifyReply, text: string): FastifyReply {
  return reply.code(400).send({ error: text });
}

/** The shape of most refusals: `{"message":"404 Not found"}`. */
export function sendMessage(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

/** The answer to a token that is wrong, or that the fault says has expired or was revoked. */
export function sendUnauthorized(reply: FastifyReply, kind: string): FastifyReply {
  if (kind === 'plain') return sendMessage(reply, 401, '401 Unauthorized');
  const description =
    kind === 'revoked'
      ? 'Token was revoked. You have to re-authorize from the user.'
      : 'Token is expired. You can either do re-authorization or token refresh.';
  return reply.code(401).send({ error: 'invalid_token', error_description: description });
}

/** The answer to a token that may only read. */
export function sendInsufficientScope(reply: FastifyReply): FastifyReply {
  return reply.code(403).send({
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  });
}
