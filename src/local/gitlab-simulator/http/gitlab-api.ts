import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { numberParameter } from '../fault-store.ts';
import type { World } from '../world.ts';
import { sendInsufficientScope, sendMessage, sendUnauthorized } from './api-errors.ts';
import { registerEnvironmentRoutes, registerResourceGroupRoutes } from './environment-routes.ts';
import { type JobRouteOptions, registerJobRoutes } from './job-routes.ts';
import { registerPipelineRoutes } from './pipeline-routes.ts';
import { pathParameter } from './query.ts';
import { answerWithFault, delayRequest, truncateAnswer } from './request-faults.ts';
import type { RequestQuota } from './request-quota.ts';

export interface GitlabApiOptions extends JobRouteOptions {
  readonly tokens: () => { readonly full: string; readonly readOnly: string };
  readonly quota: RequestQuota;
  /** Lets everything happen in the world that is due by now. */
  readonly catchUp: () => void;
  readonly createdAt: number;
}

const TOKEN_LIFETIME_DAYS = 365;
const DAY_MS = 86_400_000;

function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers['private-token'];
  if (typeof header === 'string') return header;
  return request.headers.authorization?.match(/^Bearer (.+)$/i)?.[1];
}

/** Sends the refusal and answers false if the request's token is wrong or may not do this. */
function isAuthorized(options: GitlabApiOptions, request: FastifyRequest, reply: FastifyReply): boolean {
  const token = tokenOf(request);
  const { full, readOnly } = options.tokens();
  if (token === full) return true;
  if (token !== readOnly) {
    sendUnauthorized(reply, 'plain');
    return false;
  }
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  sendInsufficientScope(reply);
  return false;
}

function tokenView(world: World, options: GitlabApiOptions, scope: string): Readonly<Record<string, unknown>> {
  const nowAt = world.clock.toWall(world.time);
  const expiring = world.faults.peek('token-expiring', {});
  const expiresAt = expiring
    ? nowAt + numberParameter(expiring, 'days', 7) * DAY_MS
    : options.createdAt + TOKEN_LIFETIME_DAYS * DAY_MS;
  return {
    id: 4_711,
    name: 'demo-on-demand',
    description: null,
    revoked: false,
    created_at: new Date(options.createdAt).toISOString(),
    scopes: [scope],
    user_id: 21_234_567,
    last_used_at: new Date(nowAt).toISOString(),
    active: expiresAt > nowAt,
    expires_at: new Date(expiresAt).toISOString().slice(0, 10),
  };
}

function registerProject(app: FastifyInstance, world: World, options: GitlabApiOptions): void {
  const { projectId, projectPath } = world.identity;
  app.addHook('preHandler', async (request, reply) => {
    const wanted = pathParameter(request, 'id');
    if (wanted !== String(projectId) && wanted !== projectPath) sendMessage(reply, 404, '404 Project Not Found');
  });
  registerPipelineRoutes(app, world);
  registerJobRoutes(app, world, options);
  registerEnvironmentRoutes(app, world);
  registerResourceGroupRoutes(app, world, options.createdAt);
}

/** Everything under `/api/v4`: faults first, then the token, the quota and the routes of GitLab's REST API. */
export async function registerGitlabApi(app: FastifyInstance, world: World, options: GitlabApiOptions): Promise<void> {
  const closing = new AbortController();
  app.addHook('onClose', async () => closing.abort());
  app.addHook('onRequest', async (request, reply) => {
    await delayRequest(world, request, closing.signal);
    options.catchUp();
    reply.header('x-request-id', randomUUID().replaceAll('-', '').toUpperCase());
    reply.headers(options.quota.count(world.clock.toWall(world.time)));
    if (answerWithFault(world, request, reply)) return reply;
    if (options.quota.isExceeded()) {
      return reply.code(429).header('retry-after', options.quota.retryAfter()).type('text/plain').send('Retry later\n');
    }
    return isAuthorized(options, request, reply) ? undefined : reply;
  });
  app.addHook('onSend', async (request, _reply, payload) => truncateAnswer(world, request, payload));
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: '404 Not Found' }));

  app.get('/version', async () => ({ version: '19.5.0', revision: 'simulated', enterprise: false }));
  app.get('/personal_access_tokens/self', async (request) =>
    tokenView(world, options, tokenOf(request) === options.tokens().full ? 'api' : 'read_api'),
  );
  await app.register(async (project) => registerProject(project, world, options), { prefix: '/projects/:id' });
}
