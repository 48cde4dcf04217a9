import type { FastifyRequest } from 'fastify';
import { DemoError } from '../lifecycle/errors.ts';
import type { Credentials } from '../lifecycle/ports.ts';
import { bearerOf } from './bearer.ts';

/** What is needed to tell the owner from the starter of a deployment, and both from a stranger. */
export type OwnerCredentials = Pick<Credentials, 'isOwner' | 'deploymentOf'>;

/**
 * Lets only the owner's token pass.
 *
 * @throws DemoError TOKEN_MISSING for no token or one that is not ours, OWNER_NEEDED for the control token of a deployment
 */
export const requireOwner = (credentials: OwnerCredentials, request: Pick<FastifyRequest, 'headers'>): void => {
  const token = bearerOf(request.headers.authorization);
  if (token === null) throw new DemoError('TOKEN_MISSING');
  if (credentials.isOwner(token)) return;
  throw new DemoError(credentials.deploymentOf(token) === null ? 'TOKEN_MISSING' : 'OWNER_NEEDED');
};
