import { resourceName } from '../pipeline-definition.ts';
import { destructionPlan } from './plan-text.ts';
import { plantInDestroy } from './planted-lines.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { APPLICATION_ADDRESS, LEFTOVER_ADDRESSES, VIOLATION_ADDRESSES } from './resource-graph.ts';
import { cloudIdentity, RESOURCE_TABLE } from './resource-table.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials, writeInit, writeStateLocked } from './terraform-init.ts';
import { destructionSteps, scheduleDestruction } from './terraform-schedule.ts';
import { resourceLabel, writeReport } from './write-inventory.ts';

/** What is still there when the script is over. */
function survivorsOf({ outcome, present }: ScriptRecipe): ReadonlySet<string> {
  if (outcome.kind === 'dependency-violation') {
    return new Set(present.filter((address) => VIOLATION_ADDRESSES.includes(address)));
  }
  if (outcome.kind !== 'leftovers') return new Set();
  const typical = present.filter((address) => LEFTOVER_ADDRESSES.includes(address));
  return new Set(typical.length > 0 ? typical : present.slice(0, 2));
}

const isListed = (address: string, { deploymentId, seed }: ScriptRecipe): boolean =>
  cloudIdentity(address, deploymentId, seed).type !== null;

function writeDrain(writer: ScriptWriter, recipe: ScriptRecipe): void {
  const name = resourceName(recipe.deploymentId);
  writer.say(`destroy: ${recipe.deploymentId} (${name}) in eu-central-1`);
  writer.wait(2);
  if (!recipe.present.includes('aws_eks_cluster.demo')) {
    writer.say('drain: no cluster to drain (ResourceNotFoundException)');
    return;
  }
  writer.say('drain: the namespace demo, and whatever made something in the cloud (best effort, at most 90 s)');
  if (recipe.present.includes(APPLICATION_ADDRESS)) {
    writer.effect('stops-serving', APPLICATION_ADDRESS);
    writer.say('namespace "demo" deleted');
  }
  writer.wait(3);
  if (recipe.present.includes(APPLICATION_ADDRESS)) writer.effect('gone', APPLICATION_ADDRESS);
  writer.say('drain: done');
}

/** `terraform destroy` of what the state knows. Answers whether it got the lock. */
function writeTerraform(writer: ScriptWriter, recipe: ScriptRecipe, survivors: ReadonlySet<string>): boolean {
  writer.say(`state: demo/${recipe.deploymentId}/terraform.tfstate`);
  writeInit(writer);
  if (recipe.outcome.kind === 'state-locked') {
    writeStateLocked(writer, recipe);
    return false;
  }
  if (recipe.brokenLock !== null) {
    writeStateLocked(writer, recipe);
    const minutes = recipe.brokenLock === 'stale' ? 76 : 12;
    writer.say(`lock: ${minutes} minutes old, and nobody holds it any more: broken`);
  }
  writer.wait(4);
  const affected = new Set(recipe.present.filter((address) => !survivors.has(address)));
  const isRecorded = (address: string): boolean => affected.has(address) && !recipe.unrecorded.includes(address);
  const rows = RESOURCE_TABLE.filter(({ address }) => isRecorded(address));
  writer.say(...destructionPlan(rows, recipe));
  writer.play(scheduleDestruction(rows).flatMap((scheduled) => destructionSteps(scheduled, recipe, affected)));
  writer.say('', `\u001b[0m\u001b[1m\u001b[32mDestroy complete! Resources: ${rows.length} destroyed.\u001b[0m`);
  return true;
}

/** What Terraform's own rows took along with them. */
function isDoneByTerraform(address: string, recipe: ScriptRecipe, maker: string): boolean {
  return recipe.present.includes(maker) && !recipe.unrecorded.includes(maker) && !recipe.unrecorded.includes(address);
}

const MAKERS: Readonly<Record<string, string>> = {
  'ec2:instance': 'aws_autoscaling_group.nodes',
  'ec2:volume': 'aws_autoscaling_group.nodes',
  'ec2:network-interface': 'aws_autoscaling_group.nodes',
  'ec2:network-interface/cluster': 'aws_eks_cluster.demo',
  'ec2:security-group/cluster': 'aws_eks_cluster.demo',
};

function unknownToState(recipe: ScriptRecipe, survivors: ReadonlySet<string>): readonly string[] {
  return recipe.present.filter((address) => {
    if (survivors.has(address) || address === APPLICATION_ADDRESS) return false;
    const maker = MAKERS[address] ?? address;
    return !isDoneByTerraform(address, recipe, maker);
  });
}

/** Deletes by tag and by name what the Terraform state does not know. */
function writeSweep(writer: ScriptWriter, recipe: ScriptRecipe, survivors: ReadonlySet<string>): void {
  const name = resourceName(recipe.deploymentId);
  writer.say(`sweep: looking for what no state knows, by the tag deployment_id and by the name ${name}`);
  writer.wait(3);
  for (const address of unknownToState(recipe, survivors)) {
    if (isListed(address, recipe)) writer.say(`sweep: deleting ${resourceLabel(address, recipe)}`);
    writer.effect('deleting', address);
    writer.wait(RESOURCE_TYPES[address.split(/[./]/)[0] ?? '']?.destroySeconds ?? 2);
    writer.effect('gone', address);
  }
  if (recipe.outcome.kind !== 'dependency-violation' || survivors.size === 0) {
    writer.say('sweep: nothing is left');
    return;
  }
  for (const address of survivors) {
    writer.say(`sweep: cannot delete ${resourceLabel(address, recipe)}: DependencyViolation`);
  }
  writer.wait(40);
  writer.say('sweep: nothing has changed in 7 rounds');
}

/** The script of the `destroy` job, and of the manual `stop` job. Answers whether it succeeds. */
export function writeDestroy(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  const survivors = survivorsOf(recipe);
  writeCredentials(writer);
  writer.command('./destroy.sh "$DEPLOYMENT_ID"');
  writeDrain(writer, recipe);
  if (!writeTerraform(writer, recipe, survivors)) {
    writer.say('lock: 12 minutes old, its holder may be at work');
    const listed = recipe.present.filter((address) => address !== APPLICATION_ADDRESS && isListed(address, recipe));
    writeReport(writer, recipe, listed);
    writer.say('destroy: the state is locked by somebody else; nothing was deleted');
    return false;
  }
  writeSweep(writer, recipe, survivors);
  const isStuck = recipe.outcome.kind === 'dependency-violation' && survivors.size > 0;
  // What AWS does not list yet, nobody can report.
  writeReport(writer, recipe, isStuck ? [...survivors] : []);
  plantInDestroy(writer, secrets);
  return !isStuck;
}
