import { applyEffect } from './cloud-effects.ts';
import { isFinished } from './composite-status.ts';
import { planReappearance } from './fault-plans.ts';
import { destroyOutcome, liveUrlOf, presentIn } from './job-script.ts';
import { breakLock } from './state-locks.ts';
import type { ScriptRecipe } from './trace/script.ts';
import { type BuildRecord, nextId, pipelineOf, type ScheduleRecord, type World } from './world.ts';

/**
 * The simulated counterpart of the scheduled build that destroys a deployment without GitLab and without the server:
 * one build at a time, and never while a job of the same deployment holds the Terraform state.
 */
const MAX_BUILDS = 200;
const MAX_SCHEDULES = 500;

/** Sets or moves the schedule of a deployment; false if there are too many. `firstRunAt` is a wall-clock instant. */
export function putSchedule(
  world: World,
  schedule: { readonly deploymentId: string; readonly firstRunAt: number; readonly everySeconds: number },
): boolean {
  if (!world.schedules.has(schedule.deploymentId) && world.schedules.size >= MAX_SCHEDULES) return false;
  world.schedules.set(schedule.deploymentId, { ...schedule, nextRunAt: schedule.firstRunAt });
  return true;
}

/** The schedule's time has come: queues a build, unless one for the same deployment is still in the queue. */
export function runSchedule(world: World, schedule: ScheduleRecord, time: number): void {
  const nowAt = world.clock.toWall(time);
  const periodMs = schedule.everySeconds * 1_000;
  const missed = Math.max(0, Math.floor((nowAt - schedule.nextRunAt) / periodMs));
  schedule.nextRunAt += (missed + 1) * periodMs;
  const queued = world.builds.some(
    ({ deploymentId, status }) =>
      deploymentId === schedule.deploymentId && (status === 'queued' || status === 'running'),
  );
  if (queued) return;
  world.builds.push({
    id: nextId(world),
    deploymentId: schedule.deploymentId,
    queuedAt: nowAt,
    status: 'queued',
    startedAt: null,
    startedTime: 0,
    finishedAt: null,
    endTime: Number.POSITIVE_INFINITY,
    pendingEffects: [],
    destroyed: 0,
    plannedFailure: false,
  });
  if (world.builds.length > MAX_BUILDS) world.builds.shift();
}

function holdsState(world: World, deploymentId: string): boolean {
  return [...world.jobs.values()].some(
    (job) =>
      job.definition.exclusive &&
      job.startedAt !== null &&
      !isFinished(job.status) &&
      pipelineOf(world, job).inputs.deployment_id === deploymentId,
  );
}

/** The build that may start now, if there is one. */
export function startableBuild(world: World): BuildRecord | undefined {
  if (world.builds.some(({ status }) => status === 'running')) return undefined;
  return world.builds.find(({ status, deploymentId }) => status === 'queued' && !holdsState(world, deploymentId));
}

/** Starts a build at that simulated time; what it will destroy is decided here. */
export function startBuild(world: World, build: BuildRecord, time: number): void {
  const { deploymentId } = build;
  const context = { deployment_id: deploymentId };
  const brokenLock = breakLock(world, deploymentId, { time, holdersEnded: false });
  const recipe: ScriptRecipe = {
    job: 'destroy',
    deploymentId,
    seed: world.settings.seed,
    jobId: build.id,
    pipelineId: 0,
    ref: '',
    sha: '',
    liveUrl: liveUrlOf(world, deploymentId),
    ...presentIn(world.cloud.of(deploymentId)),
    brokenLock,
    outcome: destroyOutcome(world, context),
    interruption: null,
  };
  const script = world.writeScript(recipe);
  const fails = world.faults.take('second-destroyer-fails', context) !== undefined;
  build.status = 'running';
  build.startedAt = world.clock.toWall(time);
  build.startedTime = time;
  build.endTime = time + script.durationMs;
  build.pendingEffects = fails ? [] : script.effects;
  build.plannedFailure = fails || script.failureReason !== null;
}

/** Carries out the next step of a running build. */
export function performNextBuildEffect(world: World, build: BuildRecord): void {
  const [effect, ...later] = build.pendingEffects;
  if (!effect) return;
  build.pendingEffects = later;
  if (effect.kind === 'gone') build.destroyed += 1;
  const time = build.startedTime + effect.atMs;
  applyEffect(world.cloud, { deploymentId: build.deploymentId, seed: world.settings.seed, time }, effect);
}

/** Ends a build at that simulated time. */
export function endBuild(world: World, build: BuildRecord, time: number): void {
  build.status = build.plannedFailure ? 'failed' : 'succeeded';
  build.finishedAt = world.clock.toWall(time);
  build.pendingEffects = [];
  if (build.status === 'succeeded') planReappearance(world, { deployment_id: build.deploymentId }, time);
}
