import type { DeploymentStore } from '../lifecycle/ports.ts';

/**
 * The same store, which tells when a decision of this process took effect, so that whoever watches here sees it at once.
 * What was only seen is not told: it comes with every poll, and those who watch read it within a second.
 */
export const announceDecisions = (store: DeploymentStore, onDecided: () => void): DeploymentStore => ({
  ...store,
  acquire: async (record) => {
    const acquired = await store.acquire(record);
    if (acquired.won) onDecided();
    return acquired;
  },
  decide: async (decision) => {
    const isOurs = await store.decide(decision);
    if (isOurs) onDecided();
    return isOurs;
  },
  release: async (owner, version) => {
    const isFree = await store.release(owner, version);
    if (isFree) onDecided();
    return isFree;
  },
});
