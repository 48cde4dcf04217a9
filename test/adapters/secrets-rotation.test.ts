import t from 'tap';
import { gitlabFailureOf } from '../../src/adapters/gitlab-failure.ts';
import { tokenSourceOf } from '../../src/adapters/secrets.ts';
import { SECRET_VALUES } from './fake-secrets-manager.ts';
import { API, createGitlabWorld, failureOf } from './gitlab-world.ts';
import { createBootedSecretsWorld } from './secrets-under-test.ts';

const OLD = SECRET_VALUES.gitlabToken;
const NEXT = 'made-up-gitlab-token-2';
const CURRENT = 'gitlabToken AWSCURRENT';
const PREVIOUS = 'gitlabToken AWSPREVIOUS';

t.test('Given a refused value, when a hundred ask for a newer one at once, then it is read once', async (t) => {
  const { manager, secrets } = await createBootedSecretsWorld();
  manager.rotate('gitlabToken', NEXT);
  const found = await Promise.all(Array.from({ length: 100 }, () => secrets.refetch('gitlabToken', OLD)));
  t.same(new Set(found), new Set([NEXT]));
  t.same(manager.takeCalls(), [CURRENT]);
  t.equal(await secrets.refetch('gitlabToken', OLD), NEXT, 'who comes late with the old one is told');
  t.equal(secrets.held('gitlabToken'), NEXT);
  t.same(manager.calls, []);
});

t.test('Given a reading under way that brings the old value, when it is refused, then one more is made', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  clock.advance(300_000);
  const answer = manager.hold();
  const reading = secrets.read('gitlabToken');
  const refetching = Promise.all(Array.from({ length: 10 }, () => secrets.refetch('gitlabToken', OLD)));
  answer();
  t.equal(await reading, OLD);
  t.same(
    await refetching,
    Array.from({ length: 10 }, () => null),
  );
  t.same(manager.takeCalls(), [CURRENT, CURRENT]);
});

t.test('Given no newer value, when it is asked for again, then it is read once in 30 seconds', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  const ask = async () => {
    for (let request = 0; request < 100; request += 1) t.equal(await secrets.refetch('gitlabToken', OLD), null);
    return manager.takeCalls().length;
  };
  t.equal(await ask(), 1);
  clock.advance(29_999);
  t.equal(await ask(), 0);
  clock.advance(1);
  t.equal(await ask(), 1);
  t.same(manager.calls, [], 'and no other secret was touched');
});

t.test('Given an outage, when a newer value is asked for, then there is none and the old one stays', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  manager.rotate('gitlabToken', NEXT);
  manager.refuse('AccessDeniedException');
  t.equal(await secrets.refetch('gitlabToken', OLD), null);
  t.equal(await secrets.previous('gitlabToken'), null);
  t.equal(await secrets.read('gitlabToken'), OLD);
  t.match((await failureOf(secrets.freshen())).message, /demo\/gitlab-token/, 'which is told');
  manager.refuse(null);
  clock.advance(10_000);
  await secrets.freshen();
  t.equal(secrets.held('gitlabToken'), NEXT, 'and made up for before five minutes have passed');
});

t.test(
  'Given an outage that is just over, when a newer value is on its way, then whoever reads waits for it',
  async (t) => {
    const { manager, clock, secrets } = await createBootedSecretsWorld();
    manager.refuse('AccessDeniedException');
    clock.advance(300_000);
    t.equal(await secrets.read('gitlabToken'), OLD);
    manager.refuse(null);
    manager.rotate('gitlabToken', NEXT);
    const answer = manager.hold();
    const refetching = secrets.refetch('gitlabToken', OLD);
    // The forced reading begins once the earlier one is known to be over.
    await Promise.resolve();
    const reading = secrets.read('gitlabToken');
    answer();
    t.same(await Promise.all([refetching, reading]), [NEXT, NEXT]);
  },
);

t.test(
  'Given a value that is too old to be used, when another was refused, then it is not the newer one',
  async (t) => {
    const { manager, clock, secrets } = await createBootedSecretsWorld();
    manager.refuse('AccessDeniedException');
    clock.advance(3_600_000);
    t.equal(await secrets.refetch('gitlabToken', 'made-up-gitlab-token-0'), OLD);
    clock.advance(1);
    t.equal(await secrets.refetch('gitlabToken', 'made-up-gitlab-token-0'), null);
  },
);

t.test('Given an answer that took a minute, when its age is counted, then from when it was asked for', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  clock.advance(300_000);
  const answer = manager.hold();
  const reading = secrets.read('gitlabToken');
  clock.advance(60_000);
  answer();
  await reading;
  manager.takeCalls();
  clock.advance(239_999);
  await secrets.read('gitlabToken');
  t.same(manager.takeCalls(), []);
  clock.advance(1);
  await secrets.read('gitlabToken');
  t.same(manager.takeCalls(), [CURRENT]);
});

t.test('Given a previous version, when it is asked for, then it is read then and kept', async (t) => {
  const { manager, clock, secrets, names } = await createBootedSecretsWorld();
  t.equal(await secrets.previous('gitlabToken'), null, 'there is none before the first rotation');
  t.same(names(), [], 'which is no failure');
  t.same(manager.takeCalls(), [PREVIOUS]);
  manager.rotate('gitlabToken', NEXT);
  t.equal(await secrets.previous('gitlabToken'), null, 'which is kept too');
  t.same(manager.takeCalls(), []);
  await secrets.refetch('gitlabToken', OLD);
  manager.takeCalls();
  const crowd = await Promise.all(Array.from({ length: 100 }, () => secrets.previous('gitlabToken')));
  t.same(new Set(crowd), new Set([OLD]));
  t.same(manager.takeCalls(), [PREVIOUS], 'a new value makes it worth asking again');
  clock.advance(299_999);
  t.equal(await secrets.previous('gitlabToken'), OLD);
  t.same(manager.takeCalls(), []);
  clock.advance(1);
  t.equal(await secrets.previous('gitlabToken'), OLD);
  t.same(manager.takeCalls(), [PREVIOUS]);
});

