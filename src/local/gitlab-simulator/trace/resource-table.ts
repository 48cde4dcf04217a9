import { resourceName } from '../pipeline-definition.ts';
import { createSeededRandom } from '../random.ts';
import { RESOURCE_GRAPH } from './resource-graph.ts';
import { RESOURCE_TYPES, type ResourceType } from './resource-types.ts';

export interface ResourceRow {
  /** As Terraform writes it. */
  readonly address: string;
  readonly terraformType: string;
  /** What stands in brackets, or else the resource's own name. */
  readonly key: string;
  readonly type: ResourceType;
  readonly needs: readonly string[];
}

function rowOf(address: string, needs: readonly string[]): ResourceRow {
  // `aws_lb.demo`, or `ec2:network-interface/cluster` for what AWS makes by itself.
  const [terraformType = address, own = ''] = address.split(/[./]/);
  const key = address.match(/\["(.+)"\]$/)?.[1] ?? own;
  const type = RESOURCE_TYPES[terraformType];
  if (!type) throw new Error(`no resource type is described for ${address}`);
  return { address, terraformType, key, type, needs };
}

/** Everything an apply builds, in an order in which nothing comes before what it needs. */
export const RESOURCE_TABLE: readonly ResourceRow[] = RESOURCE_GRAPH.map(([address, needs]) => rowOf(address, needs));

/** The id that a template gives for one resource of a deployment; always the same one. */
export function fillTemplate(
  template: string,
  row: Pick<ResourceRow, 'address' | 'key'>,
  deploymentId: string,
  seed: number,
): string {
  const random = createSeededRandom(`${seed} ${deploymentId} ${row.address} ${template}`);
  return template
    .replaceAll('{name}', resourceName(deploymentId))
    .replaceAll('{key}', row.key)
    .replaceAll('{hex}', () => `0${random.hex(16)}`);
}

/** The inventory type (null: not listed) and the id of what an address stands for in a deployment. */
export function cloudIdentity(
  address: string,
  deploymentId: string,
  seed: number,
): { readonly type: string | null; readonly id: string } {
  const row = rowOf(address, []);
  return { type: row.type.inventory, id: fillTemplate(row.type.id, row, deploymentId, seed) };
}
