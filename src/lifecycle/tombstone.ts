import type { DownReason, Instant, Proof } from './deployment.ts';
import type { ObservedPipeline } from './observation.ts';
import type { ActiveRecord } from './ports.ts';

/** What stays of a deployment once it is proven gone: the permalink, the ledger and the forecast live on it. */
export interface Tombstone {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly liveAt: Instant | null;
  readonly downAt: Instant;
  readonly reason: DownReason;
  readonly outcome: 'lived' | 'failed' | 'never_built';
  readonly gone: Proof;
  /** Meter by the clock: price times the hours until the proof; 0 when nothing was ever built. */
  readonly costUsd: number;
  readonly hourlyCostUsd: number;
  readonly destroyAttempts: number;
  readonly applyPipeline: ObservedPipeline | null;
  readonly destroyPipeline: ObservedPipeline | null;
  /** SHA-256 of the control token, hex, so that its holder still gets a receipt and a stranger a refusal. */
  readonly controlTokenHash: string | null;
  /** A made-up run that ships for the first day, marked as such wherever it is shown. */
  readonly sample: boolean;
}

const MS_PER_HOUR = 3_600_000;

/** Price times the hours between two instants, to the cent: the meter runs from the click until the proof. */
export const costUsd = (hourlyCostUsd: number, from: Instant, to: Instant): number =>
  Math.round((hourlyCostUsd * Math.max(0, to - from) * 100) / MS_PER_HOUR) / 100;

/**
 * A pipeline as it is remembered. What was under way when it was last seen was not followed any further: with the goal
 * down its jobs are not waited for but cancelled, so they are not said to run for ever.
 */
const remembered = (pipeline: ObservedPipeline | null): ObservedPipeline | null =>
  pipeline && {
    ...pipeline,
    jobs: pipeline.jobs.map((job) => {
      if (job.state === 'running') return { ...job, state: 'canceled' };
      return job.state === 'waiting' ? { ...job, state: 'skipped' } : job;
    }),
  };

/** The tombstone of a record that is proven gone; null while it is not, or while its goal is still up. */
export const tombstoneOf = ({ deployment, observation }: ActiveRecord): Tombstone | null => {
  const { gone, goal } = deployment;
  if (gone === null || goal.direction === 'up') return null;
  const neverBuilt = gone.kind === 'never-built';
  return {
    id: deployment.owner,
    version: deployment.version,
    createdAt: deployment.createdAt,
    liveAt: deployment.liveAt,
    downAt: goal.since,
    reason: goal.reason,
    outcome: deployment.liveAt !== null ? 'lived' : neverBuilt ? 'never_built' : 'failed',
    gone,
    costUsd: neverBuilt ? 0 : costUsd(deployment.hourlyCostUsd, deployment.createdAt, gone.at),
    hourlyCostUsd: deployment.hourlyCostUsd,
    destroyAttempts: deployment.countedDestroys,
    applyPipeline: remembered(observation.applyPipeline),
    destroyPipeline: remembered(observation.destroyPipeline),
    controlTokenHash: deployment.controlTokenHash,
    sample: false,
  };
};
