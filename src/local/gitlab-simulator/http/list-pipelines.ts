import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUSES } from '../composite-status.ts';
import { statusOf } from '../pipeline-actions.ts';
import { pipelineName } from '../pipeline-definition.ts';
import type { PipelineRecord, World } from '../world.ts';
import { sendParameterError } from './api-errors.ts';
import { sendPage } from './pagination.ts';
import { queryOf } from './query.ts';
import { pipelineListView, skewMs } from './views.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** Parameters with a fixed set of values; anything else is a 400, as Grape answers it. */
const ALLOWED_VALUES: Readonly<Record<string, readonly string[]>> = {
  status: STATUSES,
  scope: ['running', 'pending', 'finished', 'branches', 'tags'],
  order_by: ['id', 'status', 'ref', 'updated_at', 'user_id'],
  sort: ['asc', 'desc'],
  source: ['api', 'push', 'web', 'trigger', 'schedule', 'pipeline', 'parent_pipeline', 'merge_request_event'],
};

const INSTANT_PARAMETERS = ['updated_after', 'updated_before', 'created_after', 'created_before'] as const;

function problemOf(query: Query): string | null {
  for (const [name, allowed] of Object.entries(ALLOWED_VALUES)) {
    const value = query[name];
    if (value !== undefined && !allowed.includes(value)) return `${name} does not have a valid value`;
  }
  const invalid = INSTANT_PARAMETERS.find((name) => query[name] !== undefined && Number.isNaN(Date.parse(query[name])));
  return invalid === undefined ? null : `${invalid} is invalid`;
}

function isInScope(world: World, pipeline: PipelineRecord, scope: string): boolean {
  const status = statusOf(world, pipeline);
  if (scope === 'running' || scope === 'pending') return status === scope;
  if (scope === 'finished') return status === 'success' || status === 'failed' || status === 'canceled';
  return world.identity.isTag(pipeline.ref) === (scope === 'tags');
}

function isWanted(world: World, pipeline: PipelineRecord, query: Query): boolean {
  const equal = (wanted: string | undefined, value: () => string): boolean =>
    wanted === undefined || wanted === value();
  const after = (text: string | undefined, at: number): boolean =>
    text === undefined || at + skewMs(world) > Date.parse(text);
  const before = (text: string | undefined, at: number): boolean =>
    text === undefined || at + skewMs(world) < Date.parse(text);
  return (
    equal(query.name, () => pipelineName(pipeline.inputs)) &&
    equal(query.ref, () => pipeline.ref) &&
    equal(query.sha, () => pipeline.sha) &&
    equal(query.source, () => 'api') &&
    equal(query.status, () => statusOf(world, pipeline)) &&
    (query.scope === undefined || isInScope(world, pipeline, query.scope)) &&
    after(query.updated_after, pipeline.updatedAt) &&
    before(query.updated_before, pipeline.updatedAt) &&
    after(query.created_after, pipeline.createdAt) &&
    before(query.created_before, pipeline.createdAt)
  );
}

function sortKey(world: World, pipeline: PipelineRecord, orderBy: string): string | number {
  if (orderBy === 'status') return statusOf(world, pipeline);
  if (orderBy === 'ref') return pipeline.ref;
  return orderBy === 'updated_at' ? pipeline.updatedAt : pipeline.id;
}

function sorted(world: World, pipelines: readonly PipelineRecord[], query: Query): readonly PipelineRecord[] {
  const direction = query.sort === 'asc' ? 1 : -1;
  const keyed = pipelines.map((pipeline) => ({ pipeline, key: sortKey(world, pipeline, query.order_by ?? 'id') }));
  keyed.sort((left, right) => {
    if (left.key === right.key) return direction * (left.pipeline.id - right.pipeline.id);
    return left.key < right.key ? -direction : direction;
  });
  return keyed.map(({ pipeline }) => pipeline);
}

/** `GET /projects/:id/pipelines` with GitLab's filters; the name is compared exactly. */
export function listPipelinesRoute(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const query = queryOf(request);
  const problem = problemOf(query);
  if (problem !== null) return sendParameterError(reply, problem);
  const wanted = [...world.pipelines.values()].filter((pipeline) => {
    const { deployment_id, action } = pipeline.inputs;
    const context = { deployment_id, action, pipeline_id: pipeline.id, method: request.method, path: request.url };
    return world.faults.peek('not-found', context) === undefined && isWanted(world, pipeline, query);
  });
  return sendPage(request, reply, sorted(world, wanted, query), (pipeline) => pipelineListView(world, pipeline));
}
