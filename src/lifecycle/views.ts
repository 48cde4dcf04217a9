import type { Instant, Policy } from './deployment.ts';
import { DemoError } from './errors.ts';
import { type Forecast, forecastFrom, progressOf } from './eta.ts';
import type { ObservedJob, ObservedPipeline } from './observation.ts';
import type { ActiveRecord, Clock, DeploymentReader, JobLogs } from './ports.ts';
import type { LogPage, PipelineView, Target, Views } from './requests.ts';
import { nightlyBlockUntil } from './start.ts';
import { activeView, type Blockage, idleView, tombstoneView } from './view.ts';

export interface ViewsDeps {
  readonly reader: DeploymentReader;
  readonly logs: JobLogs;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly nextNightlyAt: () => Instant | null;
}

/** However many look, the item is read at most once in this time. */
const RECORD_AGE_MS = 1_000;
/** The ledger changes with each run's end; a forecast may be this old. */
const FORECAST_AGE_MS = 30_000;
const FORECAST_RUNS = 50;
const LINES_PER_PAGE = 1_000;

/** One value, read at most once per age and by one caller at a time. A failed read is not kept. */
const createShared = <T>(clock: Clock, ageMs: number, read: () => Promise<T>) => {
  let held: { readonly at: number; readonly value: Promise<T> } | null = null;
  return {
    get: (): Promise<T> => {
      const now = clock.monotonicMs();
      if (held !== null && now - held.at < ageMs) return held.value;
      const value = read();
      const fresh = { at: now, value };
      held = fresh;
      value.catch(() => {
        if (held === fresh) held = null;
      });
      return value;
    },
    drop: (): void => {
      held = null;
    },
  };
};

interface Pipelines {
  readonly apply: ObservedPipeline | null;
  readonly destroy: ObservedPipeline | null;
}

const jobToShow = ({ apply, destroy }: Pipelines, wanted: number | null): ObservedJob | null => {
  const jobs = [...(apply?.jobs ?? []), ...(destroy?.jobs ?? [])];
  if (wanted !== null) return jobs.find((job) => job.id === wanted) ?? null;
  const started = jobs.filter((job) => job.startedAt !== null);
  return started.findLast((job) => job.state === 'running') ?? started.at(-1) ?? jobs[0] ?? null;
};

const isOver = (job: ObservedJob): boolean => !['waiting', 'running', 'manual'].includes(job.state);

/** Makes the shared reads behind every GET. */
export const createViews = (deps: ViewsDeps): Views => {
  const { reader, clock } = deps;
  const active = createShared(clock, RECORD_AGE_MS, () => reader.active());
  const forecast = createShared<Forecast>(clock, FORECAST_AGE_MS, async () =>
    forecastFrom((await reader.ledger({ limit: FORECAST_RUNS, before: null })).tombstones),
  );

  const blockage = (now: Instant): Blockage | null => {
    const until = nightlyBlockUntil(deps.policy, deps.nextNightlyAt(), now);
    return until === null ? null : { reason: 'nightly_window', until };
  };

  const running = async (target: Target): Promise<ActiveRecord | null> => {
    const record = await active.get();
    if (record === null || target.kind === 'current') return record;
    return record.deployment.owner === target.id ? record : null;
  };

  const ofRecord = async (record: ActiveRecord) => activeView(record, await forecast.get(), clock.now());

  const pipelinesOf = async (target: Target): Promise<Pipelines & { readonly record: ActiveRecord | null }> => {
    const record = await running(target);
    if (record !== null) {
      const { applyPipeline, destroyPipeline } = record.observation;
      return { apply: applyPipeline, destroy: destroyPipeline, record };
    }
    const tombstone = target.kind === 'id' ? await reader.tombstone(target.id) : null;
    if (tombstone === null) throw new DemoError('NOT_FOUND');
    return { apply: tombstone.applyPipeline, destroy: tombstone.destroyPipeline, record: null };
  };

  return {
    ofRecord,
    ofTombstone: async (tombstone) => tombstoneView(tombstone, await forecast.get()),
    view: async (target) => {
      const record = await running(target);
      if (record !== null) return ofRecord(record);
      if (target.kind === 'current') return idleView(blockage(clock.now()), clock.now());
      const tombstone = await reader.tombstone(target.id);
      return tombstone === null ? null : tombstoneView(tombstone, await forecast.get());
    },
    pipeline: async (target): Promise<PipelineView> => {
      const { apply, destroy, record } = await pipelinesOf(target);
      const pipeline = destroy ?? apply;
      if (pipeline === null) throw new DemoError('NO_PIPELINE');
      const look = record?.observation.look;
      // When it was last seen, which during an outage is not when we last tried.
      const observedAt = look?.pipelineId === pipeline.id ? look.at : (pipeline.finishedAt ?? clock.now());
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
      const { lines, complete } = await deps.logs.lines(job.id, fromLine, LINES_PER_PAGE, isOver(job));
      return { jobId: job.id, jobName: job.name, lines, nextLine: fromLine + lines.length, complete };
    },
    invalidate: () => active.drop(),
  };
};
