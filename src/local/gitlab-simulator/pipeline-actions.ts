import { compositeStatus, isFinished, type Status } from './composite-status.ts';
import { ensureEnvironment } from './environments.ts';
import { planAfterCreation } from './fault-plans.ts';
import { cancel, enqueue, releaseStages } from './job-lifecycle.ts';
import { type JobDefinition, jobsOf, type PipelineInputs } from './pipeline-definition.ts';
import { type JobRecord, jobsOfPipeline, nextId, type PipelineRecord, pipelineOf, type World } from './world.ts';

const FIRST_PIPELINE_ID = 2_200_000_000;
const FIRST_JOB_ID = 12_345_678_000;
const FIRST_IID = 400;
/** GitLab needs a moment to work out what may be queued. Simulated milliseconds. */
const RELEASE_MS = 300;

export const MAX_PIPELINES = 500;
/** GitLab has no such limit; it keeps a pipeline that somebody retries for ever bounded. */
const MAX_JOBS_PER_PIPELINE = 60;

function createJob(world: World, pipeline: PipelineRecord, definition: JobDefinition, createdAt: number): JobRecord {
  const job: JobRecord = {
    id: FIRST_JOB_ID + nextId(world),
    pipelineId: pipeline.id,
    definition,
    createdAt,
    status: 'created',
    queuedAt: null,
    pickupTime: Number.POSITIVE_INFINITY,
    startedAt: null,
    startedTime: 0,
    finishedAt: null,
    finishedTime: 0,
    endTime: Number.POSITIVE_INFINITY,
    cutTime: null,
    failureReason: null,
    retried: false,
    forgotten: false,
    recipe: null,
    made: 0,
    pendingEffects: [],
    plannedFailure: null,
  };
  world.jobs.set(job.id, job);
  pipeline.jobIds.push(job.id);
  return job;
}

/** The status of a pipeline as its present jobs make it. */
export function statusOf(world: World, pipeline: PipelineRecord): Status {
  const jobs = jobsOfPipeline(world, pipeline);
  return compositeStatus(jobs.map(({ status, definition }) => ({ status, allowFailure: definition.allowFailure })));
}

/** Makes room for one more pipeline by forgetting the oldest finished ones; false if all of them are unfinished. */
export function makeRoom(world: World): boolean {
  for (const pipeline of world.pipelines.values()) {
    if (world.pipelines.size < MAX_PIPELINES) break;
    if (!isFinished(statusOf(world, pipeline))) continue;
    for (const job of jobsOfPipeline(world, pipeline, true)) world.jobs.delete(job.id);
    world.pipelines.delete(pipeline.id);
  }
  return world.pipelines.size < MAX_PIPELINES;
}

/** Commits a pipeline with its jobs at that simulated time. The inputs have been checked. */
export function createPipeline(
  world: World,
  request: { readonly ref: string; readonly inputs: PipelineInputs; readonly time: number },
): PipelineRecord {
  const { ref, inputs, time } = request;
  const context = { deployment_id: inputs.deployment_id, action: inputs.action };
  const stuck = world.faults.take('stuck-pipeline', context);
  const moved = world.faults.take('sha-moved', context);
  const stuckSeconds = typeof stuck?.for_seconds === 'number' ? stuck.for_seconds : Number.POSITIVE_INFINITY;
  const createdAt = world.clock.toWall(time);
  const serial = nextId(world);
  const pipeline: PipelineRecord = {
    id: FIRST_PIPELINE_ID + serial,
    iid: FIRST_IID + serial,
    ref,
    sha: world.identity.shaOf(moved ? `${ref} moved` : ref),
    inputs,
    createdAt,
    updatedAt: createdAt,
    releaseTime: time + RELEASE_MS,
    stuckUntilTime: stuck ? time + stuckSeconds * 1_000 : 0,
    jobIds: [],
  };
  world.pipelines.set(pipeline.id, pipeline);
  for (const definition of jobsOf(inputs.action)) createJob(world, pipeline, definition, createdAt);
  if (inputs.action === 'apply') ensureEnvironment(world, inputs.deployment_id, createdAt);
  planAfterCreation(world, pipeline, time);
  return pipeline;
}

/** Cancels every job of a pipeline that can be cancelled; a finished pipeline stays as it is. */
export function cancelPipeline(world: World, pipeline: PipelineRecord, time: number): void {
  pipeline.releaseTime = null;
  // Later jobs first: cancelling an earlier one must not skip them before they are cancelled themselves.
  for (const job of jobsOfPipeline(world, pipeline).reverse()) cancel(world, job, time);
}

/** Whether GitLab lets this job be retried: finished by running, and not retried before. */
export function isRetryable(world: World, job: JobRecord): boolean {
  const ended = job.status === 'success' || job.status === 'failed' || job.status === 'canceled';
  return ended && !job.retried && pipelineOf(world, job).jobIds.length < MAX_JOBS_PER_PIPELINE;
}

function replaceJob(world: World, job: JobRecord, time: number): JobRecord {
  const pipeline = pipelineOf(world, job);
  job.retried = true;
  const fresh = createJob(world, pipeline, job.definition, world.clock.toWall(time));
  for (const other of jobsOfPipeline(world, pipeline)) if (other.status === 'skipped') other.status = 'created';
  return fresh;
}

/** Makes a new job of the same name in place of a finished one; what was skipped because of it waits again. */
export function retryJob(world: World, job: JobRecord, time: number): JobRecord {
  const fresh = replaceJob(world, job, time);
  enqueue(world, fresh, time);
  return fresh;
}

/** Retries every failed or cancelled job of a pipeline, stage by stage; does nothing when there is none. */
export function retryPipeline(world: World, pipeline: PipelineRecord, time: number): void {
  const failed = jobsOfPipeline(world, pipeline).filter(({ status }) => status === 'failed' || status === 'canceled');
  for (const job of failed) if (isRetryable(world, job)) replaceJob(world, job, time);
  releaseStages(world, pipeline, time);
}
