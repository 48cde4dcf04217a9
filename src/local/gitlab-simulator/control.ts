import type { ListedResource } from './cloud.ts';
import { applyEffect } from './cloud-effects.ts';
import { compositeStatus } from './composite-status.ts';
import { type ActiveFault, type FaultParameters, numberParameter } from './fault-store.ts';
import { FAULTS, type FaultName } from './fault-table.ts';
import { pipelineName } from './pipeline-definition.ts';
import { putSchedule } from './second-destroyer.ts';
import { ORPHAN_ADDRESSES } from './trace/resource-graph.ts';
import { type BuildRecord, jobsOfPipeline, type PipelineRecord, type ScheduleRecord, type World } from './world.ts';

export interface InventoryListing {
  /** False when the listing may lack something. */
  readonly complete: boolean;
  readonly resources: readonly ListedResource[];
}

export interface Schedule {
  readonly deployment_id: string;
  readonly first_run_at: number;
  readonly every_seconds: number;
  readonly next_run_at: number;
}

/** What a person, a test or an adapter can do to the simulation besides calling GitLab. */
export interface SimulatorControl {
  /** Everything there is, for looking at. */
  state(): Readonly<Record<string, unknown>>;
  /** What exists in the account; null when the fault says that the inventory cannot be read. */
  inventory(deploymentId?: string): InventoryListing | null;
  schedules(): readonly Schedule[];
  /** Sets the second destroyer's schedule for a deployment; false when there are too many. Wall-clock milliseconds. */
  putSchedule(deploymentId: string, firstRunAt: number, everySeconds: number): boolean;
  /** False if there was none. */
  deleteSchedule(deploymentId: string): boolean;
  /** True while the fault says that schedules cannot be read or written; uses up one of its times. */
  schedulesFail(): boolean;
  /** Changes the speed; what has happened stays as it was. */
  setSpeed(speed: number): void;
  setFault(name: FaultName, parameters?: FaultParameters): void;
  clearFaults(name?: FaultName): void;
  faults(): readonly ActiveFault[];
  /** Puts a few resources of a deployment into the account that no pipeline made. */
  addOrphan(deploymentId: string): void;
}

function pipelineState(world: World, pipeline: PipelineRecord): Readonly<Record<string, unknown>> {
  const jobs = jobsOfPipeline(world, pipeline, true);
  const present = jobs.filter(({ retried }) => !retried);
  return {
    id: pipeline.id,
    name: pipelineName(pipeline.inputs),
    ref: pipeline.ref,
    status: compositeStatus(
      present.map(({ status, definition }) => ({ status, allowFailure: definition.allowFailure })),
    ),
    created_at: pipeline.createdAt,
    start_before: pipeline.inputs.start_before,
    jobs: jobs.map(({ id, definition, status, failureReason, startedAt, finishedAt, retried, made }) => ({
      id,
      name: definition.name,
      status,
      failure_reason: failureReason,
      started_at: startedAt,
      finished_at: finishedAt,
      retried,
      made,
    })),
  };
}

function buildState(build: BuildRecord): Readonly<Record<string, unknown>> {
  return {
    id: build.id,
    deployment_id: build.deploymentId,
    status: build.status,
    queued_at: build.queuedAt,
    started_at: build.startedAt,
    finished_at: build.finishedAt,
    destroyed: build.destroyed,
  };
}

function scheduleState({ deploymentId, firstRunAt, everySeconds, nextRunAt }: ScheduleRecord): Schedule {
  return { deployment_id: deploymentId, first_run_at: firstRunAt, every_seconds: everySeconds, next_run_at: nextRunAt };
}

function stateOf(world: World): Readonly<Record<string, unknown>> {
  return {
    now: world.clock.toWall(world.time),
    speed: world.clock.speed(),
    resource_group_holder: world.groupHolder,
    pipelines: [...world.pipelines.values()].map((pipeline) => pipelineState(world, pipeline)),
    resources: world.cloud.listed(),
    environments: [...world.environments.values()].map(({ id, deploymentId, state, externalUrl, autoStopAt }) => ({
      id,
      deployment_id: deploymentId,
      state,
      external_url: externalUrl,
      auto_stop_at: autoStopAt,
    })),
    state_locks: [...world.stateLocks].map(([deploymentId, { sinceTime, staleTime }]) => ({
      deployment_id: deploymentId,
      since: world.clock.toWall(sinceTime),
      stale_from: world.clock.toWall(staleTime),
    })),
    schedules: [...world.schedules.values()].map(scheduleState),
    builds: world.builds.map(buildState),
    faults: world.faults.list(),
    available_faults: FAULTS,
  };
}

function readInventory(world: World, deploymentId: string | undefined): InventoryListing | null {
  const context = deploymentId === undefined ? {} : { deployment_id: deploymentId };
  if (world.faults.take('inventory-error', context)) return null;
  const resources = world.cloud.listed(deploymentId);
  if (!world.faults.take('inventory-partial', context)) return { complete: true, resources };
  return { complete: false, resources: resources.slice(0, Math.floor(resources.length / 2)) };
}

/** `leftovers` counts its destroys in `survive`, which is the same as `times`. */
function normalized(name: FaultName, parameters: FaultParameters): FaultParameters {
  if (name !== 'leftovers' || parameters.survive === undefined) return parameters;
  const { survive: _survive, ...others } = parameters;
  return { ...others, times: numberParameter(parameters, 'survive', 1) };
}

/** Makes the control of a world. `catchUp` lets everything happen that is due; each function calls it first. */
export function createControl(world: World, catchUp: () => void): SimulatorControl {
  /** Every question and every change finds the world as it is now. */
  function current<Arguments extends readonly unknown[], Result>(act: (...given: Arguments) => Result) {
    return (...given: Arguments): Result => {
      catchUp();
      return act(...given);
    };
  }

  return {
    state: current(() => stateOf(world)),
    inventory: current((deploymentId?: string) => readInventory(world, deploymentId)),
    schedules: current(() => [...world.schedules.values()].map(scheduleState)),
    putSchedule: current((deploymentId: string, firstRunAt: number, everySeconds: number) =>
      putSchedule(world, { deploymentId, firstRunAt, everySeconds }),
    ),
    deleteSchedule: current((deploymentId: string) => world.schedules.delete(deploymentId)),
    schedulesFail: () => world.faults.take('schedules-error', {}) !== undefined,
    setSpeed: current((speed: number) => world.clock.setSpeed(speed)),
    setFault: current((name: FaultName, parameters: FaultParameters = {}) =>
      world.faults.set(name, normalized(name, parameters)),
    ),
    clearFaults: current((name?: FaultName) => world.faults.clear(name)),
    faults: () => world.faults.list(),
    addOrphan: current((deploymentId: string) => {
      const target = { deploymentId, seed: world.settings.seed, time: world.time };
      for (const address of ORPHAN_ADDRESSES) applyEffect(world.cloud, target, { atMs: 0, kind: 'appears', address });
    }),
  };
}
