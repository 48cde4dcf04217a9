import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createCryptoCredentials } from './adapters/crypto-credentials.ts';
import { createDynamoDeadLetters } from './adapters/dynamodb-dead-letters.ts';
import { createDynamoDeploymentStore } from './adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from './adapters/dynamodb-idempotency.ts';
import { createDynamoSlots } from './adapters/dynamodb-slots.ts';
import { createGitlabClient } from './adapters/gitlab-client.ts';
import { createGitlabDispatcher, GITLAB_TIMEOUTS } from './adapters/gitlab-exchange.ts';
import { createGitlabPipelines } from './adapters/gitlab-pipelines.ts';
import { createGitlabTraces } from './adapters/gitlab-traces.ts';
import { createMaskedJobLogs } from './adapters/masked-job-logs.ts';
import { createPinoEventLog } from './adapters/pino-event-log.ts';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { createHealth, type HealthOptions } from './health.ts';
import { createDriver, processTimers } from './jobs/driver.ts';
import { createHourly } from './jobs/hourly.ts';
import { createNightly, type NightlyDeps } from './jobs/nightly.ts';
import { createHandleOrphan, createRevisitOrphans, type OrphanDeps } from './jobs/orphans.ts';
import { createSchedule, type Schedule } from './jobs/schedule.ts';
import { createController } from './lifecycle/controller.ts';
import type { Clock, EventLog, SlotStore } from './lifecycle/ports.ts';
import type { Requests } from './lifecycle/requests.ts';
import { createStart } from './lifecycle/start.ts';
import { isOverdue } from './lifecycle/status.ts';
import { createExtend, createTeardown } from './lifecycle/teardown.ts';
import { createViews } from './lifecycle/views.ts';
import { firstNightlyCron, type Neighbours, startLocalNeighbours } from './local/neighbours.ts';
import { seedSampleRuns } from './local/sample-runs.ts';
import { createLogger } from './logger.ts';
import { createTimeoutMs } from './policies.ts';
import { createPages } from './routes/pages.ts';

/** A server that is put together. */
export interface Service {
  readonly app: FastifyInstance;
  /** Where visitors reach it. */
  readonly url: string;
  /** In local mode the token that was made up for this start, to be printed once; else null. */
  readonly printedOwnerToken: string | null;
  /** Makes up for missed slots, lets the driver and the jobs work, and listens. */
  start(): Promise<void>;
  /** From now on it is not ready and starts no job; it goes on answering. */
  beginShutdown(): void;
  /** Finishes what is under way and closes everything. May be repeated. */
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly version: string;
  /** Where the log goes; standard output by default. */
  readonly logDestination?: Parameters<typeof createLogger>[1];
}

/** The service cannot be put together as configured. */
export class ComposeError extends Error {
  override readonly name = 'ComposeError';
}

const clock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() };

const HEALTH = { answerTimeoutMs: 10_000, lostAfterMs: 60_000, localIntervalMs: 5_000, intervalMs: 15_000 };

/** Each read bucket is this many times the write bucket (see docs/adr/0006). */
const READ_FACTOR = 10;

const startNeighbours = (config: Config): Promise<Neighbours> => {
  if (config.mode === 'local') return startLocalNeighbours(config, clock);
  throw new ComposeError(
    'MODE=aws cannot be served by this version: its adapters for Secrets Manager, the inventory and the second destroyer do not exist yet.',
  );
};

const connectGitlab = (config: Config, { gitlabUrl, secrets, liveOrigins }: Neighbours, log: EventLog) => {
  const dispatcher = createGitlabDispatcher();
  // An answer later than this could come after its absence was taken for proven.
  const totalMs = Math.min(GITLAB_TIMEOUTS.totalMs, createTimeoutMs(config.policy));
  const client = createGitlabClient({
    baseUrl: gitlabUrl,
    project: config.gitlab.project,
    token: {
      current: async () => secrets.gitlabToken,
      refresh: async () => null,
      previous: async () => null,
    },
    dispatcher,
    clock,
    log,
    timeouts: { headersMs: totalMs, bodyMs: totalMs, totalMs },
  });
  return {
    pipelines: createGitlabPipelines({ client, ref: config.gitlab.ref, liveOrigins, log }),
    traces: createGitlabTraces({ client, log }),
    ping: async () => {
      await client.send({ method: 'GET', path: 'pipelines', query: { per_page: 1 }, isRepeatable: true });
      return undefined;
    },
    close: () => dispatcher.close(),
  };
};

const createJobs = (
  config: Config,
  slots: SlotStore,
  deps: OrphanDeps & Omit<NightlyDeps, 'handleOrphan'>,
): Schedule => {
  const handleOrphan = createHandleOrphan(deps);
  const revisitOrphan = createRevisitOrphans(deps, handleOrphan);
  const catchUp = () => schedule.catchUp(['nightly']);
  const schedule: Schedule = createSchedule({ ...deps, slots, timeZone: config.cron.timeZone }, [
    { name: 'hourly', expression: config.cron.hourly, run: createHourly({ ...deps, revisitOrphan, catchUp }) },
    {
      name: 'nightly',
      expression: config.cron.nightly ?? firstNightlyCron(clock.now(), config.cron.timeZone),
      run: createNightly({ ...deps, handleOrphan }),
    },
  ]);
  return schedule;
};

