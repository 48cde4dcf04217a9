import { resourceName } from '../pipeline-definition.ts';
import { writeApplication } from './application-log.ts';
import { errorBox } from './error-box.ts';
import { plantInApply } from './planted-lines.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { APPLICATION_ADDRESS, NODES_ADDRESS } from './resource-graph.ts';
import { RESOURCE_TABLE } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials, writeInit, writeStateLocked } from './terraform-init.ts';
import { creationSteps, type ScheduledRow, scheduleCreation } from './terraform-schedule.ts';

/** The guard at the head of the job: an apply that was queued too long, or started again by hand, builds nothing. */
function writeGuard(writer: ScriptWriter, recipe: ScriptRecipe): boolean {
  writer.command('ci/start-once.sh "$DEPLOYMENT_ID" "$START_BEFORE"');
  if (recipe.outcome.kind !== 'refused') {
    writer.say('start_before: in time', `claim: this job builds ${recipe.deploymentId}`);
    return true;
  }
  const { startBefore, startedAt } = recipe.outcome;
  writer.complain(
    `refused: this apply had to start before ${startBefore}, and it is ${startedAt} now.`,
    'This job built nothing. Start a new deployment instead of running it again.',
  );
  writer.wait(2);
  return false;
}

/** When the apply breaks off: after a number of finished resources, or while the nodes are made. */
function failureSeconds(schedule: readonly ScheduledRow[], afterResources: number | null): number {
  const ends = schedule.map(({ untilSeconds }) => untilSeconds).toSorted((left, right) => left - right);
  const nodes = schedule.find(({ row }) => row.address === NODES_ADDRESS);
  if (afterResources === null && nodes) return nodes.fromSeconds + 21;
  const position = Math.min(afterResources ?? Math.floor(ends.length / 2), ends.length);
  return position === 0 ? 0 : (ends[position - 1] ?? 0);
}

function writeFailure(writer: ScriptWriter, recipe: ScriptRecipe): void {
  writer.complain(
    ...errorBox(
      `waiting for Auto Scaling Group (${resourceName(recipe.deploymentId)}) capacity satisfied: scaling activity failed: VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to.`,
      [
        `  with ${NODES_ADDRESS},`,
        '  on nodes.tf line 76, in resource "aws_autoscaling_group" "nodes":',
        '  76: resource "aws_autoscaling_group" "nodes" {',
        '',
      ],
    ),
  );
}

function writeOutputs(writer: ScriptWriter, recipe: ScriptRecipe, addedCount: number): void {
  const { deploymentId, liveUrl } = recipe;
  writer.say(
    '',
    `\u001b[0m\u001b[1m\u001b[32mApply complete! Resources: ${addedCount} added, 0 changed, 0 destroyed.\u001b[0m`,
    '\u001b[0m\u001b[1m\u001b[32m',
    'Outputs:',
    '',
    `\u001b[0mcluster_name = "${resourceName(deploymentId)}"`,
    `deployment_id = "${deploymentId}"`,
    'outputs = {',
    `  "deployment_id" = "${deploymentId}"`,
    `  "url" = "${liveUrl}"`,
    '}',
    `url = "${liveUrl}"`,
  );
}

/** The script of the `apply` job. Answers whether it succeeds. */
export function writeApply(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  writeCredentials(writer);
  if (!writeGuard(writer, recipe)) return false;
  writer.command('ci/terraform-init.sh');
  writeInit(writer);
  writer.command('terraform -chdir=ephemeral apply -input=false -parallelism=20 -lock-timeout=10m demo.tfplan');
  if (recipe.outcome.kind === 'state-locked') {
    writeStateLocked(writer, recipe);
    return false;
  }
  writer.wait(2);
  const missing = RESOURCE_TABLE.filter(({ address }) => !recipe.present.includes(address));
  const schedule = scheduleCreation(missing);
  const steps = schedule.flatMap((scheduled) => creationSteps(scheduled, recipe));
  if (recipe.outcome.kind === 'apply-fails') {
    const untilSeconds = failureSeconds(schedule, recipe.outcome.afterResources);
    writer.play(steps.filter(({ atSeconds }) => atSeconds <= untilSeconds));
    writeFailure(writer, recipe);
    return false;
  }
  writer.play(steps);
  writeOutputs(writer, recipe, missing.length);
  writeApplication(writer, recipe);
  writer.command('ci/write-outputs.sh');
  writer.say(`{"deployment_id":"${recipe.deploymentId}","url":"${recipe.liveUrl}"}`);
  plantInApply(writer, secrets);
  writer.effect('serves', APPLICATION_ADDRESS);
  return true;
}
