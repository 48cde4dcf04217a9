import { inspect } from 'node:util';
import t from 'tap';
import { ConfigError, type Environment, loadConfig } from '../src/config.ts';
import { VARIABLES } from '../src/config-schema.ts';
import type { Variable } from '../src/config-variable.ts';
import { LOCAL_POLICY, REAL_POLICY } from '../src/policies.ts';

const AWS: Environment = Object.freeze({
  MODE: 'aws',
  PUBLIC_URL: 'https://demo.example.com',
  ALLOWED_ORIGINS: 'https://cv.example.com, https://www.example.com:8443',
  CLIENT_IP_SOURCE: 'header:X-Client-Address',
  AWS_REGION: 'eu-central-1',
  GITLAB_PROJECT: 'owner/live-demo',
  GITLAB_REF: 'v1',
  LIVE_ORIGINS: 'https://*.demo.example.com',
  GITLAB_TOKEN_SECRET: 'demo/gitlab-token',
  OWNER_TOKEN_SECRET: 'demo/owner-token',
  SIGNING_KEY_SECRET: 'demo/signing-key',
  SECOND_DESTROYER_GROUP: 'demo-on-demand',
  SECOND_DESTROYER_PROJECT: 'demo-on-demand-destroy',
  SECOND_DESTROYER_ROLE_ARN: 'arn:aws:iam::111122223333:role/demo-on-demand-scheduler',
  SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN: 'arn:aws:sqs:eu-central-1:111122223333:demo-on-demand-failed',
});

const ACCEPTED = new ConfigError([]);

const errorOf = (environment: Environment): ConfigError => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return ACCEPTED;
};

const blamed = (environment: Environment): string[] => errorOf(environment).problems.map(({ name }) => name);

const textAbout = (name: string, environment: Environment): string =>
  errorOf(environment).problems.find((problem) => problem.name === name)?.text ?? '';

const without = (name: string): Environment => ({ ...AWS, [name]: undefined });

t.test('Given nothing, when it is loaded, then everything is local and simulated', async (t) => {
  const config = loadConfig({});
  t.match(config, {
    mode: 'local',
    server: { host: '127.0.0.1', port: 3000, publicUrl: null, allowedOrigins: [], drainMs: 0 },
    store: { tableName: 'demo-on-demand', endpoint: null },
    gitlab: { url: null, showPipelineLink: false },
    quotas: { perVisitorPerDay: null, perDay: null, noOriginPerDay: null },
    rateLimit: { perSecond: 5, burst: 10 },
    cost: { hourlyUsd: 0.19, monthlyBudgetUsd: 20 },
    cron: { hourly: '7 * * * *', nightly: null, timeZone: 'UTC' },
    timers: { reconcile: true, cronJobs: true },
    log: { level: 'info' },
    local: { simulatorSpeed: 1, ownerToken: null },
  });
  t.strictSame(config.policy, LOCAL_POLICY);
  t.strictSame(config.server.clientAddressSource, { kind: 'socket' });
});

t.test('Given all that AWS needs, when it is loaded, then it is typed and has the real defaults', async (t) => {
  const config = loadConfig(AWS);
  if (config.mode !== 'aws') throw new Error('not aws');
  t.equal(config.server.publicUrl.length, 24);
  t.equal(config.server.host, '0.0.0.0');
  t.equal(config.server.drainMs, 30_000);
  t.strictSame(config.server.allowedOrigins, ['https://cv.example.com', 'https://www.example.com:8443']);
  t.strictSame(config.server.clientAddressSource, { kind: 'header', name: 'x-client-address' });
  t.equal(config.gitlab.url, 'https://gitlab.com');
  t.strictSame(config.secrets, {
    gitlabToken: 'demo/gitlab-token',
    ownerToken: 'demo/owner-token',
    signingKey: 'demo/signing-key',
    webhook: null,
  });
  t.strictSame(config.quotas, { perVisitorPerDay: 3, perDay: 10, noOriginPerDay: 2 });
  t.equal(config.cron.nightly, '23 3 * * *');
  t.strictSame(config.policy, REAL_POLICY);
});

