import { isFinished } from '../composite-status.ts';
import { type JobRecord, pipelineOf, type World } from '../world.ts';
import { shownJob } from './lagging.ts';
import { commitView, RUNNER, RUNNER_MANAGER, USER } from './static-entities.ts';
import { instant, pipelineBasicView, shownStatus } from './views.ts';

/** How long GitLab keeps the artifacts of the apply job, as its definition says: 7 days. */
const ARTIFACTS_KEPT_MS = 7 * 86_400_000;

type View = Readonly<Record<string, unknown>>;

function seconds(fromAt: number | null, untilAt: number): number | null {
  return fromAt === null ? null : Math.round(untilAt - fromAt) / 1_000;
}

/** Whether the job has uploaded outputs.json. */
export function hasOutputs(job: JobRecord): boolean {
  return job.definition.name === 'apply' && job.status === 'success';
}

function artifactsOf(job: JobRecord): readonly View[] {
  const trace = { file_type: 'trace', size: 184_320, filename: 'job.log', file_format: null };
  if (!hasOutputs(job)) return job.startedAt !== null && isFinished(job.status) ? [trace] : [];
  return [
    { file_type: 'archive', size: 1_894, filename: 'artifacts.zip', file_format: 'zip' },
    { file_type: 'metadata', size: 201, filename: 'metadata.gz', file_format: 'gzip' },
    trace,
  ];
}

/** `API::Entities::Ci::JobBasic`. */
export function jobBasicView(world: World, record: JobRecord): View {
  const job = shownJob(world, record);
  const pipeline = pipelineOf(world, job);
  const nowAt = world.clock.toWall(world.time);
  const { name, stage, allowFailure } = job.definition;
  return {
    id: job.id,
    status: shownStatus(world, job.status, { pipeline_id: pipeline.id, job: name }),
    stage,
    name,
    ref: pipeline.ref,
    tag: world.identity.isTag(pipeline.ref),
    coverage: null,
    allow_failure: allowFailure,
    created_at: instant(world, job.createdAt),
    started_at: instant(world, job.startedAt),
    finished_at: instant(world, job.finishedAt),
    erased_at: null,
    duration: seconds(job.startedAt, job.finishedAt ?? nowAt),
    queued_duration: seconds(job.queuedAt, job.startedAt ?? job.finishedAt ?? nowAt),
    user: USER,
    commit: commitView(pipeline.sha, world.identity.webUrl(`commit/${pipeline.sha}`)),
    pipeline: pipelineBasicView(world, pipeline),
    ...(job.status === 'failed' ? { failure_reason: job.failureReason } : {}),
    web_url: world.identity.webUrl(`jobs/${job.id}`),
    project: { ci_job_token_scope_enabled: false },
  };
}

/** `API::Entities::Ci::Job`. */
export function jobView(world: World, record: JobRecord): View {
  const job = shownJob(world, record);
  const started = job.startedAt !== null;
  return {
    ...jobBasicView(world, record),
    ...(hasOutputs(job) ? { artifacts_file: { filename: 'artifacts.zip', size: 1_894 } } : {}),
    artifacts: artifactsOf(job),
    runner: started ? RUNNER : null,
    runner_manager: started ? RUNNER_MANAGER : null,
    artifacts_expire_at:
      hasOutputs(job) && job.finishedAt !== null ? instant(world, job.finishedAt + ARTIFACTS_KEPT_MS) : null,
    archived: false,
    tag_list: [],
  };
}
