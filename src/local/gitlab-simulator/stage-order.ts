import type { JobRecord } from './world.ts';

/** Whether a job may run now, has to wait for an earlier stage, or can no longer run. */
export type Turn = 'now' | 'later' | 'never';

function isPassed({ status, definition }: JobRecord): boolean {
  if (status === 'success') return true;
  return definition.allowFailure && (status === 'manual' || status === 'failed' || status === 'canceled');
}

function isBroken({ status, definition }: JobRecord): boolean {
  if (status === 'skipped') return true;
  return !definition.allowFailure && (status === 'failed' || status === 'canceled');
}

function turnAfter(earlier: readonly JobRecord[]): Turn {
  if (earlier.some(isBroken)) return 'never';
  return earlier.every(isPassed) ? 'now' : 'later';
}

/** Tells for each present job of a pipeline, given its stages in order, whether the job's turn has come. */
export function stageStates(
  jobs: readonly JobRecord[],
  stages: readonly string[],
): { readonly job: JobRecord; readonly turn: Turn }[] {
  return jobs.map((job) => {
    const position = stages.indexOf(job.definition.stage);
    const earlier = jobs.filter(({ definition }) => stages.indexOf(definition.stage) < position);
    return { job, turn: turnAfter(earlier) };
  });
}
