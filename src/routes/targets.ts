import { isDeploymentId } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { Target } from '../lifecycle/requests.ts';

/** The name of the running deployment, whichever it is. */
const ALIAS = 'current';

/** Which deployment a name in a path means, letter by letter; null for what is no name of one. */
export const findTarget = (name: string): Target | null => {
  if (name === ALIAS) return { kind: 'current' };
  return isDeploymentId(name) ? { kind: 'id', id: name } : null;
};

/**
 * Which deployment a path means. Anything that is not an id never reaches the store, where other items live under
 * other keys.
 *
 * @throws DemoError NOT_FOUND
 */
export const targetOf = (id: string): Target => {
  const target = findTarget(id);
  if (target === null) throw new DemoError('NOT_FOUND');
  return target;
};
