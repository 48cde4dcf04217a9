import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { VARIABLES } from '../../src/config-schema.ts';
import { codeOf, contentsOf, keysOf, readPlatform, textsOf } from './hcl.ts';

const CODE = codeOf(readPlatform());
const ENVIRONMENT = keysOf(contentsOf(CODE, 'environment'));
const SECRETS = keysOf(contentsOf(CODE, 'secrets')).filter((key) => /^[A-Z_]+$/.test(key));
const SETTABLE = textsOf(CODE, 'settable');

/** Not to be set at all on AWS, and why. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
  HOST: 'the image listens on every address of its own',
  DYNAMODB_ENDPOINT: 'AWS’s own is the right one',
  HOURLY_CRON: 'the alarm on a silent sweep counts on once an hour',
  RECONCILE_TIMER: 'off only in tests and drills',
  CRON_JOBS: 'off only in tests and drills',
};

t.test('Given the task definition, when its variables are compared with the schema, then each is known', async (t) => {
  const taken = VARIABLES.filter(({ aws }) => aws.kind !== 'refused').map(({ name }) => name);
  t.ok(ENVIRONMENT.length > 10 && SECRETS.length === 4 && SETTABLE.length > 10, 'they were found');
  t.strictSame(
    [...ENVIRONMENT, ...SECRETS, ...SETTABLE, ...Object.keys(LEFT_ALONE)].toSorted(),
    taken.toSorted(),
    'each variable that AWS takes is set, can be set or is left alone, and no other is there',
  );
});

t.test('Given the variables that AWS needs, when the task definition is read, then it sets each', async (t) => {
  const needed = VARIABLES.filter(({ aws }) => aws.kind === 'needed').map(({ name }) => name);
  t.ok(needed.length > 10);
  t.strictSame(
    needed.filter((name) => !ENVIRONMENT.includes(name) && !SECRETS.includes(name)),
    [],
  );
});

/** What the task gets with the values of terraform.tfvars.example. */
const EXAMPLE: Readonly<Record<string, string>> = {
  MODE: 'aws',
  PORT: '3000',
  PUBLIC_URL: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  ALLOWED_ORIGINS: 'https://cv.example.com',
  CLIENT_IP_SOURCE: `header:${/client_address_header = "([^"]+)"/.exec(CODE)?.[1]}`,
  DRAIN_SECONDS: '30',
  TABLE_NAME: 'demo-on-demand',
  AWS_REGION: 'us-east-1',
  GITLAB_URL: 'https://gitlab.com',
  GITLAB_PROJECT: 'me/eks-demo',
  GITLAB_REF: 'demo-v1',
  LIVE_ORIGINS: 'https://*.demo.example.com',
  SECOND_DESTROYER_GROUP: 'demo-on-demand',
  SECOND_DESTROYER_PROJECT: 'demo-on-demand-destroyer',
  SECOND_DESTROYER_ROLE_ARN: 'arn:aws:iam::111122223333:role/demo-on-demand-scheduler',
  SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN: 'arn:aws:sqs:us-east-1:111122223333:demo-on-demand-second-destroyer-failed',
};

const secretArn = (name: string): string =>
  `arn:aws:secretsmanager:us-east-1:111122223333:secret:demo-on-demand/${name}-AbCdEf`;

t.test('Given what a task gets, when the server reads it, then it takes all of it', async (t) => {
  t.strictSame(Object.keys(EXAMPLE).toSorted(), ENVIRONMENT.toSorted(), 'the example is whole');
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, secretArn(name.toLowerCase())]));
  const config = loadConfig({ ...EXAMPLE, ...secrets });
  t.equal(config.mode, 'aws');
  t.strictSame(config.server.clientAddressSource, { kind: 'header', name: 'x-demo-client-address' });
});
