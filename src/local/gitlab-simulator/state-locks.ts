import { type JobRecord, pipelineOf, type World } from './world.ts';

/** More locks than deployments that anybody tries out at once; the oldest is forgotten first. */
const MAX_LOCKS = 500;

/** A job whose runner died leaves its Terraform state lock behind, if its fault says so. */
export function leaveLock(world: World, job: JobRecord): void {
  const staleAfterMs = job.recipe?.interruption?.leavesLockMs ?? null;
  if (staleAfterMs === null) return;
  const { deployment_id: deploymentId } = pipelineOf(world, job).inputs;
  world.stateLocks.set(deploymentId, {
    sinceTime: job.startedTime,
    staleTime: job.startedTime + staleAfterMs,
  });
  const [oldest] = world.stateLocks.keys();
  if (world.stateLocks.size > MAX_LOCKS && oldest !== undefined) world.stateLocks.delete(oldest);
}

/** What a destroy does first: breaks the lock if it is so old that nobody can hold it any more. True if it did. */
export function breakStaleLock(world: World, deploymentId: string, time: number): boolean {
  const lock = world.stateLocks.get(deploymentId);
  if (lock === undefined || time < lock.staleTime) return false;
  return world.stateLocks.delete(deploymentId);
}
