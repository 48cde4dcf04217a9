import type { Instant } from './deployment.ts';
import { shownJobs } from './eta.ts';
import type { JobState, ObservedJob } from './observation.ts';
import { type KeptLine, shareOut } from './recorded-lines.ts';
import { timesOf } from './recorded-times.ts';
import type { Tombstone } from './tombstone.ts';

/** A stage as it is played again. Milliseconds after the click. */
export interface RecordedStage {
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly state: JobState;
}

/** A masked line, when it came in milliseconds after the click, and the name of its stage. */
export interface RecordedLine {
  readonly atMs: number;
  readonly stage: string;
  readonly text: string;
}

/** A run that can be watched again: what went on when, and a sample of what was said. */
export interface Recording {
  readonly id: string;
  /** True for the one that ships with the project. */
  readonly sample: boolean;
  readonly createdAt: Instant;
  readonly liveAt: Instant;
  readonly downAt: Instant | null;
  readonly goneAt: Instant | null;
  readonly stages: readonly RecordedStage[];
  /** In the order of their times. */
  readonly lines: readonly RecordedLine[];
  /** How many there were before they were sampled. */
  readonly linesTotal: number;
}

/** A job whose log belongs into the recording. */
export interface RecordedJob {
  readonly job: ObservedJob;
  readonly stage: RecordedStage;
}

/** What was kept of a job's log, and how many lines it had. */
export interface RecordedLog {
  readonly lines: readonly KeptLine[];
  readonly total: number;
}

/** Whether a run is one to show: it was really built, it was live, and it is proven gone. */
export const isWorthRecording = ({ outcome, liveAt, gone, sample }: Tombstone): boolean =>
  outcome === 'lived' && liveAt !== null && gone.kind !== 'never-built' && !sample;

/**
 * The jobs of both directions that ran, in their order. Their times are GitLab's and the click is ours, so none is let
 * begin before the click or end before it begins; one whose end nobody saw ends with the run.
 */
export const recordedJobs = ({
  createdAt,
  applyPipeline,
  destroyPipeline,
  gone,
}: Tombstone): readonly RecordedJob[] => {
  const ways = [
    { direction: 'up', pipeline: applyPipeline },
    { direction: 'down', pipeline: destroyPipeline },
  ] as const;
  return ways.flatMap(({ direction, pipeline }) =>
    (pipeline === null ? [] : shownJobs(pipeline)).flatMap((job) => {
      if (job.startedAt === null) return [];
      const startedAtMs = Math.max(0, job.startedAt - createdAt);
      const finishedAtMs = Math.max(startedAtMs, (job.finishedAt ?? gone.at) - createdAt);
      return { job, stage: { name: job.stage, direction, startedAtMs, finishedAtMs, state: job.state } };
    }),
  );
};

/** How long a recording lasts: from the click to the end of what is recorded. Milliseconds. */
export const lengthMs = ({ createdAt, liveAt, downAt, goneAt, stages, lines }: Recording): number =>
  Math.max(
    liveAt - createdAt,
    (downAt ?? createdAt) - createdAt,
    (goneAt ?? createdAt) - createdAt,
    ...stages.map(({ finishedAtMs }) => finishedAtMs),
    lines.at(-1)?.atMs ?? 0,
  );

/**
 * Puts a recording together from a run and the logs of its `recordedJobs`, in their order. All lines together stay
 * within the bound of `shareOut`. Throws a RangeError for a run that was never live, which is none to show.
 */
export const recordingOf = (
  tombstone: Tombstone,
  jobs: readonly RecordedJob[],
  logs: readonly RecordedLog[],
): Recording => {
  const { id, sample, createdAt, liveAt, downAt, gone } = tombstone;
  if (liveAt === null) throw new RangeError('a run that was never live is not recorded');
  const shares = shareOut(logs.map(({ lines }) => lines));
  const lines = jobs.flatMap(({ stage }, index) => {
    const kept = shares[index] ?? [];
    const times = timesOf(kept, stage.startedAtMs, stage.finishedAtMs);
    return kept.map(({ text }, line) => ({ atMs: times[line] ?? stage.startedAtMs, stage: stage.name, text }));
  });
  return {
    id,
    sample,
    createdAt,
    liveAt,
    downAt,
    goneAt: gone.at,
    stages: jobs.map(({ stage }) => stage),
    // Jobs may run beside each other; the sort is stable, so lines of one job never change places.
    lines: lines.toSorted((a, b) => a.atMs - b.atMs),
    linesTotal: logs.reduce((sum, { total }) => sum + total, 0),
  };
};
