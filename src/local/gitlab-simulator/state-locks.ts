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

/** Why a destroy broke a lock: nobody can hold one so old, or it was told that nobody does. */
export type BrokenLock = 'stale' | 'told';

/** What a destroy does first: breaks the lock if nobody can hold it any more. Null if there was none, or it stays. */
export function breakLock(
  world: World,
  deploymentId: string,
  { time, holdersEnded }: { readonly time: number; readonly holdersEnded: boolean },
): BrokenLock | null {
  const lock = world.stateLocks.get(deploymentId);
  const isStale = lock !== undefined && time >= lock.staleTime;
  if (lock === undefined || !(isStale || holdersEnded)) return null;
  world.stateLocks.delete(deploymentId);
  return isStale ? 'stale' : 'told';
}
