import { applyEffect } from './cloud-effects.ts';
import { stopEnvironment } from './environment-actions.ts';
import { cancelPipeline, createPipeline, isRetryable, retryJob } from './pipeline-actions.ts';
import { jobsOfPipeline, type PlannedEvent, type World } from './world.ts';

/** A newer commit cancels only what has not started: none of the project's jobs is interruptible. */
function cancelUnstarted(world: World, pipelineId: number, time: number): void {
  const pipeline = world.pipelines.get(pipelineId);
  const hasStarted = pipeline && jobsOfPipeline(world, pipeline, true).some(({ startedAt }) => startedAt !== null);
  if (pipeline && !hasStarted) cancelPipeline(world, pipeline, time);
}

function retry(world: World, jobId: number, time: number): void {
  const job = world.jobs.get(jobId);
  if (job && isRetryable(world, job)) retryJob(world, job, time);
}

/** Lets a planned event happen at its own time. What it was about may be gone by then; then nothing happens. */
export function carryOut(world: World, event: PlannedEvent): void {
  const { time } = event;
  if (event.kind === 'create') createPipeline(world, event);
  if (event.kind === 'cancel-unstarted') cancelUnstarted(world, event.pipelineId, time);
  if (event.kind === 'retry') retry(world, event.jobId, time);
  if (event.kind === 'stop-environment') {
    const environment = world.environments.get(event.deploymentId);
    if (environment?.state === 'available') stopEnvironment(world, environment, time);
  }
  if (event.kind === 'reappear') {
    const target = { deploymentId: event.deploymentId, seed: world.settings.seed, time };
    applyEffect(world.cloud, target, { atMs: 0, kind: 'appears-unrecorded', address: event.address });
  }
}
