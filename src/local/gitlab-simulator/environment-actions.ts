import { stopJobOf } from './environments.ts';
import { enqueue } from './job-lifecycle.ts';
import type { EnvironmentRecord, World } from './world.ts';

/**
 * Stops an environment as the button, the API and GitLab's own auto-stop do: starts its stop job. Without one, or when
 * forced, the environment only counts as stopped and nothing is destroyed.
 */
export function stopEnvironment(world: World, environment: EnvironmentRecord, time: number, force = false): void {
  const stopJob = force ? null : stopJobOf(world, environment);
  environment.autoStopAt = null;
  environment.updatedAt = world.clock.toWall(time);
  environment.state = stopJob ? 'stopping' : 'stopped';
  if (stopJob) enqueue(world, stopJob, time);
}
