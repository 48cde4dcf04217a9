import { resourceName } from '../pipeline-definition.ts';
import { writeApplication } from './application-log.ts';
import { errorBox } from './error-box.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { APPLICATION_ADDRESS } from './resource-graph.ts';
import { RESOURCE_TABLE } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeInit, writeStateLocked } from './terraform-init.ts';
import { creationSteps, type ScheduledRow, scheduleCreation } from './terraform-schedule.ts';

const NODES_ADDRESS = 'module.nodes.aws_autoscaling_group.this';

/** The guard at the head of the job: an apply that was queued too long, or started again by hand, builds nothing. */
function writeGuard(writer: ScriptWriter, recipe: ScriptRecipe): boolean {
  writer.command('./ci/check-start-before.sh "$START_BEFORE"');
  if (recipe.outcome.kind !== 'refused') {
    writer.say('start_before: in time');
    return true;
  }
  const { startBefore, startedAt } = recipe.outcome;
  writer.complain(
    `refused: this apply had to start before ${startBefore}, and it is ${startedAt} now.`,
    'Nothing was built. Start a new deployment instead of running this job again.',
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
        '  on modules/nodes/main.tf line 41, in resource "aws_autoscaling_group" "this":',
        '  41: resource "aws_autoscaling_group" "this" {',
        '',
      ],
    ),
  );
}

/** The script of the `apply` job. Answers whether it succeeds. */
export function writeApply(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  if (!writeGuard(writer, recipe)) return false;
  writeInit(writer, recipe);
  writer.command('terraform apply -input=false -lock-timeout=10m demo.tfplan');
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
  writer.say(
    '',
    `\u001b[0m\u001b[1m\u001b[32mApply complete! Resources: ${missing.length} added, 0 changed, 0 destroyed.\u001b[0m`,
    '\u001b[0m\u001b[1m\u001b[32m',
    'Outputs:',
    '',
    '\u001b[0madmin_password = <sensitive>',
    `cluster_name = "${resourceName(recipe.deploymentId)}"`,
    `url = "${recipe.liveUrl}"`,
  );
  writeApplication(writer, recipe, secrets);
  writer.command('./ci/write-outputs.sh > outputs.json');
  writer.effect('serves', APPLICATION_ADDRESS);
  return true;
}