t.test('Given only MODE=aws, when it is loaded, then every missing variable is named at once', async (t) => {
  const needed = VARIABLES.filter(({ aws }) => aws.kind === 'needed').map(({ name }) => name);
  t.strictSame(blamed({ MODE: 'aws' }), needed);
  t.strictSame(
    needed.toSorted(),
    Object.keys(AWS)
      .filter((name) => name !== 'MODE')
      .toSorted(),
  );
  for (const name of needed) t.strictSame(blamed(without(name)), [name], `${name} alone is missed`);
});

t.test('Given several mistakes, when it is loaded, then each has its own line with what was found', async (t) => {
  const error = errorOf({ PORT: '70000', LOG_LEVEL: 'loud', DRAIN_SECONDS: '1.5' });
  t.strictSame(error.message.split('\n'), [
    'The environment cannot be used:',
    '  PORT: expected whole, from 0 to 65,535, found "70000"',
    '  DRAIN_SECONDS: expected whole, from 0 to 110, found "1.5"',
    '  LOG_LEVEL: expected fatal or error or warn or info or debug or trace or silent, found "loud"',
  ]);
  t.equal(error.name, 'ConfigError');
});

t.test('Given empty texts and unknown variables, when it is loaded, then they count as not set', async (t) => {
  const empty = Object.fromEntries(VARIABLES.map(({ name }) => [name, '']));
  t.strictSame(loadConfig({ ...empty, PORTT: 'x', HOME: '/root' }), loadConfig({}));
});

t.test(
  'Given an unusable MODE, when it is loaded, then nothing is held against the others because of it',
  async (t) => {
    t.strictSame(blamed({ ...AWS, MODE: 'production' }), ['MODE']);
    t.strictSame(blamed({ MODE: 'AWS', PORT: '-1' }), ['MODE', 'PORT']);
  },
);

t.test('Given the configuration, when it is changed at any depth, then it throws', async (t) => {
  const config = loadConfig(AWS);
  const paths: readonly object[] = [
    config,
    config.server,
    config.server.allowedOrigins,
    config.policy,
    config.policy.attemptWaitsMs,
    config.local,
    loadConfig({}).server.allowedOrigins,
  ];
  for (const part of paths) {
    t.ok(Object.isFrozen(part));
    t.throws(() => Object.assign(part, { 0: 'x', port: 1 }), TypeError);
  }
});

t.test('Given secrets for local mode, when the configuration is printed, then they are hidden', async (t) => {
  const token = 'made-up-owner-token-0001';
  const config = loadConfig({ LOCAL_OWNER_TOKEN: token, LOCAL_SIGNING_KEY: `${token}${token}` });
  t.equal(config.local.ownerToken?.reveal(), token);
  const printed = [
    JSON.stringify(config),
    inspect(config, { depth: 9, showHidden: true }),
    `${config.local.ownerToken}`,
  ];
  for (const text of printed) {
    t.notMatch(text, token);
    t.match(text, '[hidden]');
  }
  t.notMatch(inspect(config, { depth: 9, customInspect: false }), token);
});

t.test('Given a secret where it does not belong, when it is refused, then it is not shown', async (t) => {
  const token = 'glpat-madeUpTokenValue00001';
  const cases: readonly Environment[] = [
    { LOCAL_OWNER_TOKEN: `${token} with spaces` },
    { LOCAL_OWNER_TOKEN: 'tooShort-Made1' },
    { LOCAL_SIGNING_KEY: token },
    { LOCAL_WEBHOOK_URL: `http://hooks.example.com/${token}` },
    { WEBHOOK_SECRET: `https://hooks.example.com/${token}` },
    { ...AWS, LOCAL_GITLAB_TOKEN: token },
    { ...AWS, GITLAB_TOKEN_SECRET: token },
    { ...AWS, OWNER_TOKEN_SECRET: `${token} ` },
    { ...AWS, GITLAB_REF: `?${token}` },
    { ...AWS, PUBLIC_URL: 'https://owner:tooShort-Made1@demo.example.com' },
    { ...AWS, ALLOWED_ORIGINS: 'https://tooShort-Made1@cv.example.com' },
  ];
  for (const environment of cases) {
    const { message, problems } = errorOf(environment);
    t.equal(problems.length, 1, message);
    t.notMatch(message, 'madeUpTokenValue00001');
    t.notMatch(message, 'tooShort-Made1');
  }
});

