import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { stopEnvironment } from '../environment-actions.ts';
import { RESOURCE_GROUP_KEY } from '../pipeline-definition.ts';
import { type EnvironmentRecord, pipelineOf, type World } from '../world.ts';
import { sendMessage, sendParameterError } from './api-errors.ts';
import { jobBasicView } from './job-view.ts';
import { sendPage } from './pagination.ts';
import { bodyOf, pathParameter, queryOf } from './query.ts';
import { USER_BASIC } from './static-entities.ts';
import { instant } from './views.ts';

type View = Readonly<Record<string, unknown>>;

function environmentView(world: World, environment: EnvironmentRecord): View {
  return {
    id: environment.id,
    name: `demo/${environment.deploymentId}`,
    slug: `demo-${environment.deploymentId.slice(0, 8)}-${environment.deploymentId.slice(-6)}`,
    external_url: environment.externalUrl,
    created_at: instant(world, environment.createdAt),
    updated_at: instant(world, environment.updatedAt),
    tier: 'staging',
    state: environment.state,
    auto_stop_at: instant(world, environment.autoStopAt),
    auto_stop_setting: 'with_action',
    kubernetes_namespace: null,
    flux_resource_path: null,
    description: null,
    project: { id: world.identity.projectId, path_with_namespace: world.identity.projectPath },
    cluster_agent: null,
  };
}

function lastDeployment(world: World, environment: EnvironmentRecord): View | null {
  const job = environment.lastDeployJobId === null ? undefined : world.jobs.get(environment.lastDeployJobId);
  if (!job) return null;
  const { ref, sha } = pipelineOf(world, job);
  return {
    id: job.id,
    iid: 1,
    ref,
    sha,
    created_at: instant(world, job.createdAt),
    updated_at: instant(world, job.finishedAt ?? job.createdAt),
    user: USER_BASIC,
    deployable: jobBasicView(world, job),
    status: 'success',
  };
}

function listEnvironments(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { name, search, states } = queryOf(request);
  if (name !== undefined && search !== undefined)
    return sendParameterError(reply, 'name, search are mutually exclusive');
  if (search !== undefined && search.length < 3) {
    return sendMessage(reply, 400, '400 Bad request - Search query is less than 3 characters');
  }
  if (states !== undefined && !['available', 'stopping', 'stopped'].includes(states)) {
    return sendParameterError(reply, 'states does not have a valid value');
  }
  const wanted = [...world.environments.values()].filter((environment) => {
    const own = `demo/${environment.deploymentId}`;
    if (name !== undefined && own !== name) return false;
    if (search !== undefined && !own.includes(search)) return false;
    return states === undefined || environment.state === states;
  });
  return sendPage(request, reply, wanted, (environment) => environmentView(world, environment));
}

function findEnvironment(world: World, request: FastifyRequest, reply: FastifyReply): EnvironmentRecord | null {
  const id = Number(pathParameter(request, 'environment_id'));
  const found = [...world.environments.values()].find((environment) => environment.id === id);
  if (!found) sendMessage(reply, 404, '404 Not found');
  return found ?? null;
}

/** The environments of the project (doc/api/environments.md). */
export function registerEnvironmentRoutes(app: FastifyInstance, world: World): void {
  app.get('/environments', async (request, reply) => listEnvironments(world, request, reply));

  app.get('/environments/:environment_id', async (request, reply) => {
    const environment = findEnvironment(world, request, reply);
    if (!environment) return reply;
    return { ...environmentView(world, environment), last_deployment: lastDeployment(world, environment) };
  });

  app.post('/environments/:environment_id/stop', async (request, reply) => {
    const environment = findEnvironment(world, request, reply);
    if (!environment) return reply;
    stopEnvironment(world, environment, world.time, bodyOf(request).force === true);
    return environmentView(world, environment);
  });
}

/** The one resource group (doc/api/resource_groups.md): who holds it and who waits for it. */
export function registerResourceGroupRoutes(app: FastifyInstance, world: World, createdAt: number): void {
  const isKnown = (request: FastifyRequest, reply: FastifyReply): boolean => {
    const known = pathParameter(request, 'key') === RESOURCE_GROUP_KEY;
    if (!known) sendMessage(reply, 404, '404 Not found');
    return known;
  };

  app.get('/resource_groups/:key', async (request, reply) => {
    if (!isKnown(request, reply)) return reply;
    const madeAt = instant(world, createdAt);
    return { id: 1, key: RESOURCE_GROUP_KEY, process_mode: 'unordered', created_at: madeAt, updated_at: madeAt };
  });

  app.get('/resource_groups/:key/current_job', async (request, reply) => {
    if (!isKnown(request, reply)) return reply;
    const holder = world.groupHolder === null ? undefined : world.jobs.get(world.groupHolder);
    return holder ? jobBasicView(world, holder) : sendMessage(reply, 404, '404 Not found');
  });

  app.get('/resource_groups/:key/upcoming_jobs', async (request, reply) => {
    if (!isKnown(request, reply)) return reply;
    const waiting = [...world.jobs.values()].filter(({ status }) => status === 'waiting_for_resource');
    return sendPage(request, reply, waiting, (job) => jobBasicView(world, job));
  });
}
