import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HealthReport } from './health.ts';
import type { Instant } from './lifecycle/deployment.ts';
import type { EventLog } from './lifecycle/ports.ts';
import type { Status } from './lifecycle/status.ts';
import { type CallCounts, createCallCounts } from './metrics-calls.ts';
import { FIGURES, type Snapshot } from './metrics-figures.ts';

/** An answered request. Every field has few values: a figure is kept for each combination, for as long as we run. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, never the URL. */
  readonly route: string;
  readonly status: number;
  /** Null when the client chose how long it takes, or when the answer was at hand. */
  readonly durationSeconds: number | null;
}

export interface Metrics extends CallCounts {
  /** The media type of `text`. */
  readonly contentType: string;
  /** All figures in Prometheus' text format, from memory alone. */
  text(): Promise<string>;
  countRequest(request: AnsweredRequest): void;
  countEvent(level: string, name: string): void;
}

/** What the figures are taken from when they are asked for. All of it is in memory: a scrape asks nobody. */
export interface MetricSources {
  report(): HealthReport;
  /** As of the last background check; null while it is not known. */
  status(): Status | null;
  /** Since when it has that status; null while nothing runs or it is not known. */
  statusSince(): Instant | null;
  waitingReads(): number;
}

export interface MetricsOptions {
  readonly version: string;
  readonly sources: MetricSources;
  /** Adds memory, processor and event loop. They are observed until the process ends, so tests leave them out. */
  readonly withProcess: boolean;
}

/** Up to the 12 s after which a route gives up. */
const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12];

/** Node's parser takes some thirty more; they are all the same to us. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const createGauges = (registers: Registry[]): ((now: Snapshot) => void) => {
  const gauges = FIGURES.map(({ name, help, labels, samples }) => {
    const gauge = new Gauge({ name, help, labelNames: labels, registers });
    // A reset of one without labels leaves a zero, which would say "none" where nothing is known.
    const empty = labels.length === 0 ? () => gauge.remove() : () => gauge.reset();
    return { gauge, empty, samples };
  });
  return (now) => {
    for (const { gauge, empty, samples } of gauges) {
      empty();
      for (const [of, value] of samples(now)) gauge.set(of, value);
    }
  };
};

interface Series {
  readonly answered: Counter.Internal;
  readonly duration: Histogram.Internal<string>;
  /** Answered since the figures were asked for last: the registry takes longer to count one than a view to be sent. */
  uncounted: number;
}

/** Remembers the series of each combination, of which there are as many as the registry holds. */
const createSeries = (make: (method: string, route: string, status: number) => Series) => {
  const byRoute = new Map<string, Map<string, Map<number, Series>>>();
  const within = <Key, Value>(map: Map<Key, Value>, key: Key, begin: () => Value): Value => {
    const known = map.get(key) ?? begin();
    map.set(key, known);
    return known;
  };
  const all: Series[] = [];
  const begin = (method: string, route: string, status: number): Series => {
    const begun = make(method, route, status);
    all.push(begun);
    return begun;
  };
  return {
    of: (method: string, route: string, status: number): Series => {
      const byMethod = within(byRoute, route, () => new Map<string, Map<number, Series>>());
      const byStatus = within(byMethod, method, () => new Map<number, Series>());
      return within(byStatus, status, () => begin(method, route, status));
    },
    count: (): void => {
      for (const one of all) {
        one.answered.inc(one.uncounted);
        one.uncounted = 0;
      }
    },
  };
};

/**
 * Makes the figures of this process in a registry of their own. They say how much and how long, never who: no label
 * holds an id, an address, a token or a URL.
 */
export const createMetrics = ({ version, sources, withProcess }: MetricsOptions): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  const setGauges = createGauges(registers);
  const requests = new Counter({
    name: 'demo_http_requests_total',
    help: 'Answered requests, by the pattern of their route',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'demo_http_request_duration_seconds',
    help: 'How long answers took; those that were held on request or were at hand are left out',
    labelNames: ['method', 'route'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const events = new Counter({
    name: 'demo_events_total',
    help: 'What was written to the event log',
    labelNames: ['name', 'level'],
    registers,
  });
  const build = new Gauge({
    name: 'demo_build_info',
    help: 'Always 1; the version is the label',
    labelNames: ['version'],
    registers,
  });
  build.set({ version }, 1);
  const series = createSeries((method, route, status) => ({
    answered: requests.labels(method, route, String(status)),
    duration: durations.labels(method, route),
    uncounted: 0,
  }));
  if (withProcess) collectDefaultMetrics({ register: registry });

  return {
    ...createCallCounts(registers),
    contentType: registry.contentType,
    text: () => {
      series.count();
      setGauges({
        report: sources.report(),
        status: sources.status(),
        statusSince: sources.statusSince(),
        waitingReads: sources.waitingReads(),
      });
      return registry.metrics();
    },
    countRequest: ({ method, route, status, durationSeconds }) => {
      const answered = series.of(METHODS.includes(method) ? method : 'other', route, status);
      answered.uncounted += 1;
      if (durationSeconds !== null) answered.duration.observe(durationSeconds);
    },
    countEvent: (level, name) => events.inc({ name, level }),
  };
};

/**
 * The same event log, and every event counted by its name, a step also by which it was. Names are written in the code, so
 * there are only so many.
 */
export const countEvents = (log: EventLog, metrics: Pick<Metrics, 'countEvent' | 'countStep'>): EventLog => ({
  event: (level, name, fields) => {
    metrics.countEvent(level, name);
    if (name === 'deployment.step') metrics.countStep(String(fields?.step ?? 'unknown'));
    log.event(level, name, fields);
  },
});
