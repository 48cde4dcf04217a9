import type { Controller } from '../lifecycle/controller.ts';
import type { Instant } from '../lifecycle/deployment.ts';
import { forceDown } from '../lifecycle/force-down.ts';
import type { Clock, Credentials, DeploymentStore, Inventory, SecondDestroyer } from '../lifecycle/ports.ts';
import { findItems, type JobItem, type JobSummary, joined, runItems } from './job.ts';
import type { HandleOrphan } from './orphans.ts';

export interface NightlyDeps {
  readonly controller: Pick<Controller, 'work'>;
  readonly store: DeploymentStore;
  readonly inventory: Inventory;
  readonly secondDestroyer: SecondDestroyer;
  readonly credentials: Pick<Credentials, 'newId'>;
  readonly clock: Clock;
  readonly handleOrphan: HandleOrphan;
}

/** Makes the nightly forced clean-up. */
export const createNightly = (deps: NightlyDeps): ((slot: Instant) => Promise<JobSummary>) => {
  const { store } = deps;

  const sweep = async (): Promise<readonly JobItem[]> => {
    const existing = await deps.inventory.sweep();
    if (existing === null) throw new Error('the inventory could not be swept');
    // Read after the sweep: what was started meanwhile has its record by now.
    const owner = (await store.active())?.deployment.owner ?? null;
    return existing.filter((id) => id !== owner).map((id) => () => deps.handleOrphan(id));
  };

  /** A schedule that nobody needs any more would only start builds that find nothing. */
  const disarmOthers = async (): Promise<readonly JobItem[]> => {
    const armed = await deps.secondDestroyer.list();
    // Read after the list: a schedule in it belongs to this record or to one that was released.
    const owner = (await store.active())?.deployment.owner ?? null;
    return armed
      .filter((id) => id !== owner)
      .map((id) => async () => {
        const { answer } = await deps.inventory.read(id);
        if (answer !== 'empty') return false;
        await deps.secondDestroyer.disarm(id);
        return true;
      });
  };

  return async (slot) => {
    // What runs goes down before anything is looked for, so that no slow answer holds it up.
    // Whatever was created before the slot, whatever its age and however live it is.
    const forceAll = () => forceDown(deps, 'nightly', ({ createdAt }) => createdAt < slot);
    const forced = await runItems([forceAll, async () => (await deps.controller.work()).steps > 0]);
    return joined(forced, await runItems([...(await findItems(sweep)), ...(await findItems(disarmOthers))]));
  };
};
