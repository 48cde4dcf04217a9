import type { Direction, Instant } from '../../src/lifecycle/deployment.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { JobState, ObservedPipeline } from '../../src/lifecycle/observation.ts';
import type { PipelineRequest, Pipelines } from '../../src/lifecycle/ports.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeCloud } from './fake-cloud.ts';

const MINUTE_MS = 60_000;

export interface PipelineFaults {
  /** What happens to the next create calls, one each. */
  create: ('lose-request' | 'lose-reply' | 'refuse' | 'refuse-for-now' | 'refuse-one-of-two')[];
  /** Every call fails while true. */
  down: boolean;
  /** A pipeline made now never starts. */
  stuck: boolean;
  applyFails: boolean;
  destroyFails: boolean;
  /** Cancels are heard, and nothing comes of them. */
  ignoresCancel: boolean;
  /** Pipelines are not known any more. */
  forgotten: Set<number>;
  /** The apply named a link that is not allowed. */
  foreignLink: boolean;
  applyMs: number;
  destroyMs: number;
  startMs: number;
}

interface FakePipeline {
  readonly id: number;
  readonly request: PipelineRequest;
  readonly createdAt: Instant;
  readonly isStuck: boolean;
  startedAt: Instant | null;
  finishedAt: Instant | null;
  state: JobState;
  stopStartedAt: Instant | null;
}

export interface FakePipelines extends Pipelines {
  readonly faults: PipelineFaults;
  readonly all: FakePipeline[];
  created(direction: Direction): readonly FakePipeline[];
  /** How many applies really built something. */
  builds(): number;
  /** GitLab's auto-stop job begins in that pipeline. */
  autoStop(id: number): void;
  /** A pipeline with our name that none of us made. */
  inject(request: PipelineRequest): FakePipeline;
  /** Somebody presses "retry" on a finished pipeline. */
  reopen(id: number): void;
  calls: number;
}

const SHA = { apply: 'a'.repeat(40), destroy: 'a'.repeat(40) };

