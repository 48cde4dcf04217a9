import type { Instant } from './deployment.ts';
import { DemoError } from './errors.ts';
import { type Forecast, forecastFrom, progressOf } from './eta.ts';
import type { ObservedJob, ObservedPipeline } from './observation.ts';
import { oncePerReading } from './once-per-reading.ts';
import type { ActiveRecord, Clock, DeploymentReader, JobLogs } from './ports.ts';
import type { LogPage, PipelineView, Target, Views } from './requests.ts';
import { createSharedRead } from './shared-read.ts';
import { isJobOver } from './started-jobs.ts';
import { activeView, type Blockage, idleView, tombstoneView } from './view.ts';

export interface ViewsDeps {
  readonly reader: DeploymentReader;
  readonly logs: JobLogs;
  readonly clock: Clock;
  /** What stops a start while nothing runs. */
  readonly blockage: () => Promise<Blockage | null>;
}

/** However many look, the item is read at most once in this time. */
const RECORD_AGE_MS = 1_000;
/** The ledger changes with each run's end; a forecast may be this old. */
const FORECAST_AGE_MS = 30_000;
const FORECAST_RUNS = 50;
const LINES_PER_PAGE = 1_000;
const NOT_KEPT_LINE = '[this log is no longer kept]';

interface Pipelines {
  readonly apply: ObservedPipeline | null;
  readonly destroy: ObservedPipeline | null;
}

interface PipelinesOf extends Pipelines {
  readonly deploymentId: string;
  /** Null when it is gone. */
  readonly record: ActiveRecord | null;
  /** When that was proven; null while it is not. */
  readonly goneAt: Instant | null;
}

type Lines = Awaited<ReturnType<JobLogs['lines']>>;

const jobToShow = ({ apply, destroy }: Pipelines, wanted: number | null): ObservedJob | null => {
  const jobs = [...(apply?.jobs ?? []), ...(destroy?.jobs ?? [])];
  if (wanted !== null) return jobs.find((job) => job.id === wanted) ?? null;
  const started = jobs.filter((job) => job.startedAt !== null);
  return started.findLast((job) => job.state === 'running') ?? started.at(-1) ?? jobs[0] ?? null;
};

/** Of a run that is gone nothing more is written, so what is there is all there is; without anything it has expired. */
const asOfGone = ({ lines, complete }: Lines, fromLine: number): Lines => {
  if (fromLine === 0 && lines.length === 0 && !complete) return { lines: [NOT_KEPT_LINE], complete: true };
  return { lines, complete: complete || lines.length < LINES_PER_PAGE };
};

/** Makes the shared reads behind every GET. */
export const createViews = (deps: ViewsDeps): Views => {
  const { reader, clock } = deps;
  const active = createSharedRead(clock, RECORD_AGE_MS, () => reader.active());
  const forecast = createSharedRead<Forecast>(clock, FORECAST_AGE_MS, async () =>
    forecastFrom((await reader.ledger({ limit: FORECAST_RUNS, before: null })).tombstones),
  );

  const running = async (target: Target): Promise<ActiveRecord | null> => {
    const record = await active.get();
    if (record === null || target.kind === 'current') return record;
    return record.deployment.owner === target.id ? record : null;
  };

  const ofRecord = async (record: ActiveRecord) => activeView(record, await forecast.get(), clock.now());

  const pipelinesOf = async (target: Target): Promise<PipelinesOf> => {
    const record = await running(target);
    if (record !== null) {
      const { applyPipeline, destroyPipeline } = record.observation;
      return {
        deploymentId: record.deployment.owner,
        apply: applyPipeline,
        destroy: destroyPipeline,
        record,
        goneAt: null,
      };
    }
    const tombstone = target.kind === 'id' ? await reader.tombstone(target.id) : null;
    if (tombstone === null) throw new DemoError('NOT_FOUND');
    const { id: deploymentId, applyPipeline, destroyPipeline, gone } = tombstone;
    return { deploymentId, apply: applyPipeline, destroy: destroyPipeline, record: null, goneAt: gone.at };
  };

  const linesOf = async ({ deploymentId, record }: PipelinesOf, job: ObservedJob, fromLine: number): Promise<Lines> => {
    // One that never started has no log, and never will if it is over.
    if (job.startedAt === null) return { lines: [], complete: isJobOver(job) };
    const found = await deps.logs.lines({ deploymentId, jobId: job.id }, fromLine, LINES_PER_PAGE);
    return record === null ? asOfGone(found, fromLine) : found;
  };

  return {
    ofRecord,
    ofTombstone: async (tombstone) => tombstoneView(tombstone, await forecast.get()),
    ...oncePerReading(active.held, async (target) => {
      const record = await running(target);
      if (record !== null) return ofRecord(record);
      if (target.kind === 'current') return idleView(await deps.blockage(), clock.now());
      const tombstone = await reader.tombstone(target.id);
      return tombstone === null ? null : tombstoneView(tombstone, await forecast.get());
    }),
    pipeline: async (target): Promise<PipelineView> => {
      const { apply, destroy, record, goneAt } = await pipelinesOf(target);
      const pipeline = destroy ?? apply;
      if (pipeline === null) throw new DemoError('NO_PIPELINE');
      const look = record?.observation.look;
      // When it was last seen, which during an outage is not when we last tried.
      const observedAt = look?.pipelineId === pipeline.id ? look.at : (goneAt ?? pipeline.finishedAt ?? clock.now());
      return {
        pipeline,
        direction: destroy === null ? 'apply' : 'destroy',
        progress: progressOf(pipeline, await forecast.get(), clock.now()),
        observedAt,
        stale: record?.observation.gitlabFailingSince != null,
      };
    },
    logs: async (target, wanted, fromLine): Promise<LogPage> => {
      const pipelines = await pipelinesOf(target);
      if (pipelines.apply === null && pipelines.destroy === null) throw new DemoError('NO_PIPELINE');
      const job = jobToShow(pipelines, wanted);
      if (job === null) throw new DemoError('UNKNOWN_JOB');
      const { lines, complete } = await linesOf(pipelines, job, fromLine);
      return { jobId: job.id, jobName: job.name, lines, nextLine: fromLine + lines.length, complete };
    },
    invalidate: () => active.drop(),
  };
};
