import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createCryptoCredentials } from './adapters/crypto-credentials.ts';
import { createLoopDelay, createLoopPressure } from './adapters/event-loop-pressure.ts';
import { createMaskedLogCollector } from './adapters/masked-log-collector.ts';
import { createPinoEventLog } from './adapters/pino-event-log.ts';
import { createStoredJobLogs } from './adapters/stored-job-logs.ts';
import { connectGitlab } from './compose-gitlab.ts';
import { createChecks } from './compose-health.ts';
import { createHttp } from './compose-http.ts';
import { createJobs, jobStates } from './compose-jobs.ts';
import { createNotifier } from './compose-notifier.ts';
import { createRecording } from './compose-recording.ts';
import { createStores } from './compose-stores.ts';
import type { Config } from './config.ts';
import { createDriver, processTimers } from './jobs/driver.ts';
import { createController } from './lifecycle/controller.ts';
import { createGuards } from './lifecycle/guards.ts';
import type { Clock } from './lifecycle/ports.ts';
import type { Requests } from './lifecycle/requests.ts';
import { createSharedReader } from './lifecycle/shared-reader.ts';
import { createStart } from './lifecycle/start.ts';
import { createExtend, createTeardown } from './lifecycle/teardown.ts';
import { createViews } from './lifecycle/views.ts';
import { type Neighbours, startLocalNeighbours } from './local/neighbours.ts';
import { seedSampleRuns } from './local/sample-runs.ts';
import { createLogger } from './logger.ts';
import { countEvents, createMetrics } from './metrics.ts';
import { createHeldReads } from './routes/held-reads.ts';

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

/** How long the first visitor may have to wait for the first background checks. */
const FIRST_CHECKS_MS = 2_000;

const startNeighbours = (config: Config): Promise<Neighbours> => {
  if (config.mode === 'local') return startLocalNeighbours(config, clock);
  throw new ComposeError(
    'MODE=aws cannot be served by this version: its adapters for Secrets Manager, the inventory and the second destroyer are not wired yet.',
  );
};

/** Builds the adapters, and what is made of them, out of the configuration. The only place that does. */
export const compose = async (config: Config, options: ComposeOptions): Promise<Service> => {
  const { policy, cost, timers, server } = config;
  const neighbours = await startNeighbours(config);
  const { dynamo, inventory, secondDestroyer, probe, secrets } = neighbours;
  const knownSecrets = () => [...secrets.known(), ...(neighbours.webhook?.known() ?? [])];
  const logger = createLogger({ level: config.log.level, known: knownSecrets }, options.logDestination);
  const metrics = createMetrics({
    version: options.version,
    sources: {
      report: () => health.report(),
      status: () => status(),
      waitingReads: () => heldReads.waiting(),
    },
    withProcess: true,
  });
  const log = countEvents(createPinoEventLog(logger), metrics);

  const stores = createStores(dynamo, config.store.tableName);
  const { store, deadLetters, slots, logStore, quotas, switchStore } = stores;
  const gitlab = connectGitlab(config, neighbours, clock, log);
  const credentials = createCryptoCredentials(secrets);
  const collector = createMaskedLogCollector({ traces: gitlab.traces, store: logStore, clock, log, knownSecrets });
  const logs = createStoredJobLogs({ reader: logStore, clock, pollMs: policy.pollMs });
  const { lastRun, recorder } = createRecording(stores, clock, log);
  const { pipelines } = gitlab;
  const nextNightlyAt = () => (timers.cronJobs ? jobs.nextSlot('nightly') : null);
  const notifier = createNotifier(config, neighbours.webhook, {
    pageOf: (deploymentId) => new URL(`/d/${deploymentId}`, url).href,
    version: options.version,
    clock,
    newId: credentials.newId,
    log,
    knownSecrets,
  });
  const { health, preflight, alarms, status } = createChecks(config.mode, {
    store,
    secrets,
    gitlab,
    secondDestroyer,
    inventory,
    deadLetters,
    slots,
    notifier,
    log,
    clock,
    jobs: () => jobStates(jobs),
    jobProgress: () => jobs.completions(),
  });
  const recordRun = recorder.record;
  const shared = { ...stores, pipelines, inventory, secondDestroyer, credentials, clock, log, notifier, recordRun };
  const controller = createController({ ...shared, preflight, probe, collectLogs: collector.collect });
  const driver = createDriver(controller, clock, processTimers);
  const jobs = createJobs(config, slots, { ...shared, controller, policy, hourlyCostUsd: cost.hourlyUsd });
  const limits = config.quotas;
  const guards = createGuards({
    reader: store,
    switchStore,
    quotas,
    preflight,
    clock,
    budget: { monthlyUsd: cost.monthlyBudgetUsd, hourlyCostUsd: cost.hourlyUsd, policy },
    limits,
    nextNightlyAt,
  });
  const reader = createSharedReader(store, clock);
  const views = createViews({ reader, logs, clock, blockage: guards.standing });
  const heldReads = createHeldReads({ views, clock, timers: processTimers });
  const pressure = createLoopPressure(createLoopDelay(), processTimers);
  const invalidate = () => {
    guards.invalidate();
    views.invalidate();
    heldReads.lookNow();
  };
  const wake = () => {
    invalidate();
    if (timers.reconcile) driver.wake();
  };
  const requests: Requests = {
    start: createStart({
      ...shared,
      controller,
      guards,
      limits,
      policy,
      hourlyCostUsd: cost.hourlyUsd,
      nextNightlyAt,
      wake,
    }),
    teardown: createTeardown({ ...shared, wake }),
    extend: createExtend({ ...shared, wake }),
  };

  const { app, port, url } = await createHttp(config, options.version, {
    requests,
    views,
    reader,
    lastRun,
    health,
    credentials,
    clock,
    switchStore,
    onSwitched: invalidate,
    knownSecrets,
    heldReads,
    pressure,
    metrics,
    logger,
    visitorKey: createHmac('sha256', secrets.held('signingKey')).update('visitor').digest(),
  });

  const close = async (): Promise<void> => {
    health.stop();
    pressure.stop();
    // First whoever asks, then whoever acts, then what they act upon; one that fails keeps none of the others open.
    const failures: unknown[] = [];
    const acting = [() => app.close(), jobs.stop, driver.stop];
    // A silence whose telling was claimed is told by this task or by none.
    const keeping = [alarms.idle, notifier.stop, collector.stop, recorder.idle];
    for (const part of [...acting, ...keeping, gitlab.close, neighbours.close]) {
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
      // Nobody waits for a dependency that hangs; the first view may say that something is not known yet.
      const firstChecks = Promise.race([health.refresh(), delay(FIRST_CHECKS_MS, undefined, { ref: false })]);
      const samples = config.mode === 'local' ? seedSampleRuns(store, clock.now()) : undefined;
      await Promise.all([firstChecks, samples, app.ready()]);
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
      heldReads.release();
      void jobs.stop();
    },
    stop: () => {
      closing ??= close();
      return closing;
    },
  };
};
