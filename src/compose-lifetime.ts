import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import type { Health } from './health.ts';
import type { Driver } from './jobs/driver.ts';
import type { Schedule } from './jobs/schedule.ts';
import type { EventLog } from './lifecycle/ports.ts';
import type { HeldReads } from './routes/held-reads.ts';

/** From the start of a service to its end. */
export interface Lifetime {
  /**
   * Makes up for missed slots, lets the driver and the jobs work, and listens.
   *
   * @throws {BootError} when AWS refuses what the configuration names
   */
  start(): Promise<void>;
  /** From now on it is not ready and starts no job; it goes on answering. */
  beginShutdown(): void;
  /** Finishes what is under way and closes everything. May be repeated. */
  stop(): Promise<void>;
}

export interface LifetimeParts {
  readonly config: Pick<Config, 'mode' | 'server' | 'timers'>;
  readonly app: FastifyInstance;
  readonly port: number;
  readonly health: Health;
  readonly heldReads: HeldReads;
  readonly driver: Driver;
  readonly jobs: Schedule;
  readonly log: EventLog;
  /** What has to be done before it listens, until the signal says that nobody waits for it any more. */
  readonly prepare: (signal: AbortSignal) => Promise<unknown>;
  /** What else is closed, in this order, once nobody asks and nobody acts any more. */
  readonly closing: readonly (() => Promise<unknown>)[];
}

/** How long the first visitor may have to wait for the first background checks. */
const FIRST_CHECKS_MS = 2_000;

/** Without them nothing can be served. On AWS the others take their time, and are loaded after it listens. */
const NEEDED_CHECKS = ['store', 'secrets'];

/** Puts the parts of a service under one start and one end. */
export const createLifetime = (parts: LifetimeParts): Lifetime => {
  const { config, app, port, health, heldReads, driver, jobs, log, prepare, closing } = parts;
  const { server, timers } = config;
  const control = new AbortController();

  const firstChecks = (): Promise<unknown> => {
    const checks = config.mode === 'aws' ? health.askAnew(NEEDED_CHECKS) : health.refresh();
    // Nobody waits for a dependency that hangs; the first view may say that something is not known yet.
    return Promise.race([checks, delay(FIRST_CHECKS_MS, undefined, { ref: false })]);
  };

  const close = async (): Promise<void> => {
    control.abort();
    health.stop();
    // First whoever asks, then whoever acts, then what they act upon; one that fails keeps none of the others open.
    const failures: unknown[] = [];
    for (const part of [() => app.close(), jobs.stop, driver.stop, ...closing]) {
      await part().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  let stopping: Promise<void> | null = null;

  return {
    start: async () => {
      await Promise.all([firstChecks(), prepare(control.signal), app.ready()]);
      if (control.signal.aborted) return;
      await app.listen({ host: server.host, port });
      health.start();
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
      stopping ??= close();
      return stopping;
    },
  };
};
