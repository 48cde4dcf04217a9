import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { rateOf } from '../../src/adapters/scheduler-schedule.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { ACCOUNT, type SchedulerError, type SchedulerFault } from './fake-scheduler.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';
import { failureOf } from './gitlab-world.ts';
import { createSchedulerWorld, type SchedulerWorld } from './scheduler-under-test.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVERY_MS = 3 * HOUR_MS;
const NAME = `demo-${DEPLOYMENT}`;
const PATH = `/schedules/${NAME}`;

const TARGET = {
  Arn: 'arn:aws:scheduler:::aws-sdk:codebuild:startBuild',
  RoleArn: 'arn:aws:iam::123456789012:role/demo-scheduler',
  Input:
    `{"ProjectName":"demo-destroy","EnvironmentVariablesOverride":` +
    `[{"Name":"DEPLOYMENT_ID","Type":"PLAINTEXT","Value":"${DEPLOYMENT}"}]}`,
  RetryPolicy: { MaximumEventAgeInSeconds: 7_200, MaximumRetryAttempts: 185 },
  DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:demo-destroy-failed' },
};

/** The whole of a schedule, as it is sent. */
const bodyWith = (firstRunAt: number, expression = 'rate(180 minutes)') => ({
  GroupName: 'demo-on-demand',
  Description: `Destroys demo ${DEPLOYMENT} if nothing else has.`,
  ScheduleExpression: expression,
  StartDate: firstRunAt / 1_000,
  FlexibleTimeWindow: { Mode: 'OFF' },
  State: 'ENABLED',
  ActionAfterCompletion: 'NONE',
  Target: TARGET,
});

const arm = ({ destroyer, clock }: SchedulerWorld, firstRunAt = clock.now() + 7 * HOUR_MS): Promise<void> =>
  destroyer.arm(DEPLOYMENT, firstRunAt, EVERY_MS);

/** Asserts the failure and its reason, and that nothing of AWS's answer is in it. */
const isUnavailable = async (t: Test, work: Promise<unknown>, reason: string): Promise<void> => {
  const error = await failureOf(work);
  t.ok(isDemoError(error, 'SECOND_DESTROYER_UNAVAILABLE'), reason);
  t.match(error.cause, { name: 'SchedulerFailure', message: reason });
  const all = inspect(error, { depth: 20, showHidden: true });
  t.notOk(all.includes(ACCOUNT) || all.includes('simulated for'), 'no account and no word of the answer');
};

t.test('Given a deployment, when it is armed, then the request is exactly this one', async (t) => {
  const world = createSchedulerWorld();
  const firstRunAt = world.clock.now() + 7 * HOUR_MS;
  await arm(world, firstRunAt);
  const [request, ...others] = world.scheduler.sent;
  t.same(others, []);
  t.match(request?.body.ClientToken, /^[\w-]{1,64}$/, 'which the SDK makes');
  const { ClientToken: _token, ...body } = request?.body ?? {};
  t.strictSame({ ...request, body }, { method: 'POST', path: PATH, query: {}, body: bodyWith(firstRunAt) });
});

t.test('Given it is armed, when it is hastened, then all fields are sent again', async (t) => {
  const world = createSchedulerWorld();
  await arm(world);
  world.scheduler.sent.splice(0);
  await world.destroyer.hasten(DEPLOYMENT);
  const [read, update, ...others] = world.scheduler.sent;
  t.same(others, []);
  t.strictSame(read, { method: 'GET', path: PATH, query: { groupName: 'demo-on-demand' }, body: {} });
  const { ClientToken: _token, ...body } = update?.body ?? {};
  const expected = bodyWith(world.clock.now() + 3 * MINUTE_MS);
  t.strictSame({ ...update, body }, { method: 'PUT', path: PATH, query: {}, body: expected });
});