/** Asks the system for a free port, since links and CORS need to know it before the server listens. */
const freePort = async (host: string): Promise<number> => {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const jobReports = (schedule: Schedule): ReturnType<HealthOptions['jobs']> =>
  schedule.statuses().map(({ lastResult, ...status }) => ({
    ...status,
    lastResult: lastResult === 'succeeded' ? 'ok' : lastResult,
    detail: null,
  }));

/** Builds the adapters, and what is made of them, out of the configuration. The only place that does. */
export const compose = async (config: Config, options: ComposeOptions): Promise<Service> => {
  const { policy, cost, timers, server } = config;
  const neighbours = await startNeighbours(config);
  const { dynamo, inventory, secondDestroyer, probe, secrets } = neighbours;
  const knownSecrets = () => Object.values(secrets);
  const logger = createLogger({ level: config.log.level, known: knownSecrets }, options.logDestination);
  const log = createPinoEventLog(logger);

  const { tableName } = config.store;
  const store = createDynamoDeploymentStore(dynamo, tableName);
  const deadLetters = createDynamoDeadLetters(dynamo, tableName);
  const slots = createDynamoSlots(dynamo, tableName);
  const gitlab = connectGitlab(config, neighbours, log);
  const credentials = createCryptoCredentials(secrets.signingKey, secrets.ownerToken);
  const logs = createMaskedJobLogs({ traces: gitlab.traces, clock, knownSecrets, pollMs: policy.pollMs });

  const { pipelines } = gitlab;
  const shared = { store, pipelines, inventory, secondDestroyer, deadLetters, credentials, clock, log };
  const controller = createController({ ...shared, probe });
  const driver = createDriver(controller, clock, processTimers);
  const jobs = createJobs(config, slots, { ...shared, controller, policy, hourlyCostUsd: cost.hourlyUsd });
  const nextNightlyAt = () => (timers.cronJobs ? jobs.nextSlot('nightly') : null);
  const views = createViews({ reader: store, logs, clock, policy, nextNightlyAt });
  const wake = () => {
    views.invalidate();
    if (timers.reconcile) driver.wake();
  };
  const idempotency = createDynamoIdempotency(dynamo, tableName);
  const requests: Requests = {
    start: createStart({
      ...shared,
      controller,
      idempotency,
      policy,
      hourlyCostUsd: cost.hourlyUsd,
      nextNightlyAt,
      wake,
    }),
    teardown: createTeardown({ ...shared, wake }),
    extend: createExtend({ ...shared, wake }),
  };

  const health = createHealth({
    checks: [
      { name: 'store', critical: true, check: async () => void (await store.active()) },
      { name: 'gitlab', critical: false, check: gitlab.ping },
      { name: 'second_destroyer', critical: false, check: async () => void (await secondDestroyer.list()) },
    ],
    jobs: () => jobReports(jobs),
    deadLetters: () => deadLetters.list(),
    overdueDeployments: async () => {
      const active = await store.active();
      return active !== null && isOverdue(active.deployment, clock.now()) ? 1 : 0;
    },
    ...HEALTH,
    intervalMs: config.mode === 'local' ? HEALTH.localIntervalMs : HEALTH.intervalMs,
    clock,
  });

  const port = server.port === 0 ? await freePort(server.host) : server.port;
  const url = server.publicUrl ?? `http://${isIPv6(server.host) ? `[${server.host}]` : server.host}:${port}`;
  const pages = createPages({ simulated: config.mode === 'local', hourlyCostUsd: cost.hourlyUsd, policy });
  const app = await buildApp(
    { requests, views, reader: store, health, credentials, clock, pages },
    {
      publicUrl: url,
      allowedOrigins: server.allowedOrigins,
      clientIpSource: server.clientAddressSource,
      rateLimit: { ...config.rateLimit, readFactor: READ_FACTOR },
      visitorKey: createHmac('sha256', secrets.signingKey).update('visitor').digest(),
      logger,
      version: options.version,
      localMode: config.mode === 'local',
      showPipelineLink: config.gitlab.showPipelineLink,
    },
  );

  const close = async (): Promise<void> => {
    health.stop();
    // First whoever asks, then whoever acts, then what they act upon; one that fails keeps none of the others open.
    const failures: unknown[] = [];
    for (const part of [() => app.close(), jobs.stop, driver.stop, gitlab.close, neighbours.close]) {
      await part().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  let closing: Promise<void> | null = null;

  return {
    app,
    url,
    printedOwnerToken: neighbours.printedOwnerToken,
    start: async () => {
      if (config.mode === 'local') await seedSampleRuns(store, clock.now());
      await health.refresh();
      health.start();
      await app.listen({ host: server.host, port });
      if (timers.reconcile) driver.start();
      if (!timers.cronJobs) return;
      jobs.start();
      try {
        await jobs.catchUp(['hourly', 'nightly']);
      } catch (error) {
        // The next hourly run makes up for it; a store that is down at the start must not end the process.
        log.event('error', 'cron.catch_up_failed', { error });
      }
    },
    beginShutdown: () => {
      health.beginShutdown();
      void jobs.stop();
    },
    stop: () => {
      closing ??= close();
      return closing;
    },
  };
};
