import { resourceName } from './pipeline-definition.ts';

/** One thing that exists in the simulated account. */
export interface CloudResource {
  readonly deploymentId: string;
  /** The Terraform address, or the type again for what no Terraform state knows. Unique within a deployment. */
  readonly address: string;
  /** As an inventory would name it, `ec2:vpc`; null for what lives inside the cluster and is listed nowhere. */
  readonly type: string | null;
  readonly id: string;
  state: 'active' | 'deleting';
  /** False for what Terraform made and has no record of. */
  readonly recorded: boolean;
  /** Simulated time at which a deleted thing disappears from the listings; null while nothing deletes it. */
  goneAt: number | null;
}

export interface ListedResource {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly deployment_id: string;
  readonly state: 'active' | 'deleting';
}

/** The simulated account: what was built and not yet destroyed, whoever did either. */
export interface Cloud {
  /** Makes a resource; one that exists already is left as it is, or revived when it was being deleted. */
  add(resource: Pick<CloudResource, 'deploymentId' | 'address' | 'type' | 'id' | 'recorded'>): void;
  markDeleting(deploymentId: string, address: string): void;
  /** Lets a resource disappear at that simulated time. */
  remove(deploymentId: string, address: string, goneAt: number): void;
  /** The earliest time at which something disappears, or null. */
  nextGoneAt(): number | null;
  forgetGone(at: number): void;
  /** Everything of a deployment, also what inventories do not list. */
  of(deploymentId: string): readonly CloudResource[];
  /** What an inventory by tag finds; of all deployments when no id is given. */
  listed(deploymentId?: string): readonly ListedResource[];
  /** Whether the demo application of that deployment answers requests. */
  isServing(deploymentId: string): boolean;
  setServing(deploymentId: string, serving: boolean): void;
}

/** Makes an empty account. */
export function createCloud(): Cloud {
  const resources = new Map<string, CloudResource>();
  const serving = new Set<string>();
  const keyOf = (deploymentId: string, address: string): string => `${deploymentId} ${address}`;
  const ofDeployment = (deploymentId: string): CloudResource[] =>
    [...resources.values()].filter((resource) => resource.deploymentId === deploymentId);

  return {
    add(resource) {
      resources.set(keyOf(resource.deploymentId, resource.address), { ...resource, state: 'active', goneAt: null });
    },
    markDeleting(deploymentId, address) {
      const resource = resources.get(keyOf(deploymentId, address));
      if (resource) resource.state = 'deleting';
    },
    remove(deploymentId, address, goneAt) {
      const resource = resources.get(keyOf(deploymentId, address));
      if (!resource) return;
      resource.state = 'deleting';
      resource.goneAt = goneAt;
    },
    nextGoneAt() {
      const times = [...resources.values()].map(({ goneAt }) => goneAt).filter((goneAt) => goneAt !== null);
      return times.length === 0 ? null : Math.min(...times);
    },
    forgetGone(at) {
      for (const [key, { goneAt }] of resources) if (goneAt !== null && goneAt <= at) resources.delete(key);
    },
    of: ofDeployment,
    listed(deploymentId) {
      const all = deploymentId === undefined ? [...resources.values()] : ofDeployment(deploymentId);
      return all.flatMap(({ type, id, state, deploymentId: owner }) =>
        type === null ? [] : [{ type, id, name: resourceName(owner), deployment_id: owner, state }],
      );
    },
    isServing: (deploymentId) => serving.has(deploymentId),
    setServing(deploymentId, value) {
      if (value) serving.add(deploymentId);
      else serving.delete(deploymentId);
    },
  };
}
