import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Health } from './health.ts';
import type { LastRun } from './lifecycle/last-run.ts';
import type { Clock, Credentials, DeploymentReader, SwitchStore } from './lifecycle/ports.ts';
import type { Requests, Views } from './lifecycle/requests.ts';
import type { Metrics } from './metrics.ts';
import { createNotFoundHandler, rememberMethods } from './routes/allowed-methods.ts';
import { badgeRoutes } from './routes/badge.ts';
import { changeRoutes } from './routes/change-deployment.ts';
import { createClientErrorHandler } from './routes/client-errors.ts';
import { refuseWhileClosing } from './routes/closing.ts';
import { docsRoutes } from './routes/docs.ts';
import { createErrorHandler } from './routes/error-handler.ts';
import { healthRoutes } from './routes/health.ts';
import type { HeldReads } from './routes/held-reads.ts';
import { createHotReads, type HotReads } from './routes/hot-reads.ts';
import { endEmptyBodies, serverWith } from './routes/http-server.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { type Pressure, shedReads } from './routes/load-shedding.ts';
import { logsRoutes } from './routes/logs.ts';
import { countRequests, metricsRoutes } from './routes/metrics.ts';
import { describeApi, openapiRoutes } from './routes/openapi.ts';
import { createIsAllowedOrigin, guardOrigins } from './routes/origins.ts';
import { pipelineRoutes } from './routes/pipeline.ts';
import { problemPages } from './routes/problem-pages.ts';
import { createReadLimitOf, limitRate, type RateLimit } from './routes/rate-limit.ts';
import { replayRoutes } from './routes/replay.ts';
import { logRequests, logsReads } from './routes/request-log.ts';
import { requestLogger } from './routes/request-logger.ts';
import { securityHeaders } from './routes/security-headers.ts';
import { createSerializerFactory } from './routes/serializers.ts';
import { startRoutes } from './routes/start-deployment.ts';
import { switchRoutes } from './routes/switch.ts';
import { createValidatorFactory } from './routes/validators.ts';
import { createViewBodies } from './routes/view-bodies.ts';
import { viewRoutes } from './routes/view-deployment.ts';
import { type ClientIpSource, createVisitorOf, type VisitorKey } from './routes/visitor.ts';

export interface AppDeps {
  readonly requests: Requests;
  readonly views: Views;
  readonly reader: Pick<DeploymentReader, 'ledger'>;
  readonly lastRun: Pick<LastRun, 'recording' | 'storedId'>;
  readonly health: Health;
  readonly credentials: Pick<Credentials, 'isOwner' | 'deploymentOf'>;
  readonly clock: Clock;
  readonly switchStore: SwitchStore;
  /** The pause switch was moved from here, so what is shared of it is stale. */
  readonly onSwitched: () => void;
  /** Values that this process holds, to be masked in whatever visitors will read. */
  readonly knownSecrets: () => readonly string[];
  readonly heldReads: HeldReads;
  /** Whether reads have to be sent away. */
  readonly pressure: Pressure;
  readonly metrics: Metrics;
  /** The static pages. They set their own policy and `config: { rateLimit: false }`. */
  readonly pages?: FastifyPluginAsync;
  /** The script of the embeddable button, on the same terms. */
  readonly button?: FastifyPluginAsync;
}

export interface AppOptions {
  /** Where visitors reach this server; its origin is always allowed to write. */
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly clientIpSource: ClientIpSource;
  readonly rateLimit: RateLimit;
  /** Key of the hash that stands for a visitor's address. */
  readonly visitorKey: VisitorKey;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  readonly localMode: boolean;
  readonly showPipelineLink: boolean;
}

// One for the process: a second application of it, as in tests, has the same schemas.
const SERIALIZERS = createSerializerFactory();
const VALIDATORS = createValidatorFactory();

const BODY_LIMIT_BYTES = 16_384;
/** A request must have arrived by then; only bodies of 16 KB are taken. */
const REQUEST_TIMEOUT_MS = 15_000;
/** The framework's own, said here because hot reads tell it too. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** Well under the 29 s after which the gateway in front gives up. */
const HANDLER_TIMEOUT_MS = 12_000;

