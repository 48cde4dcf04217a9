import type { HealthReport } from './health.ts';
import type { Instant } from './lifecycle/deployment.ts';
import type { Status } from './lifecycle/status.ts';

const MS_PER_SECOND = 1000;

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** What is known at the moment when somebody asks. */
export interface Snapshot {
  readonly report: HealthReport;
  readonly status: Status | null;
  readonly statusSince: Instant | null;
  readonly waitingReads: number;
}

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** None for what is not known: a missing figure can be told from a zero. */
  readonly samples: (now: Snapshot) => readonly Sample[];
}

const STATUSES = ['idle', 'queued', 'deploying', 'live', 'destroying', 'quarantined'] as const satisfies Status[];

const known = (value: number | null): readonly Sample[] => (value === null ? [] : [[{}, value]]);

/** Everything that is read when somebody asks. A new figure is a new row. */
export const FIGURES: readonly Figure[] = [
  {
    name: 'demo_status',
    help: 'Where the demo stands: 1 for the status it is in',
    labels: ['status'],
    samples: ({ status }) => (status === null ? [] : STATUSES.map((one) => [{ status: one }, one === status ? 1 : 0])),
  },
  {
    name: 'demo_status_since_timestamp_seconds',
    help: 'Since when it has that status; none while nothing runs',
    labels: [],
    samples: ({ statusSince }) => known(statusSince === null ? null : statusSince / MS_PER_SECOND),
  },
  {
    name: 'demo_http_waiting_reads',
    help: 'Reads that are held until something changes',
    labels: [],
    samples: ({ waitingReads }) => known(waitingReads),
  },
  {
    name: 'demo_dependency_up',
    help: '1 if its last check went well, 0 if not',
    labels: ['name'],
    samples: ({ report }) =>
      report.checks.flatMap(({ name, state }) => (state === 'unknown' ? [] : [[{ name }, state === 'ok' ? 1 : 0]])),
  },
  {
    name: 'demo_dependency_latency_seconds',
    help: 'How long its last check took',
    labels: ['name'],
    samples: ({ report }) =>
      report.checks.flatMap(({ name, latencyMs }) =>
        latencyMs === null ? [] : [[{ name }, latencyMs / MS_PER_SECOND]],
      ),
  },
  {
    name: 'demo_dead_letters',
    help: 'Troubles that are tried again until they are gone',
    labels: [],
    samples: ({ report }) => known(report.deadLetters?.length ?? null),
  },
  {
    name: 'demo_overdue_deployments',
    help: 'Deployments that should have been gone long ago',
    labels: [],
    samples: ({ report }) => known(report.overdueDeployments),
  },
  {
    name: 'demo_job_last_run_timestamp_seconds',
    help: 'When this process ran the job last',
    labels: ['job'],
    samples: ({ report }) =>
      report.jobs.flatMap(({ name, lastRunAt }) =>
        lastRunAt === null ? [] : [[{ job: name }, lastRunAt / MS_PER_SECOND]],
      ),
  },
  {
    name: 'demo_job_last_run_success',
    help: '1 if the last run of this process went well, 0 if not',
    labels: ['job'],
    samples: ({ report }) =>
      report.jobs.flatMap(({ name, lastResult }) =>
        lastResult === null ? [] : [[{ job: name }, lastResult === 'ok' ? 1 : 0]],
      ),
  },
  {
    name: 'demo_job_last_completed_slot_timestamp_seconds',
    help: 'The latest slot that the job completed, whichever task ran it',
    labels: ['job'],
    samples: ({ report }) =>
      report.jobs.flatMap(({ name, lastCompletedSlot }) =>
        lastCompletedSlot === null ? [] : [[{ job: name }, lastCompletedSlot / MS_PER_SECOND]],
      ),
  },
  {
    name: 'demo_job_silent',
    help: '1 if it should have completed a later slot by now, whichever task runs it',
    labels: ['job'],
    samples: ({ report }) => report.jobs.map(({ name, isSilent }) => [{ job: name }, isSilent ? 1 : 0]),
  },
];
