import type { Observation, ObservedJob, ObservedPipeline } from './observation.ts';
import type { StartedJob } from './ports.ts';

/** True when the job will not run any more. */
export const isJobOver = (job: ObservedJob): boolean => !['waiting', 'running', 'manual'].includes(job.state);

/**
 * The jobs of both pipelines that have a log. A pipeline that this very look found in the list at its end counts as
 * over even where its jobs were last seen to run: with the goal down an apply is cancelled and not looked at again.
 */
export const startedJobs = ({
  applyPipeline,
  destroyPipeline,
  listing,
  observedAt,
}: Observation): readonly StartedJob[] => {
  const listed = listing !== null && listing.at === observedAt ? listing.pipelines : [];
  const jobsOf = (pipeline: ObservedPipeline): readonly StartedJob[] => {
    const isEnded = pipeline.terminal || listed.some(({ id, terminal }) => id === pipeline.id && terminal);
    return pipeline.jobs
      .filter((job) => job.startedAt !== null)
      .map((job) => ({ id: job.id, name: job.name, isOver: isEnded || isJobOver(job) }));
  };
  return [applyPipeline, destroyPipeline].flatMap((pipeline) => (pipeline === null ? [] : jobsOf(pipeline)));
};