const serverOptions = (
  options: AppOptions,
  headers: Readonly<Record<string, string>>,
  onUrlError: NonNullable<FastifyServerOptions['frameworkErrors']>,
  hotReads: HotReads,
): FastifyServerOptions => ({
  loggerInstance: options.logger,
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  childLoggerFactory: requestLogger,
  genReqId: () => randomUUID(),
  bodyLimit: BODY_LIMIT_BYTES,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  serverFactory: serverWith(hotReads),
  handlerTimeout: HANDLER_TIMEOUT_MS,
  forceCloseConnections: 'idle',
  return503OnClosing: false,
  frameworkErrors: onUrlError,
  clientErrorHandler: createClientErrorHandler({ publicUrl: options.publicUrl, headers, newRequestId: randomUUID }),
  schemaController: { compilersFactory: { buildSerializer: SERIALIZERS, buildValidator: VALIDATORS } },
  // The schemas are in the code and checked by a test; checking them at each start costs a tenth of it.
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false, validateSchema: false } },
});

/**
 * Builds the application: what happens to every request, in the order of the lines below, and then the routes. It
 * neither listens nor starts anything. The order is the promise: headers, origin, rate limit, body, handler.
 */
export const buildApp = async (deps: AppDeps, options: AppOptions): Promise<FastifyInstance> => {
  const { publicUrl, version } = options;
  const { views, heldReads, clock, metrics, credentials } = deps;
  const headers = securityHeaders(publicUrl);
  const visitorOf = createVisitorOf(options.clientIpSource, options.visitorKey);
  const onError = createErrorHandler({ views: deps.views, publicUrl, headers });

  const monotonicMs = (): number => clock.monotonicMs();
  const isAllowedOrigin = createIsAllowedOrigin(options);
  const readLimit = createReadLimitOf(options.rateLimit, monotonicMs);
  const viewBodies = createViewBodies();
  const hotReads = createHotReads({
    ...{ views, viewBodies, heldReads, clock, readLimit, metrics, headers, isAllowedOrigin, visitorOf },
    keepAliveTimeoutMs: KEEP_ALIVE_TIMEOUT_MS,
    pressure: deps.pressure,
    isLogged: () => logsReads(options.logger),
  });

  const app = Fastify(serverOptions(options, headers, onError, hotReads));
  app.addHook('preClose', async () => hotReads.end());
  // Before anything is registered, or a plugin's routes would keep Fastify's own.
  app.setErrorHandler(onError);
  const methodsAt = rememberMethods(app);
  app.setNotFoundHandler(createNotFoundHandler(methodsAt));
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('X-Request-Id', request.id);
    done();
  });
  logRequests(app, visitorOf);
  countRequests(app, metrics);
  refuseWhileClosing(app);
  await guardOrigins(app, isAllowedOrigin);
  await limitRate(app, { limit: options.rateLimit, monotonicMs, clientOf: visitorOf, readLimit });
  shedReads(app, deps.pressure);
  endEmptyBodies(app);
  await describeApi(app, { publicUrl, version });
  // Only JSON is taken, and merge-patch is JSON by another name.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );

  await app.register(startRoutes, { requests: deps.requests, visitorOf });
  await app.register(viewRoutes, { views, viewBodies, heldReads, clock, visitorOf });
  await app.register(changeRoutes, { requests: deps.requests, views: deps.views, clock: deps.clock });
  await app.register(pipelineRoutes, { views: deps.views, showPipelineLink: options.showPipelineLink });
  await app.register(logsRoutes, { views: deps.views });
  await app.register(replayRoutes, { lastRun: deps.lastRun });
  await app.register(ledgerRoutes, { reader: deps.reader, lastRun: deps.lastRun });
  const { switchStore, knownSecrets, onSwitched } = deps;
  await app.register(switchRoutes, { switchStore, credentials, clock, knownSecrets, onSwitched });
  await app.register(healthRoutes, { health: deps.health, credentials: deps.credentials, version });
  await app.register(metricsRoutes, { metrics, credentials });
  await app.register(openapiRoutes);
  if (options.localMode) await app.register(docsRoutes);
  await app.register(problemPages);
  await app.register(badgeRoutes, { views });
  if (deps.button !== undefined) await app.register(deps.button);
  if (deps.pages !== undefined) await app.register(deps.pages);
  return app;
};
