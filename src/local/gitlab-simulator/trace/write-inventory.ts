import { resourceName } from '../pipeline-definition.ts';
import { plantInInventory } from './planted-lines.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { cloudIdentity } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials } from './terraform-init.ts';

/** Of an ARN its last part is shown, as the others hold the account. */
export function resourceLabel(address: string, recipe: ScriptRecipe): string {
  const { type, id } = cloudIdentity(address, recipe.deploymentId, recipe.seed);
  return `${type ?? address} ${id.split(':').at(-1)}`;
}

/** The last lines of destroy.sh and inventory.sh: what is left, by name. */
export function writeReport(writer: ScriptWriter, recipe: ScriptRecipe, left: readonly string[]): void {
  for (const address of left) {
    const isDeleting = recipe.deleting.includes(address);
    writer.say(`left: ${resourceLabel(address, recipe)} (${isDeleting ? 'deleting' : 'there'})`);
  }
  writer.say(left.length === 0 ? 'inventory: empty' : `inventory: ${left.length} left`);
}

/** The script of the `inventory` job: asks AWS what is left of the deployment. Answers whether nothing is. */
export function writeInventory(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  const { deploymentId, present, seed } = recipe;
  const listed = present.filter((address) => cloudIdentity(address, deploymentId, seed).type !== null);
  // What is being deleted is asked for again until it is gone.
  const left = listed.filter((address) => !recipe.deleting.includes(address));
  writeCredentials(writer);
  writer.command('./inventory.sh "$DEPLOYMENT_ID"');
  writer.say(`inventory: ${deploymentId} (${resourceName(deploymentId)}) in eu-central-1, by tag and by name`);
  writer.wait(18);
  writeReport(writer, recipe, left);
  plantInInventory(writer, secrets);
  return left.length === 0;
}
