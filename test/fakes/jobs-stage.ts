import { createHourly } from '../../src/jobs/hourly.ts';
import { createNightly } from '../../src/jobs/nightly.ts';
import { createHandleOrphan, createRevisitOrphans } from '../../src/jobs/orphans.ts';
import { createStage, type StageOptions } from './stage.ts';

/** The stage with both jobs on it; what the hourly one catches up is counted and does nothing else. */
export const createJobsStage = (options: StageOptions = {}) => {
  const stage = createStage(options);
  const deps = { ...stage, hourlyCostUsd: 0.18 };
  const handleOrphan = createHandleOrphan(deps);
  const revisitOrphan = createRevisitOrphans(deps, handleOrphan);
  let caughtUp = 0;
  const catchUp = async () => {
    caughtUp += 1;
    return 0;
  };
  return {
    ...stage,
    handleOrphan,
    revisitOrphan,
    hourly: createHourly({ ...deps, revisitOrphan, catchUp }),
    nightly: createNightly({ ...deps, handleOrphan }),
    caughtUp: () => caughtUp,
  };
};

export type JobsStage = ReturnType<typeof createJobsStage>;
