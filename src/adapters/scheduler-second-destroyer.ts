import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Instant } from '../lifecycle/deployment.ts';
import { isDeploymentId } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { Clock, SecondDestroyer } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import {
  type DestroyBuilds,
  deploymentIdOf,
  destroys,
  flawOf,
  NAME_PREFIX,
  rateOf,
  scheduleFor,
  scheduleName,
} from './scheduler-schedule.ts';
import { untilAborted } from './until-aborted.ts';

/** All requests of one call together, whatever they wait for; the pre-flight and a visitor's start wait for them. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * A first run this far ahead is still to come when the request arrives, also when our clock is two minutes late. That
 * matters: what Scheduler does with a start date of a moment ago is not documented, and one of more than five minutes
 * ago is refused ("The StartDate you specify cannot be earlier than 5 minutes ago", seen on AWS:
 * https://github.com/getmoto/moto/pull/8172).
 */
const SOON_MS = 180_000;

/** The most that one page can have. */
const PAGE_SIZE = 100;
/** There is one schedule for each demo that runs or was not proven gone: more than a handful is a mistake already. */
const MAX_PAGES = 20;

/** What is wrong, in words of our own. */
class SchedulerFailure extends Error {
  override readonly name = 'SchedulerFailure';
}

const checkedId = (deploymentId: string): string => {
  if (!isDeploymentId(deploymentId)) throw new SchedulerFailure('the deployment id is not a lower-case UUID');
  return deploymentId;
};

/** The SDK takes an empty answer for one without fields; nobody must believe in a net because of that. */
const checkWritten = ({ ScheduleArn }: { readonly ScheduleArn: string | undefined }): void => {
  if (ScheduleArn === undefined) throw new SchedulerFailure('an answer without a schedule');
};

/** Never chained: the SDK's own error carries the whole answer in a hidden field, and account ids in its message. */
const failureOf = (operation: keyof SecondDestroyer, error: unknown): SchedulerFailure =>
  new SchedulerFailure(`${operation}: ${error instanceof SchedulerFailure ? error.message : errorCode(error)}`);

const guarded = async <Answer>(
  operation: keyof SecondDestroyer,
  work: (abortSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const abortSignal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    // The SDK looks at the signal neither while it waits for another try nor while it fetches its credentials.
    return await untilAborted(work(abortSignal), abortSignal);
  } catch (error) {
    throw new DemoError('SECOND_DESTROYER_UNAVAILABLE', { cause: failureOf(operation, error) });
  }
};

export interface SchedulerSecondDestroyerOptions extends DestroyBuilds {
  readonly client: SchedulerClient;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Makes the second destroyer of AWS: a schedule of EventBridge Scheduler for each deployment, which starts a CodeBuild
 * project for that deployment alone. Everything may be repeated; requests that were throttled or lost are, twice each,
 * within five seconds. The task needs `scheduler:CreateSchedule`, `GetSchedule`, `UpdateSchedule` and
 * `DeleteSchedule` on the group's schedules, `ListSchedules`, and `iam:PassRole` on the schedule's role.
 *
 * - `arm` leaves a schedule that stands as it is: it is our own first try, or was moved to now since. One that starts
 *   anything else, with another role, rate or queue, later, only until some time or not at all, is no net and throws;
 *   nothing was built yet, so nothing is lost by that. For a rate the start date is the
 *   first run (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based). A period is
 *   rounded up to whole minutes, and a first run that is past or near lies three minutes ahead.
 * - `hasten` gives the same schedule a start date three minutes ahead, and keeps its period. A new schedule without a
 *   start date runs at once, but that an updated one does is not documented. A second, one-time schedule would have to
 *   be disarmed and listed as well, and would depend on our clock no less.
 * - `list` leaves out what is none of ours.
 *
 * Every failure is a `DemoError` SECOND_DESTROYER_UNAVAILABLE, whose cause names AWS's error and nothing it says.
 */
export const createSchedulerSecondDestroyer = (options: SchedulerSecondDestroyerOptions): SecondDestroyer => {
  const { client, clock, groupName: GroupName } = options;
  const soon = (): Instant => clock.now() + SOON_MS;

  /** The deployment's schedule, whatever it is for. */
  const standing = (deploymentId: string, abortSignal: AbortSignal): Promise<GetScheduleCommandOutput> =>
    client.send(new GetScheduleCommand({ Name: scheduleName(deploymentId), GroupName }), { abortSignal });

  const page = async (token: string | undefined, abortSignal: AbortSignal) => {
    const command = new ListSchedulesCommand({
      GroupName,
      NamePrefix: NAME_PREFIX,
      MaxResults: PAGE_SIZE,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const { Schedules, NextToken } = await client.send(command, { abortSignal });
    if (Schedules === undefined) throw new SchedulerFailure('a page without a list');
    return { ids: Schedules.flatMap(({ Name }) => deploymentIdOf(Name) ?? []), next: NextToken || undefined };
  };

  return {
    arm: (deploymentId, firstRunAt, everyMs) =>
      guarded('arm', async (abortSignal) => {
        const when = { firstRunAt: Math.max(firstRunAt, soon()), expression: rateOf(everyMs) };
        const wanted = scheduleFor(options, checkedId(deploymentId), when);
        try {
          checkWritten(await client.send(new CreateScheduleCommand(wanted), { abortSignal }));
        } catch (error) {
          if (!(error instanceof ConflictException)) throw error;
          const flaw = flawOf(await standing(deploymentId, abortSignal), wanted);
          if (flaw !== null) throw new SchedulerFailure(`the schedule of that name ${flaw}`);
        }
      }),

    disarm: (deploymentId) =>
      guarded('disarm', async (abortSignal) => {
        const command = new DeleteScheduleCommand({ Name: scheduleName(checkedId(deploymentId)), GroupName });
        try {
          await client.send(command, { abortSignal });
        } catch (error) {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        }
      }),

    hasten: (deploymentId) =>
      guarded('hasten', async (abortSignal) => {
        const schedule = await standing(checkedId(deploymentId), abortSignal);
        if (!destroys(schedule, deploymentId)) {
          throw new SchedulerFailure('the schedule of that name is for something else');
        }
        const { ScheduleExpression: expression } = schedule;
        if (!expression?.startsWith('rate(')) throw new SchedulerFailure('the schedule of that name has no rate');
        const when = { firstRunAt: soon(), expression };
        const command = new UpdateScheduleCommand(scheduleFor(options, deploymentId, when));
        checkWritten(await client.send(command, { abortSignal }));
      }),

    list: () =>
      guarded('list', async (abortSignal) => {
        const ids = new Set<string>();
        const tokens = new Set<string>();
        let token: string | undefined;
        for (let pages = 0; pages < MAX_PAGES; pages += 1) {
          const { ids: found, next } = await page(token, abortSignal);
          for (const id of found) ids.add(id);
          if (next === undefined) return [...ids];
          if (tokens.has(next)) throw new SchedulerFailure('the pages go round in a circle');
          tokens.add(next);
          token = next;
        }
        throw new SchedulerFailure(`more than ${MAX_PAGES} pages`);
      }),
  };
};
