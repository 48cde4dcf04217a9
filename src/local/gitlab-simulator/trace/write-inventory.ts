import { resourceName } from '../pipeline-definition.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { cloudIdentity } from './resource-table.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

const LISTED_TYPES = [
  ...new Set(Object.values(RESOURCE_TYPES).flatMap(({ inventory }) => (inventory === null ? [] : [inventory]))),
].toSorted();

/** The script of the `inventory` job: asks AWS what is left of the deployment. Answers whether nothing is. */
export function writeInventory(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  const existing = recipe.present.map((address) => ({
    ...cloudIdentity(address, recipe.deploymentId, recipe.seed),
    isDeleting: recipe.deleting.includes(address),
  }));
  writer.command('./ci/inventory.sh "$DEPLOYMENT_ID"');
  writer.complain(`+ AWS_ACCESS_KEY_ID=${secrets.temporaryKeyId} aws sts get-caller-identity`);
  writer.say(
    `looking for ${resourceName(recipe.deploymentId)} by tag deployment_id=${recipe.deploymentId} and by name`,
    '',
  );
  for (const type of LISTED_TYPES) {
    const found = existing.filter((resource) => resource.type === type);
    writer.wait(1);
    writer.say(`${found.length === 0 ? '✓' : '•'} ${type.padEnd(24)} ${String(found.length).padStart(2)}`);
    for (const { id, isDeleting } of found) writer.say(`    ${id}${isDeleting ? ' (deleting)' : ''}`);
  }
  const left = existing.filter(({ type, isDeleting }) => type !== null && !isDeleting);
  if (left.length > 0) {
    writer.complain('', `\u001b[31;1m${left.length} resources are left.\u001b[0m`);
    return false;
  }
  writer.say('', '\u001b[32;1mNothing is left that costs money.\u001b[0m', `reported to ${secrets.ownerEmail}`);
  return true;
}
