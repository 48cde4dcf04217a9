import type { FastifyInstance } from 'fastify';
import { createCryptoCredentials } from './adapters/crypto-credentials.ts';
import { createMaskedLogCollector } from './adapters/masked-log-collector.ts';
import { createPinoEventLog } from './adapters/pino-event-log.ts';
import { createStoredJobLogs } from './adapters/stored-job-logs.ts';
import { waitForPermission } from './compose-boot.ts';
import { connectGitlab } from './compose-gitlab.ts';
import { createChecks } from './compose-health.ts';
import { createHttp } from './compose-http.ts';
import { createJobs, jobStates } from './compose-jobs.ts';
import { createLifetime, type Lifetime } from './compose-lifetime.ts';
import { type Neighbours, startNeighbours } from './compose-neighbours.ts';
import { createNotifier } from './compose-notifier.ts';
import { createVisitorKey, createWereHeld, freshenAll } from './compose-secrets.ts';
import { createStores } from './compose-stores.ts';
import type { Config } from './config.ts';
import { createDriver, processTimers } from './jobs/driver.ts';
import { createController } from './lifecycle/controller.ts';
import { createGuards } from './lifecycle/guards.ts';
import type { Clock, LiveProbe } from './lifecycle/ports.ts';
import type { Requests } from './lifecycle/requests.ts';
import { createSharedReader } from './lifecycle/shared-reader.ts';
import { createStart } from './lifecycle/start.ts';
import { createExtend, createTeardown } from './lifecycle/teardown.ts';
import { createViews } from './lifecycle/views.ts';
import { seedSampleRuns } from './local/sample-runs.ts';
import { createLogger } from './logger.ts';
import { countEvents, createMetrics } from './metrics.ts';
import { createHeldReads } from './routes/held-reads.ts';

/** A server that is put together. */
export interface Service extends Lifetime {
  readonly app: FastifyInstance;
  /** Where visitors reach it. */
  readonly url: string;
  /** In local mode the token that was made up for this start, to be printed once; else null. */
  readonly printedOwnerToken: string | null;
}

export interface ComposeOptions {
  readonly version: string;
  /** Where the log goes; standard output by default. */
  readonly logDestination?: Parameters<typeof createLogger>[1];
  /** Stands in for the probe of AWS, which asks nobody on this machine, where a test has its demos. */
  readonly probe?: LiveProbe;
}

const clock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() };

/** Builds the adapters, and what is made of them, out of the configuration. The only place that does. */
export const compose = async (config: Config, options: ComposeOptions): Promise<Service> => {
  const { policy, cost, timers } = config;
  let holders: Pick<Neighbours, 'secrets' | 'webhook'> | null = null;
  const knownSecrets = () => [...(holders?.secrets.known() ?? []), ...(holders?.webhook?.known() ?? [])];
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
  const neighbours = await startNeighbours(config, clock, log);
  holders = neighbours;
  const { dynamo, inventory, secondDestroyer, secrets } = neighbours;
  const { probe = neighbours.probe } = options;

  const stores = createStores(dynamo, config.store.tableName);
  const { store, deadLetters, slots, logStore, quotas, switchStore } = stores;
  const gitlab = connectGitlab(config, neighbours, clock, log);
  const credentials = createCryptoCredentials(secrets);
  const collector = createMaskedLogCollector({ traces: gitlab.traces, store: logStore, clock, log, knownSecrets });
  const logs = createStoredJobLogs({ reader: logStore, clock, pollMs: policy.pollMs });

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
    secrets: { freshen: () => freshenAll(neighbours) },
    canServe: createWereHeld(secrets),
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
  const shared = { ...stores, pipelines, inventory, secondDestroyer, credentials, clock, log, notifier };
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
    health,
    credentials,
    clock,
    switchStore,
    onSwitched: invalidate,
    knownSecrets,
    heldReads,
    metrics,
    logger,
    visitorKey: createVisitorKey(secrets),
  });

  const prepare = (signal: AbortSignal): Promise<unknown> =>
    config.mode === 'aws'
      ? waitForPermission(config, { store, secrets, clock, log, signal })
      : seedSampleRuns(store, clock.now());
  // A silence whose telling was claimed is told by this task or by none.
  const closing = [alarms.idle, notifier.stop, collector.stop, gitlab.close, neighbours.close];
  const lifetime = createLifetime({ config, app, port, health, heldReads, driver, jobs, log, prepare, closing });
  return { app, url, printedOwnerToken: neighbours.printedOwnerToken, ...lifetime };
};
