import { createWatch, type Watch, type WatchState } from './health-watch.ts';
import type { Instant } from './lifecycle/deployment.ts';
import type { Clock, DeadLetter } from './lifecycle/ports.ts';

/** One dependency, asked in the background. A text that it answers with is for the owner only. */
export interface HealthCheck {
  readonly name: string;
  /** Without it nothing can be served: it decides on readiness, and on 503 when it has failed for long. */
  readonly critical: boolean;
  /** Rejects when the dependency does not do its work. */
  check(): Promise<string | undefined>;
}

/** What this process knows of a job by itself. */
export interface JobState {
  readonly name: string;
  readonly lastRunAt: Instant | null;
  /** The slot that it was run for. */
  readonly lastSlot: Instant | null;
  readonly lastResult: 'ok' | 'failed' | null;
  readonly nextRunAt: Instant | null;
}

/** What the store knows of it, whichever task ran it. */
export interface JobProgress {
  readonly name: string;
  readonly lastCompletedSlot: Instant | null;
  /** It should have completed a later slot by now. */
  readonly isSilent: boolean;
}

export type JobReport = JobState & JobProgress;

export interface CheckReport {
  readonly name: string;
  readonly critical: boolean;
  readonly state: WatchState;
  readonly latencyMs: number | null;
  readonly lastSuccessAt: Instant | null;
  readonly detail: string | null;
}

export interface HealthReport {
  /** Something is failing or in trouble; people are still served. */
  readonly isDegraded: boolean;
  /** A critical dependency has been out of reach for too long. */
  readonly isLost: boolean;
  readonly uptimeSeconds: number;
  readonly checks: readonly CheckReport[];
  readonly jobs: readonly JobReport[];
  /** Null while it is not known. */
  readonly deadLetters: readonly DeadLetter[] | null;
  readonly overdueDeployments: number | null;
}

export interface Health {
  /** Checks now and then every interval, until `stop`. */
  start(): void;
  stop(): void;
  /**
   * One round of all checks; resolves when each has answered. One that still runs is not started twice but waited
   * for.
   */
  refresh(): Promise<void>;
  /** The same for these checks alone, each of them asked after this call. */
  askAnew(names: readonly string[]): Promise<void>;
  /** From what is cached; asks nobody. */
  report(): HealthReport;
  /** True when every critical check is known to work, it can serve, and the process is not going down. */
  isReady(): boolean;
  /** From now on it is not ready. */
  beginShutdown(): void;
}

export interface HealthOptions {
  readonly checks: readonly HealthCheck[];
  /** What the scheduler knows of its jobs; synchronous and free. */
  readonly jobs: () => readonly JobState[];
  /** How far they have come; asked in the background. */
  readonly jobProgress: () => Promise<readonly JobProgress[]>;
  readonly deadLetters: () => Promise<readonly DeadLetter[]>;
  readonly overdueDeployments: () => Promise<number>;
  readonly intervalMs: number;
  /** A check that has not answered for so long counts as failing. */
  readonly answerTimeoutMs: number;
  /** How long a critical check may fail before `isLost`. */
  readonly lostAfterMs: number;
  /** Whether it has what it serves with, besides the critical checks; the default says yes. */
  readonly canServe?: () => boolean;
  readonly clock: Clock;
  /** Called before each round but the first, with what the rounds before it found. Must not throw. */
  readonly onRound?: (report: HealthReport) => void;
  /** Calls back every so often until its answer is called. The default never keeps the process alive. */
  readonly repeat?: (run: () => void, everyMs: number) => () => void;
}

const repeatUnreferenced = (run: () => void, everyMs: number): (() => void) => {
  const timer = setInterval(run, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** The last run of this process failed, and no task has completed that slot or a later one since. */
const hasFailed = ({ lastResult, lastSlot, lastCompletedSlot }: JobReport): boolean =>
  lastResult === 'failed' && (lastSlot === null || lastCompletedSlot === null || lastCompletedSlot < lastSlot);

type Named = Pick<HealthCheck, 'name' | 'critical'>;

const checkReport = ({ name, critical }: Named, watch: Watch<unknown>): CheckReport => ({
  name,
  critical,
  state: watch.state(),
  latencyMs: watch.last.latencyMs,
  lastSuccessAt: watch.last.successAt,
  detail: watch.last.error ?? (typeof watch.last.value === 'string' ? watch.last.value : null),
});

/**
 * Watches the dependencies in the background and answers from memory, so that nobody can hammer a dependency through
 * a health route. Nothing starts before `start` or `refresh`.
 */
export const createHealth = (options: HealthOptions): Health => {
  const { clock, repeat = repeatUnreferenced, canServe = () => true } = options;
  const startedAt = clock.monotonicMs();
  const checks = options.checks.map((check) => ({ check, watch: createWatch(() => check.check(), options) }));
  const deadLetters = createWatch(options.deadLetters, options);
  const overdue = createWatch(options.overdueDeployments, options);
  const progress = createWatch(options.jobProgress, options);
  /** What is read for the report itself. In it only while it cannot be: else it shows in what was read. */
  const readings = [
    { check: { name: 'job_progress', critical: false }, watch: progress },
    { check: { name: 'dead_letters', critical: false }, watch: deadLetters },
    { check: { name: 'overdue_deployments', critical: false }, watch: overdue },
  ];
  let stopRepeating: (() => void) | null = null;
  let isShuttingDown = false;

  const refresh = async (): Promise<void> => {
    await Promise.all([...checks, ...readings].map(({ watch }) => watch.refresh()));
  };
  const askAnew = async (names: readonly string[]): Promise<void> => {
    const wanted = checks.filter(({ check }) => names.includes(check.name));
    await Promise.all(wanted.map(({ watch }) => watch.refresh(true)));
  };

  const jobReports = (): readonly JobReport[] =>
    options.jobs().map((job) => ({
      lastCompletedSlot: null,
      isSilent: false,
      ...progress.last.value?.find(({ name }) => name === job.name),
      ...job,
    }));

  const hasTrouble = (jobs: readonly JobReport[]): boolean =>
    [...checks, ...readings].some(({ watch }) => watch.state() === 'failing') ||
    jobs.some((job) => hasFailed(job) || job.isSilent) ||
    (deadLetters.last.value?.length ?? 0) > 0 ||
    (overdue.last.value ?? 0) > 0;

  const report = (): HealthReport => {
    const jobs = jobReports();
    const shown = [...checks, ...readings.filter(({ watch }) => watch.state() === 'failing')];
    return {
      isDegraded: hasTrouble(jobs),
      // "For more than a minute" must not include the minute's last instant.
      isLost: checks.some(({ check, watch }) => check.critical && watch.failingMs() > options.lostAfterMs),
      uptimeSeconds: Math.floor((clock.monotonicMs() - startedAt) / 1000),
      checks: shown.map(({ check, watch }) => checkReport(check, watch)),
      jobs,
      deadLetters: deadLetters.last.value,
      overdueDeployments: overdue.last.value,
    };
  };

  return {
    start: () => {
      if (stopRepeating !== null) return;
      stopRepeating = repeat(() => {
        options.onRound?.(report());
        void refresh();
      }, options.intervalMs);
      void refresh();
    },
    stop: () => {
      stopRepeating?.();
      stopRepeating = null;
    },
    refresh,
    askAnew,
    report,
    isReady: () =>
      !isShuttingDown && canServe() && checks.every(({ check, watch }) => !check.critical || watch.state() === 'ok'),
    beginShutdown: () => {
      isShuttingDown = true;
    },
  };
};
