import t from 'tap';
import { createGitlabClient } from '../../src/adapters/gitlab-client.ts';
import { createGitlabDispatcher } from '../../src/adapters/gitlab-exchange.ts';
import { createTokenExpiry, tokenExpiryCheck } from '../../src/adapters/gitlab-token-expiry.ts';
import { createGitlabSimulator, SIMULATOR_TOKEN } from '../../src/local/gitlab-simulator/simulator.ts';
import { maskSecrets } from '../../src/masking/mask.ts';
import { BAD_GATEWAY_PAGE, type Shape } from './gitlab-answers.ts';
import { createGitlabWorld, createTestClock, createTestLog, failureOf, showsToken, TOKENS } from './gitlab-world.ts';

const SELF = '/api/v4/personal_access_tokens/self';
const DAY_MS = 86_400_000;
const EXPIRES_AT = Date.parse('2026-12-15T00:00:00Z');
/** The clock of the tests starts at 2026-11-20T09:00Z, which is so long before that. */
const UNTIL_EXPIRY_MS = EXPIRES_AT - Date.parse('2026-11-20T09:00:00Z');

const telling = (expiresAt: unknown, scopes: unknown = ['api']): Shape => ({
  status: 200,
  body: { id: 4_711, name: 'demo', revoked: false, active: true, scopes, expires_at: expiresAt },
});

/** The watch over a GitLab that tells this; `tell` changes it, `setToken` is a rotation. */
const setUp = (first: Shape) => {
  const world = createGitlabWorld();
  let told = first;
  let token = TOKENS.current;
  world.answer('GET', SELF, () => told, { times: Number.POSITIVE_INFINITY });
  const { client, clock, log } = world;
  const expiry = createTokenExpiry({ client, token: { current: async () => token }, clock, log });
  return {
    ...world,
    expiry,
    check: () => expiry.check(),
    asked: () => world.seen.splice(0).length,
    tell: (shape: Shape) => {
      told = shape;
    },
    setToken: (to: string) => {
      token = to;
    },
    expiringEvents: () => world.events.filter(({ name }) => name === 'gitlab.token_expiring'),
  };
};

t.test('Given a date, when it is asked, then the token expires as that day begins in UTC', async (t) => {
  const world = setUp(telling('2026-12-15'));
  t.teardown(world.close);
  t.same(await world.check(), { expiresAt: EXPIRES_AT, isNear: false, mayBuild: true });
  t.equal(world.seen[0]?.url.pathname, SELF);
  t.same(world.names(), []);
});

t.test('Given 14 days and a millisecond, when one passes, then it is near and told to the owner', async (t) => {
  const world = setUp(telling('2026-12-15'));
  t.teardown(world.close);
  const check = tokenExpiryCheck(world.expiry);
  world.pass(UNTIL_EXPIRY_MS - 14 * DAY_MS - 1);
  const text = 'GitLab’s token expires on 2026-12-15, as that day begins in UTC.';
  t.equal(await check(), text);
  t.same(world.expiringEvents(), []);
  world.pass(1);
  t.equal((await failureOf(check())).message, text);
  t.equal(maskSecrets(text), text, 'the masker leaves it readable');
  t.same(world.expiringEvents(), [
    {
      level: 'warn',
      name: 'gitlab.token_expiring',
      fields: { expiresAt: '2026-12-15T00:00:00.000Z', leftMs: 14 * DAY_MS },
    },
  ]);
  t.equal(world.asked(), 1, 'it came near without being asked again');
});

t.test('Given three days, when one millisecond less is left, then it is an error', async (t) => {
  const world = setUp(telling('2026-12-15'));
  t.teardown(world.close);
  world.pass(UNTIL_EXPIRY_MS - 3 * DAY_MS);
  await world.check();
  world.pass(1);
  await world.check();
  world.pass(3 * DAY_MS);
  t.match(await world.check(), { isNear: true }, 'it stays so when it has expired');
  t.same(
    world.expiringEvents().map(({ level }) => level),
    ['warn', 'error', 'error'],
  );
});

t.test('Given many checks, when a day has not passed, then it is neither asked nor told again', async (t) => {
  const world = setUp(telling('2026-11-30'));
  t.teardown(world.close);
  await Promise.all(Array.from({ length: 100 }, () => world.check()));
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    await world.check();
    world.pass(60_000);
  }
  world.pass(-1);
  await world.check();
  t.equal(world.asked(), 1);
  t.equal(world.expiringEvents().length, 1);
  world.pass(1);
  await world.check();
  t.equal(world.asked(), 1);
  t.equal(world.expiringEvents().length, 2);
});

t.test('Given a token that expires soon, when there is a new one, then that one is asked at once', async (t) => {
  const world = setUp(telling('2026-11-22'));
  t.teardown(world.close);
  t.match(await world.check(), { isNear: true });
  world.tell(telling('2027-11-19'));
  t.match(await world.check(), { isNear: true });
  world.setToken(TOKENS.newest);
  t.same(await world.check(), { expiresAt: Date.parse('2027-11-19T00:00:00Z'), isNear: false, mayBuild: true });
  t.equal(world.asked(), 2);
  t.notOk(showsToken(world.events));
});

