import type { JobState, ObservedJob, ObservedPipeline } from '../lifecycle/observation.ts';
import type { PipelineView } from '../lifecycle/requests.ts';
import type { PipelineJson } from './schemas/pipeline.ts';
import { isoOf, isoOrNull } from './view-json.ts';

/** GitLab's words for a pipeline that exists and has not begun (its API's list of pipeline statuses). */
const NOT_BEGUN = ['created', 'waiting_for_resource', 'waiting_for_callback', 'preparing', 'pending', 'scheduled'];
const BLOCKED = 'manual';

type Flags = Pick<
  PipelineJson,
  'is_created' | 'is_running' | 'is_success' | 'is_failed' | 'is_canceled' | 'is_blocked' | 'is_finished'
>;

/** The flags of a status. A word we do not know means "in progress", as everywhere. */
const flagsOf = ({ status, terminal }: ObservedPipeline): Flags => {
  const isCreated = !terminal && NOT_BEGUN.includes(status);
  const isBlocked = !terminal && status === BLOCKED;
  return {
    is_created: isCreated,
    is_running: !terminal && !isCreated && !isBlocked,
    is_success: status === 'success',
    is_failed: status === 'failed',
    is_canceled: status === 'canceled',
    is_blocked: isBlocked,
    is_finished: terminal,
  };
};

/** What one job says about its whole stage: the first of these that any job is in, else they all succeeded. */
const STAGE_ORDER: readonly JobState[] = ['failed', 'running', 'canceled', 'manual', 'waiting', 'succeeded', 'skipped'];

const stageState = (jobs: readonly ObservedJob[]): JobState => {
  const states = new Set(jobs.map((job) => job.state));
  // Half done and half to come is under way, though no job runs at this moment.
  if (states.has('succeeded') && states.has('waiting') && !states.has('failed')) return 'running';
  return STAGE_ORDER.find((state) => states.has(state)) ?? 'waiting';
};

const jobJson = (job: ObservedJob): PipelineJson['stages'][number]['jobs'][number] => ({
  id: job.id,
  name: job.name,
  state: job.state,
  started_at: isoOrNull(job.startedAt),
  finished_at: isoOrNull(job.finishedAt),
  failure_reason: job.failureReason,
});

/** A job that waits for a person holds up nothing, unless its stage has no other. */
const decisiveOf = (jobs: readonly ObservedJob[]): readonly ObservedJob[] => {
  const decisive = jobs.filter((job) => job.state !== 'manual');
  return decisive.length > 0 ? decisive : jobs;
};

const stageJson = (name: string, jobs: readonly ObservedJob[]): PipelineJson['stages'][number] => {
  const decisive = decisiveOf(jobs);
  const starts = decisive.flatMap((job) => (job.startedAt === null ? [] : [job.startedAt]));
  const ends = decisive.flatMap((job) => (job.finishedAt === null ? [] : [job.finishedAt]));
  return {
    name,
    state: stageState(decisive),
    started_at: starts.length === 0 ? null : isoOf(Math.min(...starts)),
    finished_at: ends.length < decisive.length ? null : isoOf(Math.max(...ends)),
    jobs: jobs.map(jobJson),
  };
};

/** The pipeline as JSON: neither its id nor its commit, and its link only when the owner allows it. */
export const pipelineJson = (view: PipelineView, showLink: boolean): PipelineJson => {
  const { pipeline } = view;
  const stages = Map.groupBy(pipeline.jobs, (job) => job.stage);
  return {
    status: pipeline.status,
    direction: view.direction,
    ...flagsOf(pipeline),
    created_at: isoOrNull(pipeline.createdAt),
    started_at: isoOrNull(pipeline.startedAt),
    finished_at: isoOrNull(pipeline.finishedAt),
    stages: [...stages].map(([name, jobs]) => stageJson(name, jobs)),
    progress: view.progress,
    observed_at: isoOf(view.observedAt),
    stale: view.stale,
    web_url: showLink ? pipeline.webUrl : null,
  };
};
