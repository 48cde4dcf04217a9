import {
  createSchedulerSecondDestroyer,
  type SchedulerSecondDestroyerOptions,
} from '../../src/adapters/scheduler-second-destroyer.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { ACCOUNT, createFakeScheduler, GROUP } from './fake-scheduler.ts';

export const BUILDS = {
  groupName: GROUP,
  projectName: 'demo-destroy',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/demo-scheduler`,
  deadLetterQueueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:demo-destroy-failed`,
};

/** The second destroyer of AWS over a fake Scheduler. AWS's clock and ours are apart by so much. */
export const createSchedulerWorld = (
  options: { readonly oursIsLateMs?: number } & Partial<SchedulerSecondDestroyerOptions> = {},
) => {
  const { oursIsLateMs = 0, ...changes } = options;
  const clock = createFakeClock();
  const scheduler = createFakeScheduler(() => clock.now() + oursIsLateMs);
  const destroyer = createSchedulerSecondDestroyer({ ...BUILDS, client: scheduler.client, clock, ...changes });
  return { clock, scheduler, destroyer };
};

export type SchedulerWorld = ReturnType<typeof createSchedulerWorld>;
