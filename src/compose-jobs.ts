import type { Config } from './config.ts';
import type { JobState } from './health.ts';
import { createHourly } from './jobs/hourly.ts';
import { createNightly, type NightlyDeps } from './jobs/nightly.ts';
import { createHandleOrphan, createRevisitOrphans, type OrphanDeps } from './jobs/orphans.ts';
import { createSchedule, type Schedule } from './jobs/schedule.ts';
import type { SlotStore } from './lifecycle/ports.ts';
import { firstNightlyCron } from './local/nightly-cron.ts';

/** Builds the two jobs and what wakes them. */
export const createJobs = (
  config: Config,
  slots: SlotStore,
  deps: OrphanDeps & Omit<NightlyDeps, 'handleOrphan'>,
): Schedule => {
  const handleOrphan = createHandleOrphan(deps);
  const revisitOrphan = createRevisitOrphans(deps, handleOrphan);
  const catchUp = () => schedule.catchUp(['nightly']);
  const schedule: Schedule = createSchedule({ ...deps, slots, timeZone: config.cron.timeZone }, [
    { name: 'hourly', expression: config.cron.hourly, run: createHourly({ ...deps, revisitOrphan, catchUp }) },
    {
      name: 'nightly',
      expression: config.cron.nightly ?? firstNightlyCron(deps.clock.now(), config.cron.timeZone),
      run: createNightly({ ...deps, handleOrphan }),
    },
  ]);
  return schedule;
};

/** What this process knows of the jobs, as the health report says it. */
export const jobStates = (schedule: Schedule): readonly JobState[] =>
  schedule.statuses().map(({ lastResult, ...status }) => ({
    ...status,
    lastResult: lastResult === 'succeeded' ? 'ok' : lastResult,
  }));
