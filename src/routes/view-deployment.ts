import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DemoError } from '../lifecycle/errors.ts';
import type { Clock } from '../lifecycle/ports.ts';
import type { Target, Views } from '../lifecycle/requests.ts';
import type { PublicView } from '../lifecycle/view.ts';
import { isUnchanged, waitSecondsFor } from './conditional-reads.ts';
import { etagOf } from './etag.ts';
import type { HeldReads } from './held-reads.ts';
import { DeploymentReference } from './schemas/deployment.ts';
import { DeploymentParams } from './schemas/fields.ts';
import { problems } from './schemas/problem.ts';
import { targetOf } from './targets.ts';
import { JSON_TYPE, type ViewBodies } from './view-bodies.ts';

export interface ViewRouteOptions {
  readonly views: Views;
  readonly viewBodies: ViewBodies;
  readonly heldReads: HeldReads;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly visitorOf: (request: FastifyRequest) => string;
}

/** The longest wait and a read of the store, and still under the 29 s after which the gateway in front gives up. */
const HANDLER_TIMEOUT_MS = 27_000;

const MS_PER_SECOND = 1000;
/** By this name its requests are counted. */
export const VIEW_ROUTE = '/v1/deployments/:id';

const ViewHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The ETag of the view you have' })),
  prefer: Type.Optional(
    Type.String({
      description:
        '`wait=20` together with If-None-Match: the answer is held until the view changes, 20 seconds at most (25 is the most that is applied). What is not understood is ignored',
    }),
  ),
});

const ETAG = { type: 'string', description: 'Weak' };
const PREFERENCE_APPLIED = { type: 'string', description: 'The wait that was applied; absent when nothing was held' };

const viewOf = async (views: Pick<Views, 'view'>, target: Target): Promise<PublicView> => {
  const view = await views.view(target);
  if (view === null) throw new DemoError('NOT_FOUND');
  return view;
};

/**
 * Makes the function that finds the view to answer with: at once, or, where the client prefers to wait, as soon as it
 * has changed or the time is over. Null when the connection was closed meanwhile.
 */
const createViewFor =
  ({ views, heldReads, clock, visitorOf }: ViewRouteOptions) =>
  async (request: FastifyRequest, reply: FastifyReply, target: Target): Promise<PublicView | null> => {
    const arrivedAtMs = clock.monotonicMs();
    const view = await viewOf(views, target);
    const seconds = waitSecondsFor(request, view);
    if (seconds === 0) return view;
    // It was closed while the view was read, so nothing would tell us of it any more.
    if (request.socket.destroyed) return null;
    const untilMs = arrivedAtMs + seconds * MS_PER_SECOND;
    const held = heldReads.hold({ target, view, client: visitorOf(request), untilMs });
    if (held === null) return view;
    reply.header('Preference-Applied', `wait=${seconds}`);
    request.raw.once('close', held.drop);
    const ending = await held.ended;
    request.raw.off('close', held.drop);
    if (ending.kind === 'closed') return null;
    return ending.kind === 'changed' ? ending.view : viewOf(views, target);
  };

/**
 * GET /v1/deployments/:id: the public view, by id or by the alias `current`. Held until it changes, if the client
 * knows it and prefers to wait.
 */
export const viewRoutes: FastifyPluginAsyncTypebox<ViewRouteOptions> = async (app, options) => {
  const { viewBodies } = options;
  const viewFor = createViewFor(options);
  // Whoever still waits when the server closes is answered with what stands.
  app.addHook('preClose', async () => options.heldReads.release());

  app.route({
    method: 'GET',
    url: VIEW_ROUTE,
    handlerTimeout: HANDLER_TIMEOUT_MS,
    schema: {
      operationId: 'getDeployment',
      summary: 'The public view of a deployment',
      tags: ['deployments'],
      params: DeploymentParams,
      headers: ViewHeaders,
      response: {
        200: { ...DeploymentReference, headers: { ETag: ETAG, 'Preference-Applied': PREFERENCE_APPLIED } },
        304: Type.Null({ description: 'Nothing has changed but what follows from the clock' }),
        ...problems(404),
      },
    },
    handler: async (request, reply) => {
      viewBodies.learn(reply);
      const view = await viewFor(request, reply, targetOf(request.params.id));
      if (view === null) return reply;
      // No `Vary: Prefer`: the preference chooses when there is an answer, never which.
      reply.header('ETag', etagOf(view)).header('Cache-Control', 'no-cache');
      // Nothing, or a text that is serialised already: neither is what the type of the reply expects.
      const answer: FastifyReply = reply;
      if (isUnchanged(request, view)) return answer.code(304).send();
      return answer.type(JSON_TYPE).send(viewBodies.of(view));
    },
  });
};
