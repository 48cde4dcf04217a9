import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { JobState } from '../../src/lifecycle/observation.ts';
import type { PipelineRequest } from '../../src/lifecycle/ports.ts';
import type { Dice } from '../fakes/dice.ts';
import type { Events } from './events.ts';
import type { Behaviour } from './plan.ts';
import type { Trouble } from './trouble.ts';
import type { Work } from './work.ts';

const MINUTE_MS = 60_000;

export interface Pipeline {
  readonly id: number;
  readonly request: PipelineRequest;
  readonly createdAt: Instant;
  /** When somebody made it, or ran it again, by hand; null for one of ours. */
  byHandAt: Instant | null;
  behaviour: Partial<Behaviour>;
  state: JobState | 'canceling';
  startedAt: Instant | null;
  finishedAt: Instant | null;
  stopJobAt: Instant | null;
  /** Until then GitLab does not know it when asked. */
  hiddenUntil: Instant;
}

export interface Gitlab {
  readonly all: readonly Pipeline[];
  of(deploymentId: string): readonly Pipeline[];
  find(id: number): Pipeline | null;
  create(request: PipelineRequest, isByHand?: boolean): Pipeline;
  cancel(pipeline: Pipeline): void;
  /** Somebody presses "retry" on a finished pipeline. */
  retry(pipeline: Pipeline): void;
  /** Whether one that is no ordinary one is still under way. */
  hasOddOneUnderWay(): boolean;
}

export interface GitlabDeps {
  readonly events: Pick<Events<unknown>, 'now' | 'at'>;
  readonly dice: Dice;
  readonly trouble: Trouble;
  readonly work: Work;
  readonly trace: (what: string) => void;
}

export const isTerminal = ({ state }: Pipeline): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'canceled';

/** One of ours that nobody touches and that does what it should. */
export const isOrdinary = ({ behaviour, byHandAt, hiddenUntil, stopJobAt }: Pipeline): boolean =>
  Object.keys(behaviour).length === 0 && byHandAt === null && hiddenUntil === 0 && stopJobAt === null;

/** Makes GitLab: pipelines of one job each, which run one at a time, oldest first, and refuse to build too late. */
export const createGitlab = ({ events, dice, trouble, work, trace }: GitlabDeps): Gitlab => {
  const all: Pipeline[] = [];
  const stops = new Map<Pipeline, () => void>();
  let running: Pipeline | null = null;
  const ready: Pipeline[] = [];

  const told = ({ id, request: { direction, deploymentId } }: Pipeline): string =>
    `pipeline ${id} (${direction} ${deploymentId.slice(-4)})`;

  const end = (pipeline: Pipeline, state: 'succeeded' | 'failed' | 'canceled'): void => {
    if (isTerminal(pipeline)) return;
    pipeline.state = state;
    pipeline.finishedAt = events.now();
    stops.delete(pipeline);
    if (running === pipeline) running = null;
    trace(`${told(pipeline)} ${state}`);
    const { retriedAfterMs } = pipeline.behaviour;
    if (retriedAfterMs !== undefined) events.at(events.now() + retriedAfterMs, () => retry(pipeline));
    events.at(events.now() + 1_000 + dice(5_000), startNext);
  };

  const usualMs = (pipeline: Pipeline): number =>
    pipeline.request.direction === 'apply' ? (5 + dice(11)) * MINUTE_MS : (3 + dice(4)) * MINUTE_MS;

  const start = (pipeline: Pipeline): void => {
    const { direction, deploymentId, startBefore, holdersEnded } = pipeline.request;
    pipeline.state = 'running';
    pipeline.startedAt = events.now();
    running = pipeline;
    if (direction === 'apply' && startBefore !== null && events.now() > startBefore) {
      trace(`${told(pipeline)} starts too late and refuses`);
      events.at(events.now() + 5_000, () => end(pipeline, 'failed'));
      return;
    }
    trace(`${told(pipeline)} starts`);
    const durationMs = pipeline.behaviour.durationMs ?? usualMs(pipeline);
    const name = `pipeline ${pipeline.id}${pipeline.byHandAt === null ? '' : ' by hand'}`;
    const { behaviour } = pipeline;
    const onEnd = (outcome: 'succeeded' | 'failed'): void => end(pipeline, outcome);
    stops.set(pipeline, work.begin({ name, deploymentId, direction, durationMs, behaviour, holdersEnded, onEnd }));
  };

  function startNext(): void {
    if (running !== null) return;
    if (trouble.isOut('runners')) {
      if (ready.length > 0) events.at(events.now() + MINUTE_MS, startNext);
      return;
    }
    const next = ready.shift();
    if (next === undefined) return;
    if (next.state === 'waiting') start(next);
    else startNext();
  }

  const queue = (pipeline: Pipeline): void => {
    const delayMs = pipeline.behaviour.startDelayMs ?? 10_000 + dice(40_000);
    events.at(events.now() + delayMs, () => {
      ready.push(pipeline);
      startNext();
    });
  };

  function retry(pipeline: Pipeline): void {
    if (!isTerminal(pipeline)) return;
    trace(`${told(pipeline)} is run again by hand`);
    pipeline.byHandAt = events.now();
    const { ignoresCancel, retriedDurationMs: durationMs } = pipeline.behaviour;
    pipeline.behaviour = {
      ...(ignoresCancel === undefined ? {} : { ignoresCancel }),
      ...(durationMs === undefined ? {} : { durationMs }),
    };
    pipeline.state = 'waiting';
    pipeline.startedAt = null;
    pipeline.finishedAt = null;
    queue(pipeline);
  }

  const cancel = (pipeline: Pipeline): void => {
    if (isTerminal(pipeline) || pipeline.state === 'canceling') return;
    if (pipeline.state === 'waiting') {
      end(pipeline, 'canceled');
      return;
    }
    if (pipeline.behaviour.ignoresCancel) return;
    pipeline.state = 'canceling';
    trace(`${told(pipeline)} is being cancelled`);
    stops.get(pipeline)?.();
    events.at(events.now() + 2_000 + dice(30_000), () => end(pipeline, 'canceled'));
  };

  const create = (request: PipelineRequest, isByHand = false): Pipeline => {
    const behaviour: Partial<Behaviour> = isByHand ? {} : (trouble.nextBehaviour(request.direction) ?? {});
    const pipeline: Pipeline = {
      id: all.length + 1,
      request,
      createdAt: events.now(),
      byHandAt: isByHand ? events.now() : null,
      behaviour,
      state: 'waiting',
      startedAt: null,
      finishedAt: null,
      stopJobAt: null,
      hiddenUntil: behaviour.hiddenMs === undefined ? 0 : events.now() + behaviour.hiddenMs,
    };
    all.push(pipeline);
    trace(`${told(pipeline)} is made for request ${request.requestId.slice(-4)}`);
    queue(pipeline);
    const { autoCancelMs } = behaviour;
    if (autoCancelMs !== undefined) events.at(events.now() + autoCancelMs, () => cancel(pipeline));
    return pipeline;
  };

  return {
    all,
    of: (deploymentId) => all.filter(({ request }) => request.deploymentId === deploymentId),
    find: (id) => all[id - 1] ?? null,
    create,
    cancel,
    retry,
    hasOddOneUnderWay: () =>
      all.some(
        (pipeline) =>
          !isTerminal(pipeline) && (pipeline.byHandAt !== null || Object.keys(pipeline.behaviour).length > 0),
      ),
  };
};