t.test('Given a question without an answer, when ten minutes have passed, then it is asked again', async (t) => {
  const world = setUp(telling('2026-11-30'));
  t.teardown(world.close);
  await world.check();
  t.equal(world.asked(), 1);
  world.tell(BAD_GATEWAY_PAGE);
  world.pass(DAY_MS);
  t.match(await world.check(), { isNear: true }, 'what was known stands');
  t.equal(world.asked(), 3, 'three tries are one question');
  world.tell(telling('2027-11-19'));
  world.pass(599_999);
  t.match(await world.check(), { isNear: true });
  t.equal(world.asked(), 0);
  world.pass(1);
  t.match(await world.check(), { isNear: false });
  t.equal(world.asked(), 1);
  t.equal(world.names().filter((name) => name === 'gitlab.token_expiry_unknown').length, 1);
});

t.test('Given another token of which nothing is told, then the date of the one before does not stand', async (t) => {
  const world = setUp(telling('2026-11-22'));
  t.teardown(world.close);
  t.match(await world.check(), { isNear: true });
  world.setToken(TOKENS.newest);
  world.tell(BAD_GATEWAY_PAGE);
  t.same(await world.check(), { expiresAt: null, isNear: false, mayBuild: true });
});

for (const shape of [
  telling(null),
  telling(undefined),
  {
    status: 400,
    body: { message: '400 Bad request - This endpoint requires token type to be a personal access token' },
  },
  { status: 403, body: { message: '403 Forbidden' } },
  { status: 404, body: { message: '404 Not found' } },
]) {
  t.test(`Given ${JSON.stringify(shape)}, when it is asked, then no date is known and that is no error`, async (t) => {
    const world = setUp(shape);
    t.teardown(world.close);
    t.same(await world.check(), { expiresAt: null, isNear: false, mayBuild: true });
    t.equal(await tokenExpiryCheck(world.expiry)(), undefined);
    world.pass(DAY_MS - 1);
    await world.check();
    t.equal(world.asked(), 1, 'for that day it is an answer');
    t.same(world.names(), []);
  });
}

for (const date of ['soon', '2026-13-45', '2026-12-15T00:00:00Z', 20_261_215, {}]) {
  t.test(`Given ${JSON.stringify(date)} for a date, when it is asked, then it is unknown and told`, async (t) => {
    const world = setUp(telling(date));
    t.teardown(world.close);
    t.same(await world.check(), { expiresAt: null, isNear: false, mayBuild: true });
    t.same(world.names(), ['gitlab.token_expiry_unknown']);
  });
}

t.test('Given a token nobody accepts, when it is asked, then what was known stands', async (t) => {
  const world = setUp(telling('2026-11-21'));
  t.teardown(world.close);
  await world.check();
  world.tell({ status: 401, body: { error: 'invalid_token', error_description: 'Token is expired.' } });
  world.pass(DAY_MS);
  t.same(await world.check(), { expiresAt: Date.parse('2026-11-21T00:00:00Z'), isNear: true, mayBuild: true });
  t.ok(world.names().includes('gitlab.unauthorized'));
});

t.test('Given no token, when it is asked, then GitLab is not, and nothing is known', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const { client, clock, log } = world;
  const token = { current: () => Promise.reject(new Error('made up')) };
  const expiry = createTokenExpiry({ client, token, clock, log });
  t.same(await expiry.check(), { expiresAt: null, isNear: false, mayBuild: true });
  t.equal(world.seen.length, 0);
});

t.test('Given the scopes of a token, when they lack the one that is needed, then it may not build', async (t) => {
  for (const [scopes, mayBuild] of [
    [['api'], true],
    [['read_api', 'api'], true],
    [['read_api', 'read_repository'], false],
    [[], false],
    [undefined, true],
    ['api', true],
  ] as const) {
    const world = setUp(telling('2026-12-15', scopes));
    t.equal((await world.check()).mayBuild, mayBuild, JSON.stringify(scopes));
    world.close();
  }
});

t.test('Given the simulator, when its token expires in 14 or 15 days, then only the former is near', async (t) => {
  const time = createTestClock();
  const simulator = createGitlabSimulator({ now: time.clock.now });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const dispatcher = createGitlabDispatcher();
  t.teardown(async () => {
    await dispatcher.destroy();
    await simulator.close();
  });
  const { log, names } = createTestLog();
  const token = { current: async () => SIMULATOR_TOKEN, refresh: async () => null, previous: async () => null };
  const client = createGitlabClient({
    baseUrl: origin,
    project: 'demo/eks-demo',
    token,
    dispatcher,
    clock: time.clock,
    log,
    wait: time.wait,
    random: () => 0.5,
  });
  const standing = () => createTokenExpiry({ client, token, clock: time.clock, log }).check();
  t.match(await standing(), { isNear: false }, 'it lasts a year');
  simulator.control.setFault('token-expiring', { days: 15 });
  t.same(await standing(), { expiresAt: Date.parse('2026-12-05T00:00:00Z'), isNear: false, mayBuild: true });
  simulator.control.setFault('token-expiring', { days: 14 });
  t.same(await standing(), { expiresAt: Date.parse('2026-12-04T00:00:00Z'), isNear: true, mayBuild: true });
  t.same(names(), ['gitlab.token_expiring']);
});
