import type { CreateScheduleCommandInput, GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import type { Instant } from '../lifecycle/deployment.ts';
import { isDeploymentId } from '../lifecycle/deployment.ts';
import { isFields } from './json-fields.ts';

/** What a schedule starts and with whose rights. All of it is made by the infrastructure code. */
export interface DestroyBuilds {
  /** The schedule group that holds our schedules and nothing else. */
  readonly groupName: string;
  /** The CodeBuild project that runs `destroy.sh`. That it runs one build at a time is the project's own limit. */
  readonly projectName: string;
  /** The role by which Scheduler may start that project and write into the queue below. */
  readonly roleArn: string;
  /** The SQS queue for starts that failed for good. */
  readonly deadLetterQueueArn: string;
}

const START_BUILD = 'arn:aws:scheduler:::aws-sdk:codebuild:startBuild';
const DEPLOYMENT_ID = 'DEPLOYMENT_ID';

/** What the name of each of our schedules begins with. */
export const NAME_PREFIX = 'demo-';

/** The schedule of a deployment: 41 of the 64 characters a name may have. */
export const scheduleName = (deploymentId: string): string => `${NAME_PREFIX}${deploymentId}`;

/** The deployment whose schedule has that name; null for a schedule that is none of ours. */
export const deploymentIdOf = (name: string | undefined): string | null => {
  const id = name?.startsWith(NAME_PREFIX) ? name.slice(NAME_PREFIX.length) : null;
  return isDeploymentId(id) ? id : null;
};

const MINUTE_MS = 60_000;

/**
 * A rate is a positive whole number of minutes, hours or days
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based), so a period is rounded up.
 */
export const rateOf = (everyMs: number): string => {
  const minutes = Math.max(1, Math.ceil(everyMs / MINUTE_MS));
  return `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
};

/**
 * What is tried again is tried for longer than the 60 minutes a build may take, but not until the next run, three hours
 * later. Only the age ends it: the number of tries is the highest there is. Which errors Scheduler tries again is not
 * documented (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html). So nothing relies on it:
 * a start that finds a build running gets an error
 * (https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html), and if that is final, the dead-letter queue
 * has it and the next run comes all the same.
 */
const RETRY_POLICY = { MaximumEventAgeInSeconds: 7_200, MaximumRetryAttempts: 185 };

/**
 * The request for `StartBuild`. It names the project and the deployment and nothing else, so all that can be destroyed
 * is what belongs to the deployment; `destroy.sh` makes the state's key and the names out of the id. Parameters of a
 * universal target are those of the API with a capital at the start
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html).
 */
const inputFor = (projectName: string, deploymentId: string): string =>
  JSON.stringify({
    ProjectName: projectName,
    EnvironmentVariablesOverride: [{ Name: DEPLOYMENT_ID, Type: 'PLAINTEXT', Value: deploymentId }],
  });

/**
 * All fields of a deployment's schedule. An update takes every field that is left out back to its default
 * (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html), so there is no other way to
 * write one. It has no end: it goes on until it is deleted.
 */
export const scheduleFor = (
  builds: DestroyBuilds,
  deploymentId: string,
  when: { readonly firstRunAt: Instant; readonly expression: string },
): CreateScheduleCommandInput => ({
  Name: scheduleName(deploymentId),
  GroupName: builds.groupName,
  Description: `Destroys demo ${deploymentId} if nothing else has.`,
  ScheduleExpression: when.expression,
  StartDate: new Date(when.firstRunAt),
  FlexibleTimeWindow: { Mode: 'OFF' },
  State: 'ENABLED',
  ActionAfterCompletion: 'NONE',
  Target: {
    Arn: START_BUILD,
    RoleArn: builds.roleArn,
    Input: inputFor(builds.projectName, deploymentId),
    RetryPolicy: RETRY_POLICY,
    DeadLetterConfig: { Arn: builds.deadLetterQueueArn },
  },
});

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
};

/** Whether what a schedule starts is the destruction of that deployment. When it does so is not asked. */
export const destroys = ({ Target }: Pick<GetScheduleCommandOutput, 'Target'>, deploymentId: string): boolean => {
  const input = parsed(Target?.Input);
  const variables = isFields(input) ? input.EnvironmentVariablesOverride : null;
  if (Target?.Arn !== START_BUILD || !Array.isArray(variables)) return false;
  return variables.some(
    (variable) => isFields(variable) && variable.Name === DEPLOYMENT_ID && variable.Value === deploymentId,
  );
};

type Standing = Pick<GetScheduleCommandOutput, 'EndDate' | 'ScheduleExpression' | 'StartDate' | 'State' | 'Target'>;

/**
 * What keeps a schedule that stands from being the net that this one would be, in words that follow "the schedule of that
 * name"; null when it is one. An earlier start will do, since it may have been moved to now.
 */
export const flawOf = (standing: Standing, wanted: CreateScheduleCommandInput): string | null => {
  const [own, other] = [standing.Target, wanted.Target];
  if (own?.Arn !== other?.Arn || own?.Input !== other?.Input) return 'is for something else';
  if (own?.RoleArn !== other?.RoleArn) return 'has another role';
  if (own?.DeadLetterConfig?.Arn !== other?.DeadLetterConfig?.Arn) return 'has another dead-letter queue';
  if (standing.State !== 'ENABLED') return 'is switched off';
  if (standing.EndDate !== undefined) return 'has an end';
  if (standing.ScheduleExpression !== wanted.ScheduleExpression) return 'has another rate';
  const isLate = (standing.StartDate?.getTime() ?? 0) > (wanted.StartDate?.getTime() ?? 0);
  return isLate ? 'begins too late' : null;
};
