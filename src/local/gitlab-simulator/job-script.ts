import { type FaultContext, numberParameter, textParameter } from './fault-store.ts';
import type { ScriptInterruption, ScriptOutcome, ScriptRecipe } from './trace/script.ts';
import { type JobRecord, pipelineOf, type World } from './world.ts';

/** A hanging job is ended by its own timeout: 50 recorded minutes, eight times faster. */
const JOB_TIMEOUT_MS = (50 * 60_000) / 8;

/** Where the demo of a deployment can be seen; the simulator itself answers there. */
export function liveUrlOf(world: World, deploymentId: string): string {
  return `${world.settings.publicOrigin()}/demo/${deploymentId}/`;
}

/** What faults are told about a job. */
export function faultContextOf(world: World, job: JobRecord): FaultContext {
  const { inputs } = pipelineOf(world, job);
  return {
    deployment_id: inputs.deployment_id,
    action: inputs.action,
    job: job.definition.name,
    pipeline_id: job.pipelineId,
  };
}

function applyOutcome(world: World, job: JobRecord, startedAt: number): ScriptOutcome {
  const startBefore = pipelineOf(world, job).inputs.start_before;
  // Negated, so that a date no clock knows (the 13th month) refuses too.
  if (startBefore !== 'none' && !(startedAt <= Date.parse(startBefore))) {
    return { kind: 'refused', startBefore, startedAt: `${new Date(startedAt).toISOString().slice(0, 19)}Z` };
  }
  const failure = world.faults.take('apply-fails', faultContextOf(world, job));
  if (!failure) return { kind: 'success' };
  const afterResources = numberParameter(failure, 'after_resources', -1);
  return { kind: 'apply-fails', afterResources: afterResources < 0 ? null : afterResources };
}

/** How a destroy will end that starts now, whoever runs it; uses up the faults that decide it. */
export function destroyOutcome(world: World, context: FaultContext): ScriptOutcome {
  if (world.faults.take('destroy-fails', context)) return { kind: 'dependency-violation' };
  return world.faults.take('leftovers', context) ? { kind: 'leftovers' } : { kind: 'success' };
}

function outcomeOf(world: World, job: JobRecord, startedAt: number): ScriptOutcome {
  const context = faultContextOf(world, job);
  const { name } = job.definition;
  if (job.definition.exclusive && world.faults.take('state-locked', context)) return { kind: 'state-locked' };
  if (name === 'apply') return applyOutcome(world, job, startedAt);
  if (name === 'destroy' || name === 'stop') return destroyOutcome(world, context);
  if (name === 'verify' && world.faults.take('verify-fails', context)) return { kind: 'verify-fails' };
  return { kind: 'success' };
}

function interruptionOf(world: World, job: JobRecord): ScriptInterruption | null {
  const context = faultContextOf(world, job);
  const lost = world.faults.take('runner-lost', context);
  if (lost) {
    const afterMs = numberParameter(lost, 'after_seconds', 5) * 1_000;
    return { afterMs, silentMs: 0, failureReason: textParameter(lost, 'failure_reason', 'runner_system_failure') };
  }
  const hanging = world.faults.take('job-hangs', context);
  if (!hanging) return null;
  return {
    afterMs: numberParameter(hanging, 'after_seconds', 5) * 1_000,
    silentMs: numberParameter(hanging, 'for_seconds', JOB_TIMEOUT_MS / 1_000) * 1_000,
    failureReason: 'job_execution_timeout',
  };
}

/** Decides, once, what the script of a job that starts at that instant will do; uses up the faults it meets. */
export function recipeFor(world: World, job: JobRecord, startedAt: number): ScriptRecipe {
  const { inputs, ref, sha } = pipelineOf(world, job);
  const existing = world.cloud.of(inputs.deployment_id);
  return {
    job: job.definition.name,
    deploymentId: inputs.deployment_id,
    seed: world.settings.seed,
    jobId: job.id,
    pipelineId: job.pipelineId,
    ref,
    sha,
    liveUrl: liveUrlOf(world, inputs.deployment_id),
    present: existing.map(({ address }) => address),
    deleting: existing.filter(({ state }) => state === 'deleting').map(({ address }) => address),
    outcome: outcomeOf(world, job, startedAt),
    interruption: interruptionOf(world, job),
  };
}