/** A model of GitLab's pipelines as the lifecycle sees them; what has happened by now is worked out when asked. */
export const createFakePipelines = (clock: FakeClock, cloud: FakeCloud): FakePipelines => {
  const all: FakePipeline[] = [];
  const builders = new Set<number>();
  const faults: PipelineFaults = {
    create: [],
    down: false,
    stuck: false,
    applyFails: false,
    destroyFails: false,
    ignoresCancel: false,
    forgotten: new Set(),
    foreignLink: false,
    applyMs: 12 * MINUTE_MS,
    destroyMs: 6 * MINUTE_MS,
    startMs: 20_000,
  };
  const isTerminal = (pipeline: FakePipeline): boolean => pipeline.finishedAt !== null;

  const end = (pipeline: FakePipeline, state: JobState, at: Instant): void => {
    pipeline.state = state;
    pipeline.finishedAt = at;
  };

  const start = (pipeline: FakePipeline, at: Instant): void => {
    const { direction, deploymentId, startBefore } = pipeline.request;
    pipeline.startedAt = at;
    pipeline.state = 'running';
    if (direction === 'destroy') return;
    if (startBefore !== null && at > startBefore) {
      end(pipeline, 'failed', at);
      return;
    }
    builders.add(pipeline.id);
    cloud.build(deploymentId);
  };

  const finish = (pipeline: FakePipeline, at: Instant): void => {
    const isApply = pipeline.request.direction === 'apply';
    const fails = isApply ? faults.applyFails : faults.destroyFails;
    if (!isApply && !fails) cloud.destroy(pipeline.request.deploymentId);
    end(pipeline, fails ? 'failed' : 'succeeded', at);
  };

  /** One job of the resource group at a time, oldest first. */
  const catchUp = (): void => {
    for (const pipeline of all) {
      if (isTerminal(pipeline)) continue;
      if (pipeline.startedAt === null) {
        const isBusy = all.some((other) => other.id < pipeline.id && other.state === 'running');
        const startAt = pipeline.createdAt + faults.startMs;
        if (pipeline.isStuck || isBusy || clock.now() < startAt) continue;
        start(pipeline, clock.now() - startAt < MINUTE_MS ? startAt : clock.now());
      }
      const takesMs = pipeline.request.direction === 'apply' ? faults.applyMs : faults.destroyMs;
      const endAt = (pipeline.startedAt ?? 0) + takesMs;
      if (!isTerminal(pipeline) && clock.now() >= endAt) finish(pipeline, endAt);
    }
  };

  const ask = (): void => {
    result.calls += 1;
    if (faults.down) throw new DemoError('PIPELINES_UNAVAILABLE');
    catchUp();
  };

  const make = (request: PipelineRequest): FakePipeline => {
    const id = all.length + 1;
    const pipeline: FakePipeline = {
      id,
      request,
      createdAt: clock.now(),
      isStuck: faults.stuck,
      startedAt: null,
      finishedAt: null,
      state: 'waiting',
      stopStartedAt: null,
    };
    all.push(pipeline);
    return pipeline;
  };

  const webUrl = (id: number): string => `https://gitlab.example/p/${id}`;

  const observed = (pipeline: FakePipeline): ObservedPipeline => {
    const { direction, deploymentId, requestId } = pipeline.request;
    const job = { stage: direction, failureReason: null };
    const stop = { ...job, id: pipeline.id * 10 + 2, name: 'stop', finishedAt: null };
    return {
      id: pipeline.id,
      name: `demo ${direction} ${deploymentId} ${requestId}`,
      status: pipeline.state,
      terminal: isTerminal(pipeline),
      sha: SHA[direction],
      webUrl: webUrl(pipeline.id),
      createdAt: pipeline.createdAt,
      startedAt: pipeline.startedAt,
      finishedAt: pipeline.finishedAt,
      jobs: [
        {
          ...job,
          id: pipeline.id * 10 + 1,
          name: direction,
          state: pipeline.state,
          startedAt: pipeline.startedAt,
          finishedAt: pipeline.finishedAt,
        },
        ...(pipeline.stopStartedAt === null
          ? []
          : [{ ...stop, state: 'running' as const, startedAt: pipeline.stopStartedAt }]),
      ],
    };
  };

  const find = (id: number): FakePipeline | null => all.find((pipeline) => pipeline.id === id) ?? null;

  const result: FakePipelines = {
    faults,
    all,
    calls: 0,
    created: (direction) => all.filter((pipeline) => pipeline.request.direction === direction),
    builds: () => builders.size,
    autoStop: (id) => {
      const pipeline = find(id);
      if (pipeline !== null) pipeline.stopStartedAt = clock.now();
    },
    inject: make,
    reopen: (id) => {
      const pipeline = find(id);
      if (pipeline === null) return;
      pipeline.startedAt = null;
      pipeline.finishedAt = null;
      pipeline.state = 'waiting';
    },
    create: async (request) => {
      ask();
      const fault = faults.create.shift();
      if (fault === 'lose-request') throw new DemoError('PIPELINES_UNAVAILABLE');
      if (fault === 'refuse') return { kind: 'refused', reason: 'ref_not_found', retryable: false };
      if (fault === 'refuse-for-now') return { kind: 'refused', reason: 'creation_limit', retryable: true };
      const { id } = make(request);
      if (fault === 'refuse-one-of-two') return { kind: 'refused', reason: 'ref_not_found', retryable: false };
      if (fault === 'lose-reply') throw new DemoError('PIPELINES_UNAVAILABLE');
      return { kind: 'created', pipelineId: id, sha: SHA[request.direction], webUrl: webUrl(id) };
    },
    list: async (deploymentId) => {
      ask();
      return all
        .filter((pipeline) => pipeline.request.deploymentId === deploymentId && !faults.forgotten.has(pipeline.id))
        .map((pipeline) => ({
          id: pipeline.id,
          direction: pipeline.request.direction,
          requestId: pipeline.request.requestId,
          terminal: isTerminal(pipeline),
          running: pipeline.state === 'running',
          sha: SHA[pipeline.request.direction],
          webUrl: webUrl(pipeline.id),
        }));
    },
    read: async (id) => {
      ask();
      const pipeline = find(id);
      return pipeline === null || faults.forgotten.has(id) ? null : observed(pipeline);
    },
    cancel: async (id) => {
      ask();
      const pipeline = find(id);
      if (pipeline === null || isTerminal(pipeline) || faults.ignoresCancel) return;
      end(pipeline, 'canceled', clock.now());
    },
    liveUrl: async (jobId, deploymentId) => {
      ask();
      if (faults.foreignLink) throw new DemoError('OUTPUTS_INVALID');
      const pipeline = find(Math.floor(jobId / 10));
      return pipeline?.state === 'succeeded' ? `https://${deploymentId.slice(-12)}.demos.example/` : null;
    },
  };
  return result;
};