t.test('Given a very long text, when it is refused, then only its beginning is shown', async (t) => {
  const { message } = errorOf({ HOST: 'no host '.repeat(1000) });
  t.ok(message.length < 300, message);
});

interface Sides {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const whole = (low: number, high: number): Sides => ({
  good: [`${low}`, `${high}`],
  bad: [`${high + 1}`, `${low - 1}`, `${low}.5`, '1e1', '0x1', ' 1', 'x'],
});
const minutes = (high: number): Sides => ({
  good: [`${high}`],
  bad: [`${high + 0.1}`, '0', '0.04', '-1', '1m', '.5', '1,5'],
});
const quota: Sides = { good: ['0', '1000', 'unlimited'], bad: ['1001', '-1', 'Unlimited', '1.5'] };
const url: Sides = {
  good: ['https://a.example.com', 'https://a.example.com:8443', 'https://[2001:db8::1]'],
  bad: [
    'https://a.example.com/',
    'https://a.example.com/x',
    'https://A.example.com',
    'a.example.com',
    'ftp://a.example.com',
    'https://a.example.com:443',
    'null',
    '*',
    'https://',
  ],
};
const cronExpression: Sides = {
  good: ['0 4 * * 1-5', '*/5 * * * *', '*/2 * * * * *'],
  bad: ['* * * *', '* * * * * * *', '60 * * * *', '@daily', 'x', '0 0 31 2 *'],
};
const secretName: Sides = {
  good: ['demo/token', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:demo-AbCdEf'],
  bad: ['two words', 'glpat-x', 'x'.repeat(513)],
};
const onOff: Sides = { good: ['on', 'off'], bad: ['true', 'ON'] };

const LIMITS: Readonly<Record<string, Sides>> = {
  MODE: { good: ['aws'], bad: ['prod', 'Local'] },
  HOST: { good: ['0.0.0.0', '::', 'localhost'], bad: ['example.com', '0.0.0', '127.0.0.1:80'] },
  PORT: whole(0, 65_535),
  PUBLIC_URL: url,
  ALLOWED_ORIGINS: {
    good: [
      'https://a.example',
      'http://localhost:8080,https://a.example',
      new Array(20).fill('https://a.example').join(),
    ],
    bad: [
      '*',
      'null',
      'https://a.example/',
      'https://a.example,',
      'https://*.a.example',
      new Array(21).fill('https://a.example').join(),
    ],
  },
  CLIENT_IP_SOURCE: {
    good: ['forwarded:10.0.0.0/16', 'forwarded:2001:db8::/32', 'header:x-real'],
    bad: [
      '2',
      'true',
      'forwarded:',
      'forwarded:0.0.0.0/0',
      'forwarded:10.0.0.0',
      'forwarded:10.0.0.0/33',
      'forwarded:::1/129',
      'forwarded:10.0.0.0/8/8',
      'forwarded:x/8',
      'header:',
      'header:X-Forwarded-For',
      'header:forwarded',
      'header:a b',
      'socket:x',
    ],
  },
  DRAIN_SECONDS: whole(0, 110),
  TABLE_NAME: { good: ['abc', 'x'.repeat(255)], bad: ['ab', 'x'.repeat(256), 'a b c'] },
  AWS_REGION: {
    good: ['us-gov-west-1', 'ap-southeast-5', 'eusc-de-east-1'],
    bad: ['Frankfurt', 'eu-central-1a', 'eu'],
  },
  DYNAMODB_ENDPOINT: url,
  GITLAB_URL: url,
  GITLAB_PROJECT: { good: ['1234', 'a/b', 'a/b.c/d_e-f'], bad: ['a', '/a/b', 'a/b/', 'https://gitlab.com/a/b'] },
  GITLAB_REF: { good: ['v1', 'release/1.2'], bad: ['-v1', 'v 1', 'x'.repeat(101)] },
  LIVE_ORIGINS: {
    good: ['https://*.demo.example.com', 'https://a.example,https://*.b.example.org'],
    bad: [
      'https://*.com',
      'http://demo.example.com',
      'https://*',
      'https://a.*.example.com',
      'https://*.demo.example.com/',
      '*.example.com',
      'https://*.-x.example.com',
    ],
  },
  SHOW_PIPELINE_LINK: { good: ['true', 'false'], bad: ['yes', '1'] },
  GITLAB_TOKEN_SECRET: secretName,
  OWNER_TOKEN_SECRET: secretName,
  SIGNING_KEY_SECRET: secretName,
  WEBHOOK_SECRET: { ...secretName, bad: [...secretName.bad, 'https://hooks.example.com/services/made-up'] },
  SECOND_DESTROYER_GROUP: {
    good: ['x', 'demo_on.demand-1', 'x'.repeat(64)],
    bad: ['x'.repeat(65), 'arn:aws:scheduler:eu-central-1:111122223333:schedule-group/demo', 'a/b'],
  },
  SECOND_DESTROYER_PROJECT: {
    good: ['ab', 'x'.repeat(255)],
    bad: ['x', 'x'.repeat(256), '-ab', 'arn:aws:codebuild:eu-central-1:111122223333:project/demo'],
  },
  SECOND_DESTROYER_ROLE_ARN: {
    good: ['arn:aws:iam::111122223333:role/demo/scheduler', 'arn:aws-us-gov:iam::111122223333:role/x'],
    bad: [
      'demo-scheduler',
      'arn:aws:iam::11112222333:role/x',
      'arn:aws:iam::111122223333:role/',
      'arn:aws:iam::111122223333:user/x',
      'arn:aws:iam::111122223333:role/two words',
    ],
  },
  SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN: {
    good: [`arn:aws:sqs:eu-central-1:111122223333:${'x'.repeat(80)}`],
    bad: [
      `arn:aws:sqs:eu-central-1:111122223333:${'x'.repeat(81)}`,
      'arn:aws:sqs:eu-central-1:111122223333:demo.fifo',
      'https://sqs.eu-central-1.amazonaws.com/111122223333/demo',
      'arn:aws:sns:eu-central-1:111122223333:demo',
    ],
  },
  DEMO_TTL_MINUTES: { ...minutes(480), good: ['0.05', '240'] },
  DEMO_MAX_LIFETIME_MINUTES: minutes(480),
  DEPLOY_DEADLINE_MINUTES: minutes(50),
  START_DEADLINE_MINUTES: { ...minutes(60), good: ['1.3', '45'] },
  CANCEL_DEADLINE_MINUTES: { ...minutes(60), good: ['0.05', '60'] },
  DESTROY_DEADLINE_MINUTES: { ...minutes(50), good: ['0.05', '50'] },
  LIVE_DEADLINE_MINUTES: { ...minutes(60), good: ['0.05', '60'] },
  QUOTA_PER_VISITOR_PER_DAY: quota,
  QUOTA_PER_DAY: quota,
  QUOTA_NO_ORIGIN_PER_DAY: quota,
  RATE_LIMIT_PER_SECOND: whole(1, 1_000_000),
  RATE_LIMIT_BURST: whole(1, 1_000_000),
  DEMO_HOURLY_COST_USD: { good: ['0', '0.18', '100'], bad: ['100.01', '-0.1', '$1'] },
  MONTHLY_BUDGET_USD: { good: ['0', '10000'], bad: ['10000.01', '-1'] },
  HOURLY_CRON: cronExpression,
  NIGHTLY_CRON: cronExpression,
  CRON_TIME_ZONE: { good: ['UTC', 'Europe/Berlin'], bad: ['Mars/Olympus', 'Europe'] },
  RECONCILE_TIMER: onOff,
  CRON_JOBS: onOff,
  LOG_LEVEL: { good: ['fatal', 'silent'], bad: ['verbose'] },
  PROBE_ORIGIN: url,
  SIMULATOR_SPEED: { good: ['0.7', '1000'], bad: ['0.69', '1001', 'fast'] },
  LOCAL_GITLAB_TOKEN: {
    good: ['x'.repeat(8), 'x'.repeat(4096)],
    bad: ['x'.repeat(7), 'x'.repeat(4097), 'made up token'],
  },
  LOCAL_OWNER_TOKEN: { good: ['x'.repeat(16)], bad: ['x'.repeat(15)] },
  LOCAL_SIGNING_KEY: { good: ['x'.repeat(32)], bad: ['x'.repeat(31)] },
  LOCAL_WEBHOOK_URL: {
    good: [
      'https://hooks.example.com/services/made-up',
      'http://127.0.0.1:4000/',
      'http://[::1]:4000/hook',
      'http://localhost/',
      `https://hooks.example.com/${'x'.repeat(2_022)}`,
    ],
    bad: [
      'http://hooks.example.com/',
      'http://127.0.0.1.example.com/',
      'https://me:pw@hooks.example.com/',
      'ftp://127.0.0.1/',
      'hooks.example.com',
      `https://hooks.example.com/${'x'.repeat(2_023)}`,
    ],
  },
  LOCAL_WEBHOOK_KEY: { good: ['x'.repeat(32)], bad: ['x'.repeat(31)] },
};

const LOCAL_WEBHOOK: Environment = { LOCAL_WEBHOOK_URL: 'http://127.0.0.1:4000/', LOCAL_WEBHOOK_KEY: 'x'.repeat(32) };

// Local mode with a simulator that runs elsewhere.
const LOCAL_GITLAB: Environment = {
  GITLAB_URL: 'http://simulator:8080',
  GITLAB_PROJECT: AWS.GITLAB_PROJECT,
  GITLAB_REF: AWS.GITLAB_REF,
  LIVE_ORIGINS: AWS.LIVE_ORIGINS,
  LOCAL_GITLAB_TOKEN: 'made-up-token',
};

const queueIn = (region: string): Environment => ({
  SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN: `arn:aws:sqs:${region}:111122223333:demo`,
});

// A whole environment in which the variable may be set to anything good.
const around = ({ name, aws }: Variable): Environment => {
  if (aws.kind !== 'refused') return AWS;
  if (name.startsWith('LOCAL_WEBHOOK')) return LOCAL_WEBHOOK;
  return name === 'PROBE_ORIGIN' ? LOCAL_GITLAB : {};
};

t.test('Given each variable, when it is set, then both sides of every limit hold', async (t) => {
  t.strictSame(
    Object.keys(LIMITS),
    VARIABLES.map(({ name }) => name),
    'every variable has its limits here',
  );
  for (const variable of VARIABLES) {
    const { name } = variable;
    const { good, bad } = LIMITS[name] ?? { good: [], bad: [] };
    for (const text of good) {
      const fitting = name === 'AWS_REGION' ? queueIn(text) : {};
      t.doesNotThrow(() => loadConfig({ ...around(variable), ...fitting, [name]: text }), `${name}=${text}`);
    }
    for (const text of bad) t.strictSame(blamed({ ...around(variable), [name]: text }), [name], `${name}=${text}`);
  }
});

t.test('Given a value in minutes or seconds, when it is loaded, then it is held in milliseconds', async (t) => {
  const { policy, server } = loadConfig({ DEMO_TTL_MINUTES: '0.5', LIVE_DEADLINE_MINUTES: '2', DRAIN_SECONDS: '3' });
  t.equal(policy.ttlMs, 30_000);
  t.equal(policy.liveDeadlineMs, 120_000);
  t.equal(server.drainMs, 3000);
  t.equal(policy.pollMs, LOCAL_POLICY.pollMs);
});

t.test('Given the visitor’s address in all its forms, when it is loaded, then it is a tagged union', async (t) => {
  const sourceOf = (text: string) => loadConfig({ CLIENT_IP_SOURCE: text }).server.clientAddressSource;
  t.strictSame(sourceOf('socket'), { kind: 'socket' });
  t.strictSame(sourceOf('forwarded:10.0.0.0/16'), { kind: 'forwarded', trusted: '10.0.0.0/16' });
  t.strictSame(sourceOf('header:X-Real'), { kind: 'header', name: 'x-real' });
});

t.test('Given the variables of an ECS task, when local mode would start, then it refuses', async (t) => {
  for (const name of [
    'ECS_CONTAINER_METADATA_URI_V4',
    'ECS_CONTAINER_METADATA_URI',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  ]) {
    t.match(textAbout('MODE', { [name]: 'http://169.254.170.2/v4/made-up' }), `${name} is set`);
    t.match(textAbout('MODE', { MODE: 'local', [name]: 'x' }), 'expected aws');
    t.equal(loadConfig({ ...AWS, [name]: 'x' }).mode, 'aws');
    t.equal(loadConfig({ [name]: '' }).mode, 'local');
  }
});

t.test('Given what belongs to the other mode, when it is set, then it is refused by name', async (t) => {
  const localOnly = VARIABLES.filter(({ aws }) => aws.kind === 'refused').map(({ name }) => name);
  const awsOnly = VARIABLES.filter(({ local }) => local.kind === 'refused').map(({ name }) => name);
  t.strictSame(localOnly.length + awsOnly.length, 15);
  for (const name of localOnly) t.strictSame(blamed({ ...AWS, [name]: '1' }), [name]);
  for (const name of awsOnly) t.strictSame(blamed({ [name]: 'demo/token' }), [name]);
});

t.test('Given a half-configured local environment, when it is loaded, then nothing falls back silently', async (t) => {
  t.strictSame(blamed({ TABLE_NAME: 'demo-on-demand' }), ['DYNAMODB_ENDPOINT']);
  t.doesNotThrow(() => loadConfig({ TABLE_NAME: 'demo-on-demand', DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' }));
  t.strictSame(blamed({ GITLAB_URL: 'http://127.0.0.1:8080' }), [
    'GITLAB_PROJECT',
    'GITLAB_REF',
    'LIVE_ORIGINS',
    'LOCAL_GITLAB_TOKEN',
  ]);
  for (const [name, text] of [
    ['GITLAB_PROJECT', 'a/b'],
    ['GITLAB_REF', 'v1'],
    ['LIVE_ORIGINS', 'http://127.0.0.1:8081'],
    ['PROBE_ORIGIN', 'http://simulator:8081'],
  ] as const) {
    t.strictSame(blamed({ [name]: text }), ['GITLAB_URL']);
  }
});

t.test('Given one half of a webhook, when it is loaded, then the other one is missed', async (t) => {
  const { LOCAL_WEBHOOK_URL = '', LOCAL_WEBHOOK_KEY = '' } = LOCAL_WEBHOOK;
  t.strictSame(blamed({ LOCAL_WEBHOOK_URL }), ['LOCAL_WEBHOOK_KEY']);
  t.strictSame(blamed({ LOCAL_WEBHOOK_KEY }), ['LOCAL_WEBHOOK_URL']);
  t.doesNotThrow(() => loadConfig(LOCAL_WEBHOOK));
  t.equal(loadConfig({ ...AWS, WEBHOOK_SECRET: 'demo/webhook' }).secrets.webhook, 'demo/webhook');
});

t.test('Given MODE=aws, when an address is not https, then it is refused; locally it is fine', async (t) => {
  for (const name of ['PUBLIC_URL', 'GITLAB_URL', 'DYNAMODB_ENDPOINT']) {
    t.match(textAbout(name, { ...AWS, [name]: 'http://demo.example.com' }), 'expected https:// with MODE=aws');
  }
  const simulator = 'http://127.0.0.1:4010';
  t.match(textAbout('LIVE_ORIGINS', { ...AWS, LIVE_ORIGINS: simulator }), 'expected https:// with MODE=aws');
  t.strictSame(loadConfig({ ...LOCAL_GITLAB, LIVE_ORIGINS: simulator }).gitlab.liveOrigins, [simulator]);
  t.equal(loadConfig({ PUBLIC_URL: 'http://127.0.0.1:3000' }).server.publicUrl, 'http://127.0.0.1:3000');
});

t.test('Given an ARN in another region than AWS_REGION, when it is loaded, then it is refused', async (t) => {
  const secret = (region: string): string => `arn:aws:secretsmanager:${region}:111122223333:secret:demo-AbCdEf`;
  for (const name of ['GITLAB_TOKEN_SECRET', 'OWNER_TOKEN_SECRET', 'SIGNING_KEY_SECRET', 'WEBHOOK_SECRET']) {
    t.doesNotThrow(() => loadConfig({ ...AWS, [name]: secret('eu-central-1') }));
    t.equal(
      textAbout(name, { ...AWS, [name]: secret('us-east-1') }),
      'expected an ARN in AWS_REGION (eu-central-1), found us-east-1',
    );
  }
  const queue = queueIn('eu-west-1');
  t.strictSame(blamed({ ...AWS, ...queue }), Object.keys(queue));
  t.doesNotThrow(() => loadConfig({ ...AWS, ...queue, AWS_REGION: 'eu-west-1' }));
  t.strictSame(blamed({ ...AWS, ...queue, AWS_REGION: 'nowhere' }), ['AWS_REGION'], 'one trouble at a time');
});

t.test('Given a HOST that others can reach, when local mode has no PUBLIC_URL, then it asks for one', async (t) => {
  t.match(textAbout('PUBLIC_URL', { HOST: '0.0.0.0' }), 'HOST (0.0.0.0)');
  t.doesNotThrow(() => loadConfig({ HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:3000' }));
  for (const HOST of ['localhost', '::1', '127.0.0.2']) t.doesNotThrow(() => loadConfig({ HOST }));
});

t.test(
  'Given durations that contradict each other, when they are loaded, then the shorter one is blamed',
  async (t) => {
    t.equal(
      textAbout('DEMO_TTL_MINUTES', { DEMO_TTL_MINUTES: '12.1' }),
      'expected at most DEMO_MAX_LIFETIME_MINUTES (12), found 12.1',
    );
    t.doesNotThrow(() => loadConfig({ DEMO_TTL_MINUTES: '12' }));
    t.strictSame(blamed({ ...AWS, DEMO_MAX_LIFETIME_MINUTES: '59' }), ['DEMO_TTL_MINUTES']);
    t.strictSame(blamed({ ...AWS, DEPLOY_DEADLINE_MINUTES: '9' }), ['START_DEADLINE_MINUTES']);
    t.strictSame(blamed({ ...AWS, START_DEADLINE_MINUTES: '1.25' }), ['START_DEADLINE_MINUTES']);
    t.doesNotThrow(() => loadConfig({ ...AWS, START_DEADLINE_MINUTES: '1.26' }));
  },
);

t.test('Given a variable that is unusable by itself, when rules would look at it, then they do not', async (t) => {
  t.strictSame(blamed({ DEMO_TTL_MINUTES: '20', DEMO_MAX_LIFETIME_MINUTES: 'x' }), ['DEMO_MAX_LIFETIME_MINUTES']);
});

t.test('Given MODE=aws, when the address is that of the connection, then it is refused with the reason', async (t) => {
  const environment = { ...AWS, CLIENT_IP_SOURCE: 'socket' };
  t.strictSame(blamed(environment), ['CLIENT_IP_SOURCE']);
  t.match(textAbout('CLIENT_IP_SOURCE', environment), /header:<name>.*behind the gateway all visitors.*found socket$/);
  t.doesNotThrow(() => loadConfig({ ...AWS, CLIENT_IP_SOURCE: 'forwarded:10.0.0.0/16' }));
  t.doesNotThrow(() => loadConfig({ CLIENT_IP_SOURCE: 'socket' }), 'locally nothing stands in between');
});

t.test('Given MODE=aws, when both the timer and the jobs are off, then it is refused', async (t) => {
  t.strictSame(blamed({ ...AWS, RECONCILE_TIMER: 'off', CRON_JOBS: 'off' }), ['RECONCILE_TIMER']);
  t.doesNotThrow(() => loadConfig({ ...AWS, RECONCILE_TIMER: 'off' }));
  t.doesNotThrow(() => loadConfig({ RECONCILE_TIMER: 'off', CRON_JOBS: 'off' }));
});
