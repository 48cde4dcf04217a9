import { applyEffect } from './cloud-effects.ts';
import { isFinished, type Status } from './composite-status.ts';
import { noteJobFinished } from './environments.ts';
import { planAfterJob } from './fault-plans.ts';
import { numberParameter } from './fault-store.ts';
import { faultContextOf, recipeFor } from './job-script.ts';
import { stagesOf } from './pipeline-definition.ts';
import { stageStates } from './stage-order.ts';
import { leaveLock } from './state-locks.ts';
import { type JobRecord, jobsOfPipeline, type PipelineRecord, pipelineOf, type World } from './world.ts';

/** How long a runner takes to pick a job up, and how long a cancelled job needs to stop. Simulated milliseconds. */
const PICKUP_MS = 800;
export const CANCEL_GRACE_MS = 3_000;

/** Notes that something about a job, and so about its pipeline, changed at that simulated time. */
function touch(world: World, job: JobRecord, time: number): void {
  pipelineOf(world, job).updatedAt = world.clock.toWall(time);
}

/** With the fault, a runner takes an apply only when its deadline for starting has passed. */
function lateStartTime(world: World, job: JobRecord): number {
  const deadlineAt = Date.parse(pipelineOf(world, job).inputs.start_before);
  if (job.definition.name !== 'apply' || Number.isNaN(deadlineAt)) return 0;
  const late = world.faults.take('late-start', faultContextOf(world, job));
  return late ? world.clock.toSimulated(deadlineAt) + numberParameter(late, 'late_seconds', 0.5) * 1_000 : 0;
}

function becomePending(world: World, job: JobRecord, time: number): void {
  job.status = 'pending';
  job.pickupTime = Math.max(time + PICKUP_MS, pipelineOf(world, job).stuckUntilTime, lateStartTime(world, job));
  if (job.definition.exclusive) world.groupHolder = job.id;
  touch(world, job, time);
}

/** Queues a job whose turn has come: behind the resource group, if another job holds it, or for a runner. */
export function enqueue(world: World, job: JobRecord, time: number): void {
  job.queuedAt = world.clock.toWall(time);
  const { exclusive } = job.definition;
  job.forgotten = exclusive && world.faults.take('resource-group-stuck', faultContextOf(world, job)) !== undefined;
  const blocked = exclusive && world.groupHolder !== null && world.groupHolder !== job.id;
  if (!blocked && !job.forgotten) {
    becomePending(world, job, time);
    return;
  }
  job.status = 'waiting_for_resource';
  touch(world, job, time);
}

/** Lets the jobs of the stages whose turn has come move on, and skips those that can no longer run. */
export function releaseStages(world: World, pipeline: PipelineRecord, time: number): void {
  for (const { job, turn } of stageStates(jobsOfPipeline(world, pipeline), stagesOf(pipeline.inputs.action))) {
    if (job.status !== 'created' || turn === 'later') continue;
    if (turn === 'never') job.status = 'skipped';
    else if (job.definition.manual) job.status = 'manual';
    else enqueue(world, job, time);
  }
}

function releaseGroup(world: World, job: JobRecord, time: number): void {
  if (world.groupHolder !== job.id) return;
  world.groupHolder = null;
  const waiting = [...world.jobs.values()].find(
    ({ status, forgotten }) => status === 'waiting_for_resource' && !forgotten,
  );
  if (waiting) becomePending(world, waiting, time);
}

/** Ends a job at that simulated time and lets whatever waited for it go on. */
export function finish(
  world: World,
  job: JobRecord,
  end: { readonly status: Status; readonly time: number; readonly failureReason?: string | null },
): void {
  job.status = end.status;
  job.failureReason = end.failureReason ?? null;
  job.finishedAt = world.clock.toWall(end.time);
  job.finishedTime = end.time;
  job.pendingEffects = [];
  touch(world, job, end.time);
  noteJobFinished(world, job);
  planAfterJob(world, job, end.time);
  releaseGroup(world, job, end.time);
  releaseStages(world, pipelineOf(world, job), end.time);
}

/** A runner takes the job: from here on its script is fixed. */
export function start(world: World, job: JobRecord, time: number): void {
  if (world.faults.take('quota-exceeded', faultContextOf(world, job))) {
    finish(world, job, { status: 'failed', time, failureReason: 'ci_quota_exceeded' });
    return;
  }
  const startedAt = world.clock.toWall(time);
  const recipe = recipeFor(world, job, startedAt);
  const script = world.writeScript(recipe);
  job.status = 'running';
  job.startedAt = startedAt;
  job.startedTime = time;
  job.endTime = time + script.durationMs;
  job.recipe = recipe;
  job.pendingEffects = script.effects;
  job.plannedFailure = script.failureReason;
  touch(world, job, time);
}

/** Carries out the next step of a running job's script. */
export function performNextEffect(world: World, job: JobRecord): void {
  const [effect, ...later] = job.pendingEffects;
  if (!effect) return;
  job.pendingEffects = later;
  if (effect.kind === 'appears' || effect.kind === 'appears-unrecorded') job.made += 1;
  const { deployment_id: deploymentId } = pipelineOf(world, job).inputs;
  applyEffect(world.cloud, { deploymentId, seed: world.settings.seed, time: job.startedTime + effect.atMs }, effect);
}

/** The script, or the time a cancelled job was given, has come to its end. */
export function end(world: World, job: JobRecord, time: number): void {
  if (job.status === 'canceling') finish(world, job, { status: 'canceled', time });
  else if (job.plannedFailure === null) finish(world, job, { status: 'success', time });
  else {
    leaveLock(world, job);
    finish(world, job, { status: 'failed', time, failureReason: job.plannedFailure });
  }
}

/** Cancels a job: at once while it waits, after a grace while it runs; what is finished or manual stays as it is. */
export function cancel(world: World, job: JobRecord, time: number, force = false): void {
  if (job.status === 'running') {
    const hanging = world.faults.take('cancel-hangs', faultContextOf(world, job));
    const seconds = typeof hanging?.for_seconds === 'number' ? hanging.for_seconds : Number.POSITIVE_INFINITY;
    job.status = 'canceling';
    job.cutTime = time;
    job.pendingEffects = [];
    job.endTime = time + (hanging ? seconds * 1_000 : CANCEL_GRACE_MS);
    touch(world, job, time);
    return;
  }
  if (job.status === 'canceling' && !force) return;
  if (isFinished(job.status) || job.status === 'manual') return;
  finish(world, job, { status: 'canceled', time });
}