t.test('Given it is disarmed or listed, then the requests name the group', async (t) => {
  const { destroyer, scheduler } = createSchedulerWorld();
  await destroyer.disarm(DEPLOYMENT);
  await destroyer.list();
  const [removal, list] = scheduler.sent;
  t.match(removal, { method: 'DELETE', path: PATH, query: { groupName: 'demo-on-demand' }, body: {} });
  t.strictSame(list, {
    method: 'GET',
    path: '/schedules',
    query: { ScheduleGroup: 'demo-on-demand', NamePrefix: 'demo-', MaxResults: '100' },
    body: {},
  });
});

t.test('Given anything is done, then no request is without the group', async (t) => {
  const world = createSchedulerWorld();
  await arm(world);
  await arm(world);
  await world.destroyer.hasten(DEPLOYMENT);
  await world.destroyer.list();
  await world.destroyer.disarm(DEPLOYMENT);
  const groups = world.scheduler.sent.map(
    ({ query, body }) => body.GroupName ?? query.groupName ?? query.ScheduleGroup,
  );
  t.equal(groups.length, 7);
  t.ok(groups.every((group) => group === 'demo-on-demand'));
});

t.test('Given a period, when it is put into minutes, then it is rounded up and a minute at least', async (t) => {
  for (const [everyMs, expression] of [
    [1, 'rate(1 minute)'],
    [MINUTE_MS, 'rate(1 minute)'],
    [MINUTE_MS + 1, 'rate(2 minutes)'],
    [2 * MINUTE_MS, 'rate(2 minutes)'],
    [EVERY_MS - 1, 'rate(180 minutes)'],
    [EVERY_MS, 'rate(180 minutes)'],
    [EVERY_MS + 1, 'rate(181 minutes)'],
  ] as const) {
    t.equal(rateOf(everyMs), expression, `${everyMs} ms`);
  }
});

t.test('Given a first run near or past, when it is armed, then it lies three minutes ahead', async (t) => {
  const soonMs = 3 * MINUTE_MS;
  for (const [aheadMs, expectedMs] of [
    [soonMs + 1_000, soonMs + 1_000],
    [soonMs, soonMs],
    [soonMs - 1_000, soonMs],
    [0, soonMs],
    [-30 * 24 * HOUR_MS, soonMs],
  ] as const) {
    const world = createSchedulerWorld();
    await arm(world, world.clock.now() + aheadMs);
    const { StartDate } = world.scheduler.schedules.get(NAME) ?? {};
    t.equal(Number(StartDate) * 1_000 - world.clock.now(), expectedMs, `${aheadMs} ms`);
  }
});

t.test('Given our clock is two minutes late, when it runs soon, then that is still to come on AWS', async (t) => {
  const oursIsLateMs = 2 * MINUTE_MS;
  const world = createSchedulerWorld({ oursIsLateMs });
  await arm(world, world.clock.now());
  await world.destroyer.hasten(DEPLOYMENT);
  const { StartDate } = world.scheduler.schedules.get(NAME) ?? {};
  t.ok(Number(StartDate) * 1_000 > world.clock.now() + oursIsLateMs);
});

t.test(
  'Given our clock is far too late, when it runs soon, then the refusal is told; a start is not held up',
  async (t) => {
    const world = createSchedulerWorld({ oursIsLateMs: 3 * MINUTE_MS + 5 * MINUTE_MS + 1_000 });
    await isUnavailable(t, arm(world, world.clock.now()), 'arm: ValidationException');
    await arm(world);
    t.equal(world.scheduler.schedules.size, 1, 'a first run in hours is none of a clock’s business');
    await isUnavailable(t, world.destroyer.hasten(DEPLOYMENT), 'hasten: ValidationException');
  },
);

t.test('Given AWS finds the time of a signature wrong, then the SDK corrects it and asks again', async (t) => {
  const world = createSchedulerWorld();
  world.scheduler.faults.push('skewed');
  await arm(world);
  t.equal(world.scheduler.sent.length, 2);
  t.equal(world.scheduler.schedules.size, 1);
});

