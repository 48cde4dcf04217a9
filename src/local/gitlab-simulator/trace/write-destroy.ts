import { errorBox } from './error-box.ts';
import { destructionPlan } from './plan-text.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { APPLICATION_ADDRESS, LEFTOVER_ADDRESSES, NETWORK_USERS, VIOLATION_ADDRESSES } from './resource-graph.ts';
import { cloudIdentity, RESOURCE_TABLE, type ResourceRow } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials, writeInit, writeStateLocked } from './terraform-init.ts';
import { destructionSteps, scheduleDestruction } from './terraform-schedule.ts';

/** Something that Terraform does not know of stands in the network: it cannot be deleted before that is. */
function isObstructed({ unrecorded }: ScriptRecipe): boolean {
  return unrecorded.some((address) => NETWORK_USERS.includes(address));
}

/** What is still there when the script is over. */
function survivorsOf(recipe: ScriptRecipe): ReadonlySet<string> {
  const { outcome, present, unrecorded } = recipe;
  if (outcome.kind === 'dependency-violation' || isObstructed(recipe)) {
    const stays = (address: string): boolean => VIOLATION_ADDRESSES.includes(address) && !unrecorded.includes(address);
    return new Set(present.filter(stays));
  }
  if (outcome.kind !== 'leftovers') return new Set();
  const typical = present.filter((address) => LEFTOVER_ADDRESSES.includes(address));
  return new Set(typical.length > 0 ? typical : present.slice(0, 2));
}

function writeDrain(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  writer.command('./ci/destroy.sh "$DEPLOYMENT_ID"');
  writer.complain(
    `+ curl --header PRIVATE-TOKEN:${secrets.personalToken} https://gitlab.com/api/v4/projects/1001/environments`,
  );
  writer.complain(`+ docker login --username demo-puller --password ${secrets.deployToken} registry.gitlab.com`);
  if (!recipe.present.includes(APPLICATION_ADDRESS)) {
    writer.say('drain: no application, nothing to drain');
    return;
  }
  writer.say('drain: deleting namespace demo (best effort, at most 60 s)');
  writer.effect('stops-serving', APPLICATION_ADDRESS);
  writer.wait(4);
  writer.say('namespace "demo" deleted', 'drain: done');
}

function writeViolation(writer: ScriptWriter, recipe: ScriptRecipe): void {
  const subnet = RESOURCE_TABLE.find(({ terraformType }) => terraformType === 'aws_subnet');
  const { id } = cloudIdentity(subnet?.address ?? 'ec2:network-interface', recipe.deploymentId, recipe.seed);
  writer.wait(40);
  writer.say(`\u001b[0m\u001b[1m${subnet?.address}: Still destroying... [id=${id}, 20m00s elapsed]\u001b[0m\u001b[0m`);
  writer.complain(
    ...errorBox(
      `deleting EC2 Subnet (${id}): operation error EC2: DeleteSubnet, https response error StatusCode: 400, api error DependencyViolation: The subnet '${id}' has dependencies and cannot be deleted.`,
      [''],
    ),
  );
}

/** Deletes by tag what the Terraform state does not know. */
function writeSweep(writer: ScriptWriter, recipe: ScriptRecipe, addresses: readonly string[]): void {
  writer.say(`sweep: looking for resources tagged deployment_id=${recipe.deploymentId}`);
  writer.wait(3);
  for (const address of addresses) {
    const { type, id } = cloudIdentity(address, recipe.deploymentId, recipe.seed);
    writer.say(`sweep: deleting ${type ?? address} ${id}`);
    writer.effect('deleting', address);
    writer.wait(RESOURCE_TABLE.find((row) => row.address === address)?.type.destroySeconds ?? 2);
    writer.effect('gone', address);
  }
  writer.say(`sweep: ${addresses.length} deleted`);
}

function destroyRows(writer: ScriptWriter, recipe: ScriptRecipe, rows: readonly ResourceRow[]): void {
  const survivors = survivorsOf(recipe);
  const affected = new Set(recipe.present.filter((address) => !survivors.has(address)));
  const doomed = rows.filter(({ address }) => affected.has(address));
  writer.say(...destructionPlan(rows, recipe));
  writer.play(scheduleDestruction(doomed).flatMap((scheduled) => destructionSteps(scheduled, recipe, affected)));
}

/** The script of the `destroy` job, and of the manual `stop` job. Answers whether it succeeds. */
export function writeDestroy(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  writeCredentials(writer, recipe, secrets);
  writeDrain(writer, recipe, secrets);
  writeInit(writer, recipe);
  if (recipe.breaksLock) writer.say('lock: older than 75 minutes, and nobody holds it any more: broken');
  writer.command('terraform destroy -input=false -auto-approve -lock-timeout=10m');
  if (recipe.outcome.kind === 'state-locked') {
    writeStateLocked(writer, recipe);
    return false;
  }
  writer.wait(4);
  const isRecorded = (address: string): boolean =>
    recipe.present.includes(address) && !recipe.unrecorded.includes(address);
  const rows = RESOURCE_TABLE.filter(({ address }) => isRecorded(address));
  destroyRows(writer, recipe, rows);
  if (recipe.outcome.kind === 'dependency-violation') {
    writeViolation(writer, recipe);
    return false;
  }
  if (isObstructed(recipe)) writeViolation(writer, recipe);
  else writer.say('', `\u001b[0m\u001b[1m\u001b[32mDestroy complete! Resources: ${rows.length} destroyed.\u001b[0m`);
  const survivors = survivorsOf(recipe);
  const known = new Set(rows.map(({ address }) => address));
  const hasNodes = rows.some(({ terraformType }) => terraformType === 'aws_autoscaling_group');
  const unknown = recipe.present.filter((address) => !known.has(address) && !survivors.has(address) && !hasNodes);
  writeSweep(writer, recipe, unknown);
  return !isObstructed(recipe);
}
