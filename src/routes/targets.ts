import { isDeploymentId } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { Target } from '../lifecycle/requests.ts';

/** The name of the running deployment, whichever it is. */
const ALIAS = 'current';

/**
 * Which deployment a path means. Anything that is not an id never reaches the store, where other items live under
 * other keys.
 *
 * @throws DemoError NOT_FOUND
 */
export const targetOf = (id: string): Target => {
  if (id === ALIAS) return { kind: 'current' };
  if (!isDeploymentId(id)) throw new DemoError('NOT_FOUND');
  return { kind: 'id', id };
};
