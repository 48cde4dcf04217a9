import { DemoError } from './errors.ts';
import type { Credentials } from './ports.ts';

export type Bearer = 'owner' | 'starter';

/**
 * Who a bearer token stands for, seen from one deployment. Its starter's token is known by its stored hash alone,
 * so it goes on working after the signing key was changed. Every comparison takes constant time.
 *
 * @throws DemoError TOKEN_MISSING for no token or one that is not ours, TOKEN_FOREIGN for one of another
 *   deployment, SECRETS_UNAVAILABLE when that cannot be told
 */
export const authorize = (
  credentials: Credentials,
  bearer: string | null,
  deployment: { readonly id: string; readonly controlTokenHash: string | null } | null,
): Bearer => {
  if (bearer === null) throw new DemoError('TOKEN_MISSING');
  // First what needs no key: a starter can end his demo even while no secret can be read.
  if (deployment?.controlTokenHash != null && credentials.matches(bearer, deployment.controlTokenHash))
    return 'starter';
  if (credentials.isOwner(bearer)) return 'owner';
  if (credentials.deploymentOf(bearer) !== null) throw new DemoError('TOKEN_FOREIGN');
  throw new DemoError('TOKEN_MISSING');
};
