import { type FaultContext, type FaultParameters, numberParameter } from './fault-store.ts';
import type { FaultName } from './fault-table.ts';
import { faultContextOf } from './job-script.ts';
import type { JobName } from './pipeline-definition.ts';
import { LATE_ADDRESS } from './trace/resource-graph.ts';
import type { JobRecord, PipelineRecord, PlannedEvent, World } from './world.ts';

/** More than a few at a time are a mistake; what comes on top does not happen. */
const MAX_PLANNED = 1_000;

/** Lets something happen later. */
export function plan(world: World, event: PlannedEvent): void {
  if (world.planned.length < MAX_PLANNED) world.planned.push(event);
}

function secondsLater(parameters: FaultParameters, time: number, usualSeconds: number): number {
  return time + Math.max(0, numberParameter(parameters, 'after_seconds', usualSeconds)) * 1_000;
}

/** A pipeline was made at that simulated time: a newer commit may cancel it again. */
export function planAfterCreation(world: World, pipeline: PipelineRecord, time: number): void {
  const { deployment_id, action } = pipeline.inputs;
  const newer = world.faults.take('auto-cancelled', { deployment_id, action, pipeline_id: pipeline.id });
  if (newer) plan(world, { kind: 'cancel-unstarted', pipelineId: pipeline.id, time: secondsLater(newer, time, 0.5) });
}

/** The faults by which somebody runs a job again, and which one when none is named. */
const RETRIES: readonly (readonly [FaultName, JobName])[] = [
  ['pipeline-reopened', 'verify'],
  ['apply-retried', 'apply'],
];

function planRetries(world: World, job: JobRecord, time: number, context: FaultContext): void {
  for (const [fault, usualJob] of RETRIES) {
    const isMeant = world.faults.peek(fault, context)?.job !== undefined || job.definition.name === usualJob;
    const retry = isMeant ? world.faults.take(fault, context) : undefined;
    if (retry) plan(world, { kind: 'retry', jobId: job.id, time: secondsLater(retry, time, 5) });
  }
}

/** A destroy ended well at that simulated time: something it deleted may be made again. */
export function planReappearance(world: World, context: FaultContext, time: number): void {
  const { deployment_id: deploymentId } = context;
  const again = world.faults.take('resource-reappears', context);
  if (!again || deploymentId === undefined) return;
  plan(world, { kind: 'reappear', deploymentId, address: LATE_ADDRESS, time: secondsLater(again, time, 60) });
}

/** A job ended at that simulated time, well or badly: what somebody, or something, makes of that a little later. */
export function planAfterJob(world: World, job: JobRecord, time: number): void {
  const context = faultContextOf(world, job);
  const { name } = job.definition;
  planRetries(world, job, time, context);
  if (job.status !== 'success') return;
  if (name === 'destroy' || name === 'stop') planReappearance(world, context, time);
  if (name !== 'apply') return;
  const stop = world.faults.take('auto-stop', context);
  if (!stop || context.deployment_id === undefined) return;
  const { deployment_id: deploymentId } = context;
  plan(world, { kind: 'stop-environment', deploymentId, time: secondsLater(stop, time, 60) });
}
