import { DemoError } from '../lifecycle/errors.ts';
import type { Target } from '../lifecycle/requests.ts';

/** The name of the running deployment, whichever it is. */
const ALIAS = 'current';

/** Ids are made by us in exactly this form. */
export const DEPLOYMENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Which deployment a path means. Anything that is not an id never reaches the store, where other items live under
 * other keys.
 *
 * @throws DemoError NOT_FOUND
 */
export const targetOf = (id: string): Target => {
  if (id === ALIAS) return { kind: 'current' };
  if (!DEPLOYMENT_ID.test(id)) throw new DemoError('NOT_FOUND');
  return { kind: 'id', id };
};
