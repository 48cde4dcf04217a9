import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { Inventory } from '../lifecycle/ports.ts';
import { isFields } from './json-fields.ts';
import { type ControlRequest, createControlCall, type SimulatorControlOptions } from './simulator-control.ts';

const MAX_DETAIL = 10;
const MAX_DETAIL_CHARS = 120;

interface Resource {
  readonly label: string;
  readonly deploymentId: string;
  readonly isDeleting: boolean;
}

/** What an ARN says behind region and account, which help nobody here. */
const shortId = (id: string): string => (id.startsWith('arn:') ? id.split(':').slice(5).join(':') : id);

const resourceOf = (value: unknown): Resource => {
  const { type, id, deployment_id, state } = isFields(value) ? value : {};
  const isWhole = typeof type === 'string' && typeof id === 'string' && isDeploymentId(deployment_id);
  if (!isWhole || (state !== 'active' && state !== 'deleting')) throw new Error('a resource lacks a field');
  const label = `${type} ${shortId(id)}`.slice(0, MAX_DETAIL_CHARS);
  return { label, deploymentId: deployment_id, isDeleting: state === 'deleting' };
};

/** The whole list; throws when it is not whole or anything in it is not understood. */
const resourcesOf = (json: unknown): readonly Resource[] => {
  const { complete, resources } = isFields(json) ? json : {};
  if (complete !== true) throw new Error('the inventory is not complete');
  if (!Array.isArray(resources)) throw new Error('the inventory has no resources');
  return resources.map(resourceOf);
};

/**
 * Makes the inventory of the simulated account. As with a real one, an error, a part of a list or a row that is not
 * understood is `unknown`, and nothing is gone while it is still being deleted.
 */
export const createSimulatorInventory = (options: SimulatorControlOptions): Inventory => {
  const call = createControlCall(options);

  const listed = async (query: ControlRequest['query']): Promise<readonly Resource[]> => {
    const { status, json } = await call({
      method: 'GET',
      path: 'inventory',
      ...(query === undefined ? {} : { query }),
    });
    if (status !== 200) throw new Error(`the inventory answers ${status}`);
    return resourcesOf(json);
  };

  return {
    async read(deploymentId) {
      try {
        const resources = await listed({ deployment_id: deploymentId });
        if (resources.some((resource) => resource.deploymentId !== deploymentId)) {
          throw new Error('the inventory lists another deployment');
        }
        const detail = resources.slice(0, MAX_DETAIL).map(({ label }) => label);
        const count = resources.length;
        if (count === 0) return { answer: 'empty', count, detail };
        const isGoing = resources.every(({ isDeleting }) => isDeleting);
        return { answer: isGoing ? 'deleting' : 'leftovers', count, detail };
      } catch (error) {
        const reason = error instanceof Error ? error.message.slice(0, MAX_DETAIL_CHARS) : 'the inventory failed';
        return { answer: 'unknown', count: 0, detail: [reason] };
      }
    },

    async sweep() {
      try {
        return [...new Set((await listed(undefined)).map(({ deploymentId }) => deploymentId))];
      } catch {
        return null;
      }
    },
  };
};
