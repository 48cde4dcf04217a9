import type { Environment } from '../../src/config.ts';
import { SECRET_IDS } from '../adapters/fake-secrets-manager.ts';
import { BUILDS } from '../adapters/scheduler-under-test.ts';
import { REGION } from '../fakes/aws-account-model.ts';

/** Everything that a server on AWS needs to be told, in the fake account. */
export const AWS_SETTINGS: Environment = Object.freeze({
  MODE: 'aws',
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: 'https://demo.example.com',
  ALLOWED_ORIGINS: 'https://cv.example.com',
  CLIENT_IP_SOURCE: 'header:x-client-ip',
  AWS_REGION: REGION,
  GITLAB_PROJECT: 'demo/eks-demo',
  GITLAB_REF: 'demo-v1',
  LIVE_ORIGINS: 'https://*.demos.example.com',
  GITLAB_TOKEN_SECRET: SECRET_IDS.gitlabToken,
  OWNER_TOKEN_SECRET: SECRET_IDS.ownerToken,
  SIGNING_KEY_SECRET: SECRET_IDS.signingKey,
  SECOND_DESTROYER_GROUP: BUILDS.groupName,
  SECOND_DESTROYER_PROJECT: BUILDS.projectName,
  SECOND_DESTROYER_ROLE_ARN: BUILDS.roleArn,
  SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN: BUILDS.deadLetterQueueArn,
  DRAIN_SECONDS: '0',
});
