import type { Status } from '../composite-status.ts';
import { numberParameter, textParameter } from '../fault-store.ts';
import { pipelineName } from '../pipeline-definition.ts';
import { jobsOfPipeline, type PipelineRecord, type World } from '../world.ts';
import { shownJob, shownPipelineStatus } from './lagging.ts';
import { USER_BASIC } from './static-entities.ts';

/** How far GitLab's clock is ahead of the others, in milliseconds. */
export function skewMs(world: World): number {
  const skew = world.faults.peek('clock-skew', {});
  return skew ? numberParameter(skew, 'seconds', 0) * 1_000 : 0;
}

/** A wall-clock instant as GitLab writes it: ISO 8601 in UTC with milliseconds. Null stays null. */
export function instant(world: World, at: number): string;
export function instant(world: World, at: number | null): string | null;
export function instant(world: World, at: number | null): string | null {
  if (at === null) return null;
  return new Date(at + skewMs(world)).toISOString();
}

/** The status to show; a status nobody knows when that fault strikes, which it never does for what is finished. */
export function shownStatus(
  world: World,
  status: Status,
  context: { readonly pipeline_id: number; readonly job?: string },
): string {
  if (status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped') return status;
  const fault = world.faults.take('unknown-status', context);
  return fault ? textParameter(fault, 'status', 'waiting_for_approval') : status;
}

const STATUS_TEXTS: Readonly<Partial<Record<Status, readonly [icon: string, text: string, label: string]>>> = {
  waiting_for_resource: ['pending', 'Waiting', 'waiting for resource'],
  success: ['success', 'Passed', 'passed'],
  canceling: ['canceled', 'Canceling', 'canceling'],
  manual: ['manual', 'Manual', 'waiting for manual action'],
};

function detailedStatus(world: World, pipeline: PipelineRecord, status: Status): Readonly<Record<string, unknown>> {
  const text = `${status.charAt(0).toUpperCase()}${status.slice(1)}`;
  const [icon, shownText, label] = STATUS_TEXTS[status] ?? [status, text, status];
  return {
    icon: `status_${icon}`,
    text: shownText,
    label,
    group: status.replaceAll('_', '-'),
    tooltip: label,
    has_details: true,
    details_path: `/${world.identity.projectPath}/-/pipelines/${pipeline.id}`,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${status}.png`,
  };
}

/** `API::Entities::Ci::PipelineBasic`: what jobs carry about their pipeline. */
export function pipelineBasicView(world: World, pipeline: PipelineRecord): Readonly<Record<string, unknown>> {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: world.identity.projectId,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status: shownStatus(world, shownPipelineStatus(world, pipeline), { pipeline_id: pipeline.id }),
    source: 'api',
    created_at: instant(world, pipeline.createdAt),
    updated_at: instant(world, pipeline.updatedAt),
    web_url: world.identity.webUrl(`pipelines/${pipeline.id}`),
  };
}

/** A list item: the basic view and the name. */
export function pipelineListView(world: World, pipeline: PipelineRecord): Readonly<Record<string, unknown>> {
  return { ...pipelineBasicView(world, pipeline), name: pipelineName(pipeline.inputs) };
}

function pipelineTimes(world: World, pipeline: PipelineRecord, status: Status): Readonly<Record<string, unknown>> {
  const jobs = jobsOfPipeline(world, pipeline, true).map((job) => shownJob(world, job));
  const starts = jobs.map(({ startedAt }) => startedAt).filter((at) => at !== null);
  const startedAt = starts.length === 0 ? null : Math.min(...starts);
  const finished = status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
  const ranMs = jobs
    .map((job) => (job.startedAt === null || job.finishedAt === null ? 0 : job.finishedAt - job.startedAt))
    .reduce((sum, ms) => sum + ms, 0);
  return {
    started_at: instant(world, startedAt),
    finished_at: finished ? instant(world, pipeline.updatedAt) : null,
    committed_at: null,
    duration: finished && startedAt !== null ? Math.round(ranMs / 1_000) : null,
    queued_duration: startedAt === null ? null : Math.round((startedAt - pipeline.createdAt) / 1_000),
    coverage: null,
  };
}

/** `API::Entities::Ci::Pipeline`, the answer to create, cancel and retry: everything but the name. */
export function pipelineView(world: World, pipeline: PipelineRecord): Readonly<Record<string, unknown>> {
  const status = shownPipelineStatus(world, pipeline);
  return {
    ...pipelineBasicView(world, pipeline),
    before_sha: '0'.repeat(40),
    tag: world.identity.isTag(pipeline.ref),
    yaml_errors: null,
    user: USER_BASIC,
    ...pipelineTimes(world, pipeline, status),
    detailed_status: detailedStatus(world, pipeline, status),
  };
}

/** `API::Entities::Ci::PipelineWithMetadata`: a pipeline asked for by its id, with its name. */
export function namedPipelineView(world: World, pipeline: PipelineRecord): Readonly<Record<string, unknown>> {
  return { ...pipelineView(world, pipeline), name: pipelineName(pipeline.inputs) };
}
