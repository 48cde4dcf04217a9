import { compositeStatus, type Status } from '../composite-status.ts';
import { numberParameter } from '../fault-store.ts';
import { type JobRecord, jobsOfPipeline, type PipelineRecord, pipelineOf, type World } from '../world.ts';

const isPast = (at: number | null, thenAt: number): boolean => at !== null && at <= thenAt;

function statusThen(world: World, job: JobRecord, thenAt: number): Status {
  if (job.status === 'manual') return job.status;
  // GitLab notes no time for a skipped job, only that its pipeline changed.
  if (job.status === 'skipped') return isPast(pipelineOf(world, job).updatedAt, thenAt) ? job.status : 'created';
  if (isPast(job.finishedAt, thenAt)) return job.status;
  if (job.cutTime !== null && isPast(world.clock.toWall(job.cutTime), thenAt)) return 'canceling';
  if (isPast(job.startedAt, thenAt)) return 'running';
  if (job.status === 'waiting_for_resource') return job.status;
  return isPast(job.queuedAt, thenAt) ? 'pending' : 'created';
}

/** The job as GitLab shows it: as it is, or as it was a while ago when a replica lags. */
export function shownJob(world: World, job: JobRecord): JobRecord {
  const lag = world.faults.peek('stale-status', { pipeline_id: job.pipelineId, job: job.definition.name });
  if (!lag) return job;
  const thenAt = world.clock.toWall(world.time) - numberParameter(lag, 'seconds', 60) * 1_000;
  return {
    ...job,
    status: statusThen(world, job, thenAt),
    startedAt: isPast(job.startedAt, thenAt) ? job.startedAt : null,
    finishedAt: isPast(job.finishedAt, thenAt) ? job.finishedAt : null,
  };
}

/** The status of a pipeline as its jobs, as they are shown, make it. */
export function shownPipelineStatus(world: World, pipeline: PipelineRecord): Status {
  const jobs = jobsOfPipeline(world, pipeline).map((job) => shownJob(world, job));
  return compositeStatus(jobs.map(({ status, definition }) => ({ status, allowFailure: definition.allowFailure })));
}
