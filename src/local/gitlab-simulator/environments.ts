import { liveUrlOf } from './job-script.ts';
import { type EnvironmentRecord, type JobRecord, nextId, pipelineOf, type World } from './world.ts';

/** `auto_stop_in: 13 hours` of the apply job; GitLab looks once an hour, on its wall clock. */
export const AUTO_STOP_AFTER_MS = 13 * 3_600_000;
const AUTO_STOP_CHECK_MS = 3_600_000;
const MAX_ENVIRONMENTS = 500;
const FIRST_ENVIRONMENT_ID = 25_123_400;

function forgetOldest(world: World): void {
  if (world.environments.size < MAX_ENVIRONMENTS) return;
  const [oldest] = world.environments.keys();
  if (oldest !== undefined) world.environments.delete(oldest);
}

/** The environment `demo/<deployment id>`, made when the first apply of that deployment is created. */
export function ensureEnvironment(world: World, deploymentId: string, createdAt: number): EnvironmentRecord {
  const existing = world.environments.get(deploymentId);
  if (existing) return existing;
  forgetOldest(world);
  const environment: EnvironmentRecord = {
    id: FIRST_ENVIRONMENT_ID + nextId(world),
    deploymentId,
    createdAt,
    updatedAt: createdAt,
    state: 'available',
    externalUrl: null,
    autoStopAt: null,
    lastDeployJobId: null,
  };
  world.environments.set(deploymentId, environment);
  return environment;
}

/** What a finished job means for its environment: a successful apply deploys it, a successful destroy stops it. */
export function noteJobFinished(world: World, job: JobRecord): void {
  if (job.status !== 'success' || job.finishedAt === null) return;
  const { deployment_id: deploymentId } = pipelineOf(world, job).inputs;
  const environment = world.environments.get(deploymentId);
  if (!environment) return;
  if (job.definition.name === 'apply') {
    environment.state = 'available';
    environment.externalUrl = liveUrlOf(world, deploymentId);
    environment.autoStopAt = job.finishedAt + AUTO_STOP_AFTER_MS;
    environment.lastDeployJobId = job.id;
  } else if (job.definition.name === 'destroy' || job.definition.name === 'stop') {
    environment.state = 'stopped';
    environment.autoStopAt = null;
  } else {
    return;
  }
  environment.updatedAt = job.finishedAt;
}

/** The wall-clock instant of the hourly look at which GitLab will stop the environment by itself; null if never. */
export function autoStopDueAt({ autoStopAt, state }: EnvironmentRecord): number | null {
  if (autoStopAt === null || state !== 'available') return null;
  return Math.ceil(autoStopAt / AUTO_STOP_CHECK_MS) * AUTO_STOP_CHECK_MS;
}

/** The manual stop job that stopping this environment would start, if it is still there to be started. */
export function stopJobOf(world: World, environment: EnvironmentRecord): JobRecord | null {
  const deploy = environment.lastDeployJobId === null ? undefined : world.jobs.get(environment.lastDeployJobId);
  if (!deploy) return null;
  const stop = [...world.jobs.values()].findLast(
    ({ pipelineId, definition }) => pipelineId === deploy.pipelineId && definition.name === 'stop',
  );
  return stop?.status === 'manual' ? stop : null;
}