t.test('Given a request or its reply is lost twice, then the third try counts and it is one schedule', async (t) => {
  for (const faults of [
    ['lose-request', 'lose-request'],
    ['lose-reply', 'lose-reply'],
    ['lose-request', 'lose-reply'],
    ['internal-error', 'lose-reply'],
  ] satisfies SchedulerFault[][]) {
    const world = createSchedulerWorld();
    world.scheduler.faults.push(...faults);
    await arm(world);
    t.equal(world.scheduler.sent.length, 3, faults.join());
    t.equal(new Set(world.scheduler.sent.map(({ body }) => body.ClientToken)).size, 1, 'with one client token');
    t.equal(world.scheduler.schedules.size, 1);
    world.scheduler.faults.push(...faults);
    await world.destroyer.hasten(DEPLOYMENT);
    world.scheduler.faults.push(...faults);
    await world.destroyer.disarm(DEPLOYMENT);
    t.equal(world.scheduler.schedules.size, 0, 'a removal meets its own and is done');
  }
});

t.test('Given two calls, when both arm it, then each has a client token of its own', async (t) => {
  const world = createSchedulerWorld();
  await arm(world);
  await world.destroyer.disarm(DEPLOYMENT);
  await arm(world);
  const tokens = world.scheduler.sent.filter(({ method }) => method === 'POST').map(({ body }) => body.ClientToken);
  t.equal(new Set(tokens).size, 2, 'or the second would be taken for the first, which was removed');
  t.equal(world.scheduler.schedules.size, 1);
});

t.test('Given it goes on failing, when three tries are over, then it is unavailable', async (t) => {
  for (const [fault, reason] of [
    ['lose-request', 'list: ECONNRESET'],
    ['internal-error', 'list: InternalServerException'],
    ['throttle', 'list: ThrottlingException'],
  ] satisfies [SchedulerFault, string][]) {
    const { destroyer, scheduler } = createSchedulerWorld();
    scheduler.faults.push(fault, fault, fault, fault);
    await isUnavailable(t, destroyer.list(), reason);
    t.equal(scheduler.sent.length, 3, `${reason}: three and no more`);
  }
});

t.test('Given it is throttled once, then it waits and asks again', async (t) => {
  const world = createSchedulerWorld();
  world.scheduler.faults.push('throttle');
  await arm(world);
  t.equal(world.scheduler.sent.length, 2);
});

t.test('Given AWS refuses, when anything is asked, then it is asked once and the reason has its name', async (t) => {
  for (const error of [
    'AccessDeniedException',
    'ServiceQuotaExceededException',
    'ValidationException',
  ] satisfies SchedulerError[]) {
    const world = createSchedulerWorld();
    await arm(world);
    world.scheduler.sent.splice(0);
    world.scheduler.refuse(error);
    await isUnavailable(t, arm(world), `arm: ${error}`);
    await isUnavailable(t, world.destroyer.disarm(DEPLOYMENT), `disarm: ${error}`);
    await isUnavailable(t, world.destroyer.hasten(DEPLOYMENT), `hasten: ${error}`);
    await isUnavailable(t, world.destroyer.list(), `list: ${error}`);
    t.equal(world.scheduler.sent.length, 4, 'none of them is worth a second try');
  }
});

t.test('Given the group is not there, then nothing is armed, and nothing is left to disarm', async (t) => {
  const world = createSchedulerWorld();
  world.scheduler.removeGroup();
  await isUnavailable(t, arm(world), 'arm: ResourceNotFoundException');
  await isUnavailable(t, world.destroyer.list(), 'list: ResourceNotFoundException');
  await world.destroyer.disarm(DEPLOYMENT);
});

const INPUTS = {
  'another deployment': TARGET.Input.replace(DEPLOYMENT, OTHER_DEPLOYMENT),
  'no deployment': '{"ProjectName":"demo-destroy"}',
  'another variable': TARGET.Input.replace('DEPLOYMENT_ID', 'DEPLOYMENT'),
  'no JSON': 'now',
  'JSON of another kind': '[null]',
  'variables of another kind': '{"EnvironmentVariablesOverride":[null,"DEPLOYMENT_ID"]}',
};

