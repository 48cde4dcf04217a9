/** GitLab's thirteen statuses of pipelines and jobs. */
export type Status =
  | 'created'
  | 'waiting_for_resource'
  | 'preparing'
  | 'waiting_for_callback'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceling'
  | 'canceled'
  | 'skipped'
  | 'manual'
  | 'scheduled';

export const STATUSES: readonly Status[] = [
  'created',
  'waiting_for_resource',
  'preparing',
  'waiting_for_callback',
  'pending',
  'running',
  'success',
  'failed',
  'canceling',
  'canceled',
  'skipped',
  'manual',
  'scheduled',
];

/** True for the statuses after which nothing happens by itself any more. */
export function isFinished(status: Status): boolean {
  return status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
}

type Counted = Status | 'ignored' | 'success_with_warnings';

function counted(job: { readonly status: Status; readonly allowFailure: boolean }): Counted {
  if (!job.allowFailure) return job.status;
  if (job.status === 'manual') return 'ignored';
  return job.status === 'failed' || job.status === 'canceled' ? 'success_with_warnings' : job.status;
}

/**
 * The status of a pipeline, made from its jobs without the retried ones. The order of the rules is that of GitLab's
 * `Gitlab::Ci::Status::Composite`: a job that waits or runs outweighs one that is being cancelled.
 */
export function compositeStatus(jobs: readonly { readonly status: Status; readonly allowFailure: boolean }[]): Status {
  const present = new Set(jobs.map(counted));
  const only = (...allowed: Counted[]): boolean => [...present].every((status) => allowed.includes(status));
  const any = (...wanted: Counted[]): boolean => wanted.some((status) => present.has(status));

  if (only('skipped', 'ignored')) return present.has('skipped') ? 'skipped' : 'success';
  if (only('success', 'skipped', 'success_with_warnings', 'ignored')) return 'success';
  if (only('created', 'success_with_warnings', 'ignored')) return 'created';
  if (only('canceled', 'success', 'skipped', 'success_with_warnings', 'ignored')) return 'canceled';
  if (only('pending', 'created', 'skipped', 'success_with_warnings', 'ignored')) return 'pending';
  if (any('running', 'pending')) return 'running';
  if (any('waiting_for_resource')) return 'waiting_for_resource';
  if (any('manual')) return 'manual';
  if (any('created')) return 'running';
  if (any('canceling')) return 'canceling';
  return 'failed';
}
