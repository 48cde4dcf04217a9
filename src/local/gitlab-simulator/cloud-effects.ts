import type { Cloud } from './cloud.ts';
import { cloudIdentity } from './trace/resource-table.ts';
import type { ScriptEffect } from './trace/script.ts';

/** AWS goes on listing these for a while after they were deleted. Simulated milliseconds. */
const LINGER_MS: Readonly<Record<string, number>> = { 'ec2:instance': 2_500, 'ec2:network-interface': 2_500 };

/** Carries one step of a script out in the account, at that simulated time. */
export function applyEffect(
  cloud: Cloud,
  target: { readonly deploymentId: string; readonly seed: number; readonly time: number },
  { kind, address }: ScriptEffect,
): void {
  const { deploymentId, seed, time } = target;
  const { type, id } = cloudIdentity(address, deploymentId, seed);
  if (kind === 'appears') cloud.add({ deploymentId, address, type, id, recorded: true });
  if (kind === 'appears-unrecorded') cloud.add({ deploymentId, address, type, id, recorded: false });
  if (kind === 'deleting') cloud.markDeleting(deploymentId, address);
  if (kind === 'gone') cloud.remove(deploymentId, address, time + (LINGER_MS[type ?? ''] ?? 0));
  if (kind === 'serves') cloud.setServing(deploymentId, true);
  if (kind === 'stops-serving') cloud.setServing(deploymentId, false);
}