t.test('Given the name is taken by what destroys something else, then it is no net and is left alone', async (t) => {
  const targets = [
    ...Object.entries(INPUTS).map(([what, Input]) => ({ what, Target: { ...TARGET, Input } })),
    { what: 'no input', Target: { Arn: TARGET.Arn, RoleArn: TARGET.RoleArn } },
    { what: 'another target', Target: { ...TARGET, Arn: 'arn:aws:scheduler:::aws-sdk:codebuild:stopBuild' } },
    { what: 'no target', Target: undefined },
  ];
  for (const { what, Target } of targets) {
    const world = createSchedulerWorld();
    const foreign = { ...bodyWith(world.clock.now()), Target };
    world.scheduler.schedules.set(NAME, foreign);
    await isUnavailable(t, arm(world), 'arm: the schedule of that name is for something else');
    await isUnavailable(
      t,
      world.destroyer.hasten(DEPLOYMENT),
      'hasten: the schedule of that name is for something else',
    );
    t.equal(world.scheduler.schedules.get(NAME), foreign, what);
  }
});

t.test('Given the name is taken by a schedule that differs in anything that matters, then it is no net', async (t) => {
  const world = createSchedulerWorld();
  const firstRunAt = world.clock.now() + 7 * HOUR_MS;
  const ours = bodyWith(firstRunAt);
  const inTarget = (fields: object) => ({ ...ours, Target: { ...TARGET, ...fields } });
  const project = TARGET.Input.replace('demo-destroy', 'another-project');
  const more = TARGET.Input.replace('{"ProjectName"', '{"TimeoutInMinutesOverride":5,"ProjectName"');
  for (const [stands, flaw] of [
    [inTarget({ Input: project }), 'is for something else'],
    [inTarget({ Input: more }), 'is for something else'],
    [inTarget({ RoleArn: 'arn:aws:iam::123456789012:role/another' }), 'has another role'],
    [inTarget({ DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:x' } }), 'has another dead-letter queue'],
    [inTarget({ DeadLetterConfig: undefined }), 'has another dead-letter queue'],
    [{ ...ours, State: 'DISABLED' }, 'is switched off'],
    [{ ...ours, EndDate: firstRunAt / 1_000 + 1 }, 'has an end'],
    [bodyWith(firstRunAt, 'rate(365 days)'), 'has another rate'],
    [bodyWith(firstRunAt, 'at(2026-11-20T16:00:00)'), 'has another rate'],
    [bodyWith(firstRunAt + 1_000), 'begins too late'],
    [ours, null],
    [bodyWith(firstRunAt - 1_000), null],
    [{ ...ours, StartDate: undefined }, null],
  ] as const) {
    world.scheduler.schedules.set(NAME, stands);
    const armed = world.destroyer.arm(DEPLOYMENT, firstRunAt, EVERY_MS);
    if (flaw === null) await armed;
    else await isUnavailable(t, armed, `arm: the schedule of that name ${flaw}`);
    t.equal(world.scheduler.schedules.get(NAME), stands, 'it is left alone');
  }
});

t.test('Given our schedule was switched off, then it is no net, until it is hastened', async (t) => {
  const world = createSchedulerWorld();
  world.scheduler.schedules.set(NAME, { ...bodyWith(world.clock.now()), State: 'DISABLED' });
  await isUnavailable(t, arm(world), 'arm: the schedule of that name is switched off');
  await world.destroyer.hasten(DEPLOYMENT);
  t.match(world.scheduler.schedules.get(NAME), { State: 'ENABLED' });
  await arm(world);
});

t.test(
  'Given our schedule was given another rate or an end by hand, then hastening keeps the rate alone',
  async (t) => {
    const world = createSchedulerWorld();
    const byHand = { ...bodyWith(world.clock.now(), 'rate(1 hours)'), EndDate: 1, KmsKeyArn: 'arn' };
    world.scheduler.schedules.set(NAME, byHand);
    await world.destroyer.hasten(DEPLOYMENT);
    const hastened = world.scheduler.schedules.get(NAME);
    t.match(hastened, { ScheduleExpression: 'rate(1 hours)' });
    t.notOk('EndDate' in (hastened ?? {}), 'a net has no end');
    world.scheduler.schedules.set(NAME, bodyWith(world.clock.now(), 'cron(0 3 * * ? *)'));
    await isUnavailable(t, world.destroyer.hasten(DEPLOYMENT), 'hasten: the schedule of that name has no rate');
  },
);

t.test('Given it is removed between two requests, when it is armed or hastened, then that is told', async (t) => {
  const world = createSchedulerWorld();
  await arm(world);
  const { get } = world.scheduler.schedules;
  world.scheduler.schedules.get = (name) => {
    const found = get.call(world.scheduler.schedules, name);
    world.scheduler.schedules.delete(name);
    return found;
  };
  await isUnavailable(t, world.destroyer.hasten(DEPLOYMENT), 'hasten: ResourceNotFoundException');
  t.equal(world.scheduler.schedules.size, 0, 'an update makes none');
});

const idOf = (count: number): string => `0193f0a0-3333-7abc-8def-${String(count).padStart(12, '0')}`;

const withSchedules = (count: number): SchedulerWorld => {
  const world = createSchedulerWorld();
  for (let index = 0; index < count; index += 1) world.scheduler.schedules.set(`demo-${idOf(index)}`, {});
  return world;
};

t.test('Given as many pages as are read, when they are listed, then all of them; one more is told', async (t) => {
  const whole = withSchedules(20);
  whole.scheduler.page(1);
  t.equal((await whole.destroyer.list()).length, 20);
  t.same(whole.scheduler.sent[19]?.query.NextToken, '19');
  const tooMany = withSchedules(21);
  tooMany.scheduler.page(1);
  await isUnavailable(t, tooMany.destroyer.list(), 'list: more than 20 pages');
  t.equal(tooMany.scheduler.sent.length, 20);
});

t.test('Given a page is lost for good, when they are listed, then a part never counts as the whole', async (t) => {
  const { destroyer, scheduler } = withSchedules(6);
  scheduler.page(2);
  scheduler.faults.push('none', 'lose-request', 'lose-request', 'lose-request');
  await isUnavailable(t, destroyer.list(), 'list: ECONNRESET');
  t.equal(scheduler.sent.length, 4);
});

t.test('Given pages that go round in a circle, when they are listed, then that ends at once', async (t) => {
  const { destroyer, scheduler } = withSchedules(6);
  scheduler.page(2, { repeatingTokens: true });
  await isUnavailable(t, destroyer.list(), 'list: the pages go round in a circle');
  t.equal(scheduler.sent.length, 2);
});

t.test('Given answers that are none, when anything is asked, then it is unavailable', async (t) => {
  for (const text of ['<html>', '{"Schedules":', '{}', '', 'null', '{"Schedules":null}']) {
    const { destroyer, scheduler, clock } = createSchedulerWorld();
    scheduler.garble(text);
    await isUnavailable(t, destroyer.list(), 'list:');
    await isUnavailable(t, destroyer.hasten(DEPLOYMENT), 'hasten:');
    await isUnavailable(t, destroyer.arm(DEPLOYMENT, clock.now(), EVERY_MS), 'arm:');
  }
});

t.test('Given what is no id, when anything is asked for it, then no request is made', async (t) => {
  const { destroyer, scheduler, clock } = createSchedulerWorld();
  for (const id of ['', '../groups', DEPLOYMENT.toUpperCase()]) {
    const reason = 'the deployment id is not a lower-case UUID';
    await isUnavailable(t, destroyer.arm(id, clock.now(), EVERY_MS), `arm: ${reason}`);
    await isUnavailable(t, destroyer.disarm(id), `disarm: ${reason}`);
    await isUnavailable(t, destroyer.hasten(id), `hasten: ${reason}`);
  }
  t.same(scheduler.sent, []);
});
