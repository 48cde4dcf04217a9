import type { SimulatedClock } from './clock.ts';
import type { Cloud } from './cloud.ts';
import type { Status } from './composite-status.ts';
import type { FaultStore } from './fault-store.ts';
import type { JobDefinition, PipelineInputs } from './pipeline-definition.ts';
import type { ProjectIdentity } from './project-identity.ts';
import type { Script, ScriptEffect, ScriptRecipe } from './trace/script.ts';

/** Times that end in `At` are wall-clock epoch milliseconds; times that end in `Time` are simulated milliseconds. */

export interface PipelineRecord {
  readonly id: number;
  readonly iid: number;
  readonly ref: string;
  readonly sha: string;
  readonly inputs: PipelineInputs;
  readonly createdAt: number;
  updatedAt: number;
  /** When GitLab has worked out which jobs may be queued; null once that has happened. */
  releaseTime: number | null;
  /** No runner takes a job of this pipeline before this simulated time; Infinity: never. */
  readonly stuckUntilTime: number;
  /** In the order they were made, those that were retried since included. */
  readonly jobIds: number[];
}

export interface JobRecord {
  readonly id: number;
  readonly pipelineId: number;
  readonly definition: JobDefinition;
  readonly createdAt: number;
  status: Status;
  queuedAt: number | null;
  /** When a runner takes the job, while it is pending. */
  pickupTime: number;
  startedAt: number | null;
  startedTime: number;
  finishedAt: number | null;
  finishedTime: number;
  /** When the running script ends by itself, or the cancelling ends. */
  endTime: number;
  /** When the script was interrupted; its later lines never appeared. */
  cutTime: number | null;
  failureReason: string | null;
  retried: boolean;
  /** True when GitLab lost track of it: it waits for the resource group whoever lets go of it. */
  forgotten: boolean;
  /** What was decided about the script when it started; the same recipe always gives the same script. */
  recipe: ScriptRecipe | null;
  /** How many things it has made in the account. */
  made: number;
  /** What the script still does to the account while it runs. */
  pendingEffects: readonly ScriptEffect[];
  plannedFailure: string | null;
}

export interface EnvironmentRecord {
  readonly id: number;
  readonly deploymentId: string;
  readonly createdAt: number;
  updatedAt: number;
  state: 'available' | 'stopping' | 'stopped';
  externalUrl: string | null;
  autoStopAt: number | null;
  lastDeployJobId: number | null;
}

export interface ScheduleRecord {
  readonly deploymentId: string;
  readonly firstRunAt: number;
  readonly everySeconds: number;
  nextRunAt: number;
}

export interface BuildRecord {
  readonly id: number;
  readonly deploymentId: string;
  readonly queuedAt: number;
  status: 'queued' | 'running' | 'succeeded' | 'failed';
  startedAt: number | null;
  startedTime: number;
  finishedAt: number | null;
  endTime: number;
  pendingEffects: readonly ScriptEffect[];
  destroyed: number;
  plannedFailure: boolean;
}

/** What a fault has set in motion and what will happen, by itself, at that simulated time. */
export type PlannedEvent = { readonly time: number } & (
  | { readonly kind: 'create'; readonly ref: string; readonly inputs: PipelineInputs }
  | { readonly kind: 'cancel-unstarted'; readonly pipelineId: number }
  | { readonly kind: 'retry'; readonly jobId: number }
  | { readonly kind: 'stop-environment'; readonly deploymentId: string }
  | { readonly kind: 'reappear'; readonly deploymentId: string; readonly address: string }
);

/** A Terraform state lock that its holder did not take with him. */
export interface StateLock {
  readonly sinceTime: number;
  /** When a destroy may break it. */
  readonly staleTime: number;
}

export interface WorldSettings {
  readonly seed: number;
  readonly publicOrigin: () => string;
  readonly createLimitPerMinute: number;
}

/** Everything the simulator knows. It is changed only by requests and by events whose time has come. */
export interface World {
  readonly settings: WorldSettings;
  readonly clock: SimulatedClock;
  readonly faults: FaultStore;
  readonly cloud: Cloud;
  readonly identity: ProjectIdentity;
  readonly writeScript: (recipe: ScriptRecipe) => Script;
  readonly pipelines: Map<number, PipelineRecord>;
  readonly jobs: Map<number, JobRecord>;
  readonly environments: Map<string, EnvironmentRecord>;
  readonly schedules: Map<string, ScheduleRecord>;
  readonly builds: BuildRecord[];
  readonly planned: PlannedEvent[];
  /** By deployment id. */
  readonly stateLocks: Map<string, StateLock>;
  /** The job that holds the resource group. */
  groupHolder: number | null;
  lastId: number;
  /** Simulated time up to which everything has happened. */
  time: number;
}

/** A number no earlier call returned. */
export function nextId(world: World): number {
  world.lastId += 1;
  return world.lastId;
}

/** The jobs of a pipeline in the order they were made, with or without those that were retried since. */
export function jobsOfPipeline(world: World, pipeline: PipelineRecord, includeRetried = false): JobRecord[] {
  return pipeline.jobIds.flatMap((id) => {
    const job = world.jobs.get(id);
    return job && (includeRetried || !job.retried) ? [job] : [];
  });
}

/** The pipeline a job belongs to. Throws only if the world contradicts itself. */
export function pipelineOf(world: World, job: JobRecord): PipelineRecord {
  const pipeline = world.pipelines.get(job.pipelineId);
  if (!pipeline) throw new Error(`job ${job.id} has no pipeline`);
  return pipeline;
}
