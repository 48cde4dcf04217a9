import type { CloudResource } from './cloud.ts';
import { type FaultContext, numberParameter, textParameter } from './fault-store.ts';
import { breakLock } from './state-locks.ts';
import type { ScriptInterruption, ScriptOutcome, ScriptRecipe } from './trace/script.ts';
import { type JobRecord, pipelineOf, type World } from './world.ts';

/** A hanging job is ended by its own timeout: 50 recorded minutes, eight times faster. */
const JOB_TIMEOUT_MS = (50 * 60_000) / 8;
/** `destroy.sh` breaks a lock that is older than any job can be: 75 recorded minutes, twelve times faster. */
const STALE_LOCK_SECONDS = (75 * 60) / 12;

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
  if (world.stateLocks.has(context.deployment_id ?? '')) return { kind: 'state-locked' };
  if (world.faults.take('destroy-fails', context)) return { kind: 'dependency-violation' };
  return world.faults.take('leftovers', context) ? { kind: 'leftovers' } : { kind: 'success' };
}

function outcomeOf(world: World, job: JobRecord, startedAt: number): ScriptOutcome {
  const context = faultContextOf(world, job);
  const { name } = job.definition;
  if (name === 'apply' && world.stateLocks.has(pipelineOf(world, job).inputs.deployment_id)) {
    return { kind: 'state-locked' };
  }
  if (job.definition.exclusive && world.faults.take('state-locked', context)) return { kind: 'state-locked' };
  if (name === 'apply') return applyOutcome(world, job, startedAt);
  if (name === 'destroy' || name === 'stop') return destroyOutcome(world, context);
  if (name === 'verify' && world.faults.take('verify-fails', context)) return { kind: 'verify-fails' };
  return { kind: 'success' };
}

/** The faults by which a job's runner dies, and when by default. */
const KILLED = { 'runner-lost': 5, 'created-not-in-state': 30, 'stale-lock': 5 } as const;

function killed(world: World, job: JobRecord, fault: keyof typeof KILLED): ScriptInterruption | null {
  if (fault === 'created-not-in-state' && job.definition.name !== 'apply') return null;
  if (fault === 'stale-lock' && !job.definition.exclusive) return null;
  const parameters = world.faults.take(fault, faultContextOf(world, job));
  if (!parameters) return null;
  return {
    afterMs: numberParameter(parameters, 'after_seconds', KILLED[fault]) * 1_000,
    silentMs: 0,
    failureReason: textParameter(parameters, 'failure_reason', 'runner_system_failure'),
    losesState: fault === 'created-not-in-state',
    leavesLockMs:
      fault === 'stale-lock' ? numberParameter(parameters, 'stale_after_seconds', STALE_LOCK_SECONDS) * 1_000 : null,
  };
}

function interruptionOf(world: World, job: JobRecord): ScriptInterruption | null {
  const context = faultContextOf(world, job);
  const death =
    killed(world, job, 'runner-lost') ?? killed(world, job, 'created-not-in-state') ?? killed(world, job, 'stale-lock');
  if (death) return death;
  const hanging = world.faults.take('job-hangs', context);
  if (!hanging) return null;
  return {
    afterMs: numberParameter(hanging, 'after_seconds', 5) * 1_000,
    silentMs: numberParameter(hanging, 'for_seconds', JOB_TIMEOUT_MS / 1_000) * 1_000,
    failureReason: 'job_execution_timeout',
    losesState: false,
    leavesLockMs: null,
  };
}

/** What exists when a script starts, as far as the script has to know. */
export function presentIn(
  resources: readonly CloudResource[],
): Pick<ScriptRecipe, 'present' | 'deleting' | 'unrecorded'> {
  const addressesOf = (isMeant: (resource: CloudResource) => boolean): readonly string[] =>
    resources.filter(isMeant).map(({ address }) => address);
  return {
    present: addressesOf(() => true),
    deleting: addressesOf(({ state }) => state === 'deleting'),
    unrecorded: addressesOf(({ recorded }) => !recorded),
  };
}

/** Decides, once, what the script of a job that starts at that instant will do; uses up the faults it meets. */
export function recipeFor(world: World, job: JobRecord, startedAt: number): ScriptRecipe {
  const { inputs, ref, sha } = pipelineOf(world, job);
  const isDestroy = job.definition.name === 'destroy' || job.definition.name === 'stop';
  const told = { time: world.clock.toSimulated(startedAt), holdersEnded: inputs.holders_ended === 'true' };
  const brokenLock = isDestroy ? breakLock(world, inputs.deployment_id, told) : null;
  return {
    job: job.definition.name,
    deploymentId: inputs.deployment_id,
    seed: world.settings.seed,
    jobId: job.id,
    pipelineId: job.pipelineId,
    ref,
    sha,
    liveUrl: liveUrlOf(world, inputs.deployment_id),
    ...presentIn(world.cloud.of(inputs.deployment_id)),
    brokenLock,
    outcome: outcomeOf(world, job, startedAt),
    interruption: interruptionOf(world, job),
  };
}
