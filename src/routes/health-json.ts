import type { CheckReport, HealthReport, JobReport } from '../health.ts';
import type { DeadLetter } from '../lifecycle/ports.ts';
import type { HealthJson } from './schemas/health.ts';
import { isoOf, isoOrNull } from './view-json.ts';

const checkJson = (check: CheckReport, withDetails: boolean): HealthJson['checks'][number] => ({
  name: check.name,
  state: check.state,
  critical: check.critical,
  latency_ms: check.latencyMs,
  last_success_at: isoOrNull(check.lastSuccessAt),
  ...(withDetails && check.detail !== null ? { detail: check.detail } : {}),
});

const jobJson = (job: JobReport): HealthJson['jobs'][number] => ({
  name: job.name,
  last_run_at: isoOrNull(job.lastRunAt),
  last_result: job.lastResult,
  next_run_at: isoOrNull(job.nextRunAt),
  last_completed_slot: isoOrNull(job.lastCompletedSlot),
  silent: job.isSilent,
});

const deadLetterJson = (letter: DeadLetter): NonNullable<HealthJson['dead_letter_details']>[number] => ({
  id: letter.id,
  kind: letter.kind,
  attempts: letter.attempts,
  last_error: letter.lastError,
  first_at: isoOf(letter.firstAt),
  last_at: isoOf(letter.lastAt),
});

/** A report as JSON: states for everyone, texts only for the owner, since they may tell how things are built. */
export const healthJson = (report: HealthReport, version: string, withDetails: boolean): HealthJson => ({
  status: report.isDegraded ? 'degraded' : 'ok',
  version,
  uptime_seconds: report.uptimeSeconds,
  checks: report.checks.map((check) => checkJson(check, withDetails)),
  jobs: report.jobs.map(jobJson),
  dead_letters: report.deadLetters?.length ?? null,
  overdue_deployments: report.overdueDeployments,
  ...(withDetails && report.deadLetters !== null
    ? { dead_letter_details: report.deadLetters.map(deadLetterJson) }
    : {}),
});