t.test('Given an outage, when the previous version is asked for, then it is asked once in ten seconds', async (t) => {
  const { manager, clock, secrets, names } = await createBootedSecretsWorld();
  manager.rotate('gitlabToken', NEXT);
  manager.refuse('AccessDeniedException');
  const ask = async () => {
    for (let request = 0; request < 10; request += 1) t.equal(await secrets.previous('gitlabToken'), null);
    return manager.takeCalls().length;
  };
  t.equal(await ask(), 1);
  clock.advance(9_999);
  t.equal(await ask(), 0);
  t.same(names(), ['secrets.unreadable']);
  manager.refuse(null);
  clock.advance(1);
  t.equal(await secrets.previous('gitlabToken'), OLD);
});

t.test('Given many rotations, then the masker knows the latest four values of each secret and no more', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  for (let rotation = 2; rotation <= 10; rotation += 1) {
    manager.rotate('gitlabToken', `made-up-gitlab-token-${rotation}`);
    clock.advance(300_000);
    await secrets.freshen();
  }
  const latest = [10, 9, 8, 7].map((rotation) => `made-up-gitlab-token-${rotation}`);
  t.same(secrets.known(), [...latest, SECRET_VALUES.ownerToken, SECRET_VALUES.signingKey]);
  t.same(secrets.earlier('gitlabToken'), latest.slice(1));
  await secrets.previous('gitlabToken');
  t.equal(secrets.held('gitlabToken'), latest[0]);
  t.ok(secrets.known().includes('made-up-gitlab-token-9'), 'so it does the previous version');
  manager.rotate('gitlabToken', 'made-up-gitlab-token-9');
  clock.advance(300_000);
  await secrets.freshen();
  t.notOk(secrets.earlier('gitlabToken').includes('made-up-gitlab-token-9'), 'what is current again is not earlier');
});

const UNAUTHORIZED = { status: 401, body: { message: '401 Unauthorized' } };
const READ = { method: 'GET', path: 'pipelines/7', isRepeatable: true } as const;

/** GitLab's client with its token from Secrets Manager, and a GitLab that accepts some tokens only. */
const setUpGitlab = async (accepted: readonly string[]) => {
  const world = await createBootedSecretsWorld();
  const gitlab = createGitlabWorld({ token: tokenSourceOf(world.secrets), clock: world.clock });
  gitlab.answer(
    'GET',
    `${API}/pipelines/7`,
    ({ headers }) =>
      accepted.includes(headers['private-token'] ?? '') ? { status: 200, body: { id: 7 } } : UNAUTHORIZED,
    { times: Number.POSITIVE_INFINITY },
  );
  const used = () => gitlab.seen.splice(0).map(({ headers }) => headers['private-token']);
  return { ...world, gitlab, used };
};

t.test('Given a rotation, when GitLab refuses the old token, then the new one is used at once', async (t) => {
  const { manager, gitlab, used } = await setUpGitlab([NEXT]);
  t.teardown(gitlab.close);
  manager.rotate('gitlabToken', NEXT);
  t.equal((await gitlab.client.send(READ)).status, 200);
  t.same(used(), [OLD, NEXT]);
  t.same(manager.takeCalls(), [CURRENT]);
  t.equal((await gitlab.client.send(READ)).status, 200);
  t.same(used(), [NEXT], 'and from then on alone');
  t.same(manager.calls, []);
  t.same(gitlab.names(), []);
});

t.test('Given a rotation that GitLab does not know yet, when it refuses, then the one before is used', async (t) => {
  const { manager, gitlab, clock, used } = await setUpGitlab([OLD]);
  t.teardown(gitlab.close);
  manager.rotate('gitlabToken', NEXT);
  clock.advance(300_000);
  t.equal((await gitlab.client.send(READ)).status, 200);
  t.same(used(), [NEXT, OLD]);
  t.same(gitlab.names(), []);
});

t.test('Given a GitLab that refuses all for an hour, then nobody is hammered and the alarm is raised', async (t) => {
  const { manager, gitlab, clock, used } = await setUpGitlab([]);
  t.teardown(gitlab.close);
  manager.rotate('gitlabToken', NEXT);
  for (let second = 0; second < 3_600; second += 5) {
    const errors = await Promise.all([1, 2, 3].map(() => failureOf(gitlab.client.send(READ))));
    for (const error of errors) t.equal(gitlabFailureOf(error)?.kind, 'unauthorized');
    clock.advance(5_000);
  }
  t.ok(manager.calls.length <= 3_600 / 30 + 3_600 / 300 + 1, `${manager.calls.length} reads of secrets in an hour`);
  t.ok(used().length <= (3_600 / 10) * 3 * 2, 'one try of both tokens after each pause');
  t.same(
    gitlab.events.map(({ level, name }) => [level, name]),
    Array.from({ length: 12 }, () => ['error', 'gitlab.unauthorized']),
    'once in five minutes',
  );
});
