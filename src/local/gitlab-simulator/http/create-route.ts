import type { FastifyReply, FastifyRequest } from 'fastify';
import { plan } from '../fault-plans.ts';
import { numberParameter, textParameter } from '../fault-store.ts';
import { createPipeline, makeRoom } from '../pipeline-actions.ts';
import type { PipelineInputs } from '../pipeline-definition.ts';
import { checkInputs } from '../pipeline-inputs.ts';
import type { World } from '../world.ts';
import { sendBaseError, sendParameterError } from './api-errors.ts';
import { bodyOf } from './query.ts';
import { leaveHanging, resetConnection } from './request-faults.ts';
import { pipelineView } from './views.ts';

const CREATE_LIMIT_TEXT = 'Too many pipelines created in the last minute. Try again later.';
const VARIABLES_TEXT = 'Insufficient permissions to set pipeline variables';
const LIMIT_WINDOW_MS = 60_000;

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why the variables of a request are refused; null when there are none. Nobody may set any, GitLab's own default. */
function variablesProblem(variables: unknown): string | null {
  if (!Array.isArray(variables) || variables.length === 0) return null;
  const keys = variables.map((variable) => (isPlainObject(variable) ? String(variable.key) : ''));
  const duplicate = keys.find((key, position) => keys.indexOf(key) !== position);
  return duplicate === undefined ? VARIABLES_TEXT : `Duplicate variable name: ${duplicate}`;
}

function isOverLimit(world: World, ref: string): boolean {
  const sha = world.identity.shaOf(ref);
  const sinceAt = world.clock.toWall(world.time) - LIMIT_WINDOW_MS;
  const recent = [...world.pipelines.values()].filter(
    (pipeline) => pipeline.sha === sha && pipeline.createdAt > sinceAt,
  );
  return recent.length >= world.settings.createLimitPerMinute;
}

type Checked = { readonly ref: string; readonly inputs: PipelineInputs } | { readonly problem: string };

function checkRequest(world: World, ref: string, body: Readonly<Record<string, unknown>>): Checked {
  if (!world.identity.refs.includes(ref)) return { problem: 'Reference not found' };
  if (isOverLimit(world, ref) || !makeRoom(world)) return { problem: CREATE_LIMIT_TEXT };
  const variables = variablesProblem(body.variables);
  if (variables !== null) return { problem: variables };
  const verdict = checkInputs(isPlainObject(body.inputs) ? body.inputs : {});
  return verdict.valid ? { ref, inputs: verdict.inputs } : { problem: verdict.reason };
}

function loseTheAnswer(
  world: World,
  reply: FastifyReply,
  request: { readonly ref: string; readonly inputs: PipelineInputs },
): boolean {
  const context = { deployment_id: request.inputs.deployment_id, action: request.inputs.action };
  const { time } = world;
  if (world.faults.take('create-lost-request', context)) {
    resetConnection(reply);
    return true;
  }
  const lost = world.faults.take('create-lost-reply', context);
  if (lost) {
    const afterMs = numberParameter(lost, 'commit_after_seconds', 0) * 1_000;
    if (afterMs > 0) plan(world, { kind: 'create', ...request, time: time + afterMs * world.clock.speed() });
    else createPipeline(world, { ...request, time });
    resetConnection(reply);
    return true;
  }
  const hanging = world.faults.take('create-hang', context);
  if (!hanging) return false;
  if (hanging.commit === true) createPipeline(world, { ...request, time });
  leaveHanging(reply);
  return true;
}

/**
 * `POST /projects/:id/pipeline` (lib/api/ci/pipelines.rb): 201 with the pipeline, without its name; any refusal
 * persists nothing.
 */
export function createPipelineRoute(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = bodyOf(request);
  if (typeof body.ref !== 'string' || body.ref === '') return sendParameterError(reply, 'ref is missing');
  if (body.inputs !== undefined && !isPlainObject(body.inputs)) return sendParameterError(reply, 'inputs is invalid');
  if (body.variables !== undefined && !Array.isArray(body.variables)) {
    return sendParameterError(reply, 'variables is invalid');
  }
  const checked = checkRequest(world, body.ref, body);
  if ('problem' in checked) return sendBaseError(reply, checked.problem);

  const context = { deployment_id: checked.inputs.deployment_id, action: checked.inputs.action };
  if (world.faults.take('create-limit', context)) return sendBaseError(reply, CREATE_LIMIT_TEXT);
  const rejected = world.faults.take('create-rejected', context);
  if (rejected) return sendBaseError(reply, textParameter(rejected, 'reason', 'Missing CI config file'));
  if (loseTheAnswer(world, reply, checked)) return reply;
  if (world.faults.take('create-twice', context)) createPipeline(world, { ...checked, time: world.time });
  const pipeline = createPipeline(world, { ...checked, time: world.time });
  return reply.code(201).send(pipelineView(world, pipeline));
}
