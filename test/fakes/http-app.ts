import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Test } from 'tap';
import { type AppOptions, buildApp } from '../../src/app.ts';
import { createHealth, type Health, type HealthOptions } from '../../src/health.ts';
import type { Credentials } from '../../src/lifecycle/ports.ts';
import type { Views } from '../../src/lifecycle/requests.ts';
import { createLogger } from '../../src/logger.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import { createHeldReads, type HeldReads } from '../../src/routes/held-reads.ts';
import type { Pressure } from '../../src/routes/load-shedding.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeCredentials } from './fake-credentials.ts';
import { createFakeTimers, type FakeTimers } from './fake-timers.ts';
import { createFakeDemo, type FakeDemo } from './http-demo.ts';

export const PUBLIC_URL = 'https://demo.example';
export const LISTED_ORIGIN = 'https://resume.example';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly clock: FakeClock;
  readonly demo: FakeDemo;
  readonly health: Health;
  readonly heldReads: HeldReads;
  readonly metrics: Metrics;
  /** What held reads wait by. */
  readonly timers: FakeTimers;
  readonly credentials: Credentials;
  /** Every line that was logged. */
  readonly lines: Record<string, unknown>[];
}

export interface TestAppOptions {
  readonly app?: Partial<AppOptions>;
  readonly health?: Partial<HealthOptions>;
  readonly pages?: FastifyPluginAsync;
  /** In place of the demo's own ledger. */
  readonly reader?: FakeDemo['reader'];
  readonly pressure?: Pressure;
  /** In place of the demo's own views, made of them. */
  readonly viewsOf?: (views: Views) => Views;
}

/** The real application over an in-memory demo; a rate limit that only its own tests reach. Closed with the test. */
export const buildTestApp = async (t: Test, options: TestAppOptions = {}): Promise<TestApp> => {
  const clock = createFakeClock();
  const credentials = createFakeCredentials();
  const demo = createFakeDemo(clock, credentials);
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(
    { level: 'debug', known: () => ['a-known-secret-value'] },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  const health = createHealth({
    checks: [{ name: 'store', critical: true, check: async () => undefined }],
    jobs: () => [],
    jobProgress: async () => [],
    deadLetters: async () => [],
    overdueDeployments: async () => 0,
    intervalMs: 15_000,
    answerTimeoutMs: 5_000,
    lostAfterMs: 60_000,
    clock,
    repeat: () => () => undefined,
    ...options.health,
  });
  const timers = createFakeTimers(clock);
  const views = options.viewsOf?.(demo.views) ?? demo.views;
  const heldReads = createHeldReads({ views, clock, timers });
  const metrics = createMetrics({
    version: '1.2.3',
    sources: { report: health.report, status: () => null, statusSince: () => null, waitingReads: heldReads.waiting },
    withProcess: false,
  });
  const app = await buildApp(
    {
      requests: demo.requests,
      views,
      reader: options.reader ?? demo.reader,
      lastRun: demo.lastRun,
      health,
      credentials,
      clock,
      switchStore: demo.switchStore,
      onSwitched: demo.onSwitched,
      knownSecrets: () => ['a-known-secret-value'],
      heldReads,
      pressure: options.pressure ?? { isHigh: () => false },
      metrics,
      ...(options.pages === undefined ? {} : { pages: options.pages }),
    },
    {
      publicUrl: PUBLIC_URL,
      allowedOrigins: [LISTED_ORIGIN],
      clientIpSource: { kind: 'socket' },
      rateLimit: { perSecond: 10_000, burst: 10_000, readFactor: 10 },
      visitorKey: 'a key for tests only',
      logger,
      version: '1.2.3',
      localMode: false,
      showPipelineLink: false,
      ...options.app,
    },
  );
  t.teardown(() => app.close());
  return { app, clock, demo, health, heldReads, metrics, timers, credentials, lines };
};
