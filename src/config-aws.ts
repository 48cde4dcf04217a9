import { Type } from 'typebox';
import { secretName, text } from './config-kinds.ts';
import { type Details, details, NEEDED, none, orNull, REFUSED } from './config-variable.ts';

/** Where on AWS the secrets are kept; their values are fetched while running. */
export const secrets = Type.Object({
  gitlabToken: orNull(secretName(details('GITLAB_TOKEN_SECRET', NEEDED, REFUSED, 'where GitLab’s token is kept'))),
  ownerToken: orNull(secretName(details('OWNER_TOKEN_SECRET', NEEDED, REFUSED, 'where the owner’s token is kept'))),
  signingKey: orNull(
    secretName(details('SIGNING_KEY_SECRET', NEEDED, REFUSED, 'where the key of the control tokens is kept')),
  ),
  webhook: orNull(
    secretName(
      details(
        'WEBHOOK_SECRET',
        none('the owner is told nothing'),
        REFUSED,
        'where the address and key of the owner’s webhook are kept',
      ),
    ),
  ),
});

const onlyAws = (name: string, purpose: string): Details => details(name, NEEDED, REFUSED, purpose);

const SCHEDULE_GROUP = /^[0-9A-Za-z_.-]{1,64}$/;
const BUILD_PROJECT = /^[A-Za-z0-9][A-Za-z0-9_-]{1,254}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,200}$/;
// Scheduler takes no queue of the kind whose names end with .fifo.
const QUEUE_ARN = /^arn:aws[a-z-]*:sqs:[a-z0-9-]{1,30}:\d{12}:[\w-]{1,80}$/;

/** What takes a demo down without this server and without GitLab; all of it is made by the infrastructure code. */
export const secondDestroyer = Type.Object({
  groupName: orNull(
    text(
      onlyAws('SECOND_DESTROYER_GROUP', 'the group of EventBridge Scheduler that holds its schedules and no others'),
      'the name of a schedule group',
      (name) => SCHEDULE_GROUP.test(name),
    ),
  ),
  projectName: orNull(
    text(
      onlyAws('SECOND_DESTROYER_PROJECT', 'the CodeBuild project that a schedule starts'),
      'the name of a CodeBuild project',
      (name) => BUILD_PROJECT.test(name),
    ),
  ),
  roleArn: orNull(
    text(onlyAws('SECOND_DESTROYER_ROLE_ARN', 'the role by which Scheduler starts it'), 'the ARN of a role', (arn) =>
      ROLE_ARN.test(arn),
    ),
  ),
  deadLetterQueueArn: orNull(
    text(
      onlyAws('SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN', 'the SQS queue of the starts that failed for good'),
      'the ARN of a standard queue',
      (arn) => QUEUE_ARN.test(arn),
    ),
  ),
});
