import t, { type Test } from 'tap';
import { SECRET_NAMES, type SecretName } from '../../src/adapters/secrets.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { maskSecrets } from '../../src/masking/mask.ts';
import { defineSecretsContract } from '../contracts/secrets.ts';
import { SECRET_VALUES } from './fake-secrets-manager.ts';
import { failureOf } from './gitlab-world.ts';
import { createBootedSecretsWorld, createSecretsWorld, shows } from './secrets-under-test.ts';

const FRESH_MS = 5 * 60_000;
const USABLE_MS = 60 * 60_000;
const ONCE_EACH = SECRET_NAMES.map((name) => `${name} AWSCURRENT`);

const isUnavailable = async (t: Test, work: Promise<unknown>, why: RegExp): Promise<void> => {
  const error = await failureOf(work);
  t.ok(isDemoError(error, 'SECRETS_UNAVAILABLE'));
  t.match(error.cause, { name: 'SecretsFailure', message: why });
};

defineSecretsContract(t, 'Secrets Manager', (values) => createSecretsWorld(values).secrets);

t.test('Given a boot, when 1,000 requests come at once and 1,000 in turn, then each secret is read once', async (t) => {
  const { manager, secrets } = createSecretsWorld();
  const answer = manager.hold();
  const crowd = Array.from({ length: 1_000 }, () => Promise.all(SECRET_NAMES.map((name) => secrets.read(name))));
  const boot = secrets.freshen();
  answer();
  for (const values of await Promise.all(crowd)) t.same(values, Object.values(SECRET_VALUES));
  await boot;
  for (let request = 0; request < 1_000; request += 1) {
    for (const name of SECRET_NAMES) {
      secrets.held(name);
      await secrets.read(name);
    }
    await secrets.freshen();
  }
  t.same([...manager.calls].sort(), [...ONCE_EACH].sort());
});

t.test('Given a value, when it is a millisecond short of five minutes old, then nobody is asked', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  clock.advance(FRESH_MS - 1);
  await secrets.freshen();
  await secrets.read('gitlabToken');
  secrets.held('gitlabToken');
  t.same(manager.calls, []);
  clock.advance(1);
  await Promise.all(Array.from({ length: 100 }, () => secrets.read('gitlabToken')));
  t.same(manager.takeCalls(), ['gitlabToken AWSCURRENT'], 'a hundred at once are one request');
  await secrets.freshen();
  t.same(manager.takeCalls(), ['ownerToken AWSCURRENT', 'signingKey AWSCURRENT'], 'only what is old');
});

t.test('Given a value of five minutes, when it is needed at once, then the next one has the new value', async (t) => {
  const { manager, clock, secrets, events } = await createBootedSecretsWorld();
  manager.rotate('ownerToken', 'made-up-owner-token-2');
  clock.advance(FRESH_MS);
  t.equal(secrets.held('ownerToken'), SECRET_VALUES.ownerToken);
  t.equal(secrets.held('ownerToken'), SECRET_VALUES.ownerToken);
  await secrets.read('ownerToken');
  t.equal(secrets.held('ownerToken'), 'made-up-owner-token-2');
  t.same(secrets.earlier('ownerToken'), [SECRET_VALUES.ownerToken]);
  t.same(manager.calls, ['ownerToken AWSCURRENT']);
  t.same(events, [{ level: 'info', name: 'secrets.rotated', fields: { name: 'ownerToken' } }]);
});

t.test('Given an outage, when it lasts an hour, then the old value is used until then and not longer', async (t) => {
  const { manager, clock, secrets, events } = await createBootedSecretsWorld();
  manager.refuse('AccessDeniedException');
  clock.advance(USABLE_MS);
  t.equal(await secrets.read('signingKey'), SECRET_VALUES.signingKey);
  t.equal(secrets.held('signingKey'), SECRET_VALUES.signingKey);
  clock.advance(1);
  await isUnavailable(t, secrets.read('signingKey'), /demo\/signing-key-AbCdEf cannot be read: AccessDeniedException/);
  t.throws(() => secrets.held('signingKey'), { code: 'SECRETS_UNAVAILABLE' });
  manager.refuse(null);
  clock.advance(10_000);
  t.equal(await secrets.read('signingKey'), SECRET_VALUES.signingKey, 'it heals by itself');
  t.notOk(shows(SECRET_VALUES.signingKey, events));
});

t.test('Given an outage, when many ask, then it is asked once in ten seconds and told in five minutes', async (t) => {
  const { manager, clock, secrets, events } = await createBootedSecretsWorld();
  manager.refuse('AccessDeniedException');
  clock.advance(FRESH_MS);
  const crowd = async () => {
    for (let request = 0; request < 100; request += 1) {
      await secrets.read('gitlabToken');
      secrets.held('gitlabToken');
    }
  };
  await crowd();
  clock.advance(9_999);
  await crowd();
  t.equal(manager.takeCalls().length, 1);
  clock.advance(1);
  await crowd();
  t.equal(manager.takeCalls().length, 1);
  clock.advance(FRESH_MS - 10_001);
  await crowd();
  t.equal(events.length, 1);
  clock.advance(10_001);
  await crowd();
  const reason = 'demo/gitlab-token cannot be read: AccessDeniedException';
  const told = { level: 'warn', name: 'secrets.unreadable', fields: { name: 'gitlabToken', reason } };
  t.same(events, [told, told]);
});

t.test('Given a boot without rights, when it reads, then every secret is named and the log says error', async (t) => {
  const { manager, secrets, events } = createSecretsWorld();
  manager.refuse('AccessDeniedException');
  const error = await failureOf(secrets.freshen());
  t.equal(error.name, 'SecretsFailure');
  for (const name of ['demo/gitlab-token', 'demo/owner-token', 'demo/signing-key-AbCdEf']) {
    t.match(error.message, `${name} cannot be read: AccessDeniedException`);
  }
  t.notMatch(error.message, /123456789012/);
  t.equal(maskSecrets(error.message), error.message, 'the masker leaves it readable');
  t.same(await failureOf(secrets.freshen()), error, 'asked again at once it says the same');
  t.same(manager.calls, ONCE_EACH, 'without asking');
  t.same(
    events.map(({ level, name }) => [level, name]),
    SECRET_NAMES.map(() => ['error', 'secrets.unreadable']),
  );
  t.throws(() => secrets.held('gitlabToken'), { code: 'SECRETS_UNAVAILABLE' });
});

t.test('Given a failure while the old value is good, when freshened, then it is told and it is used', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  manager.rotate('ownerToken', 'short');
  clock.advance(FRESH_MS);
  t.equal((await failureOf(secrets.freshen())).message, 'demo/owner-token is shorter than 16 characters');
  t.equal(secrets.held('ownerToken'), SECRET_VALUES.ownerToken);
  manager.rotate('ownerToken', 'made-up-owner-token-2');
  clock.advance(10_000);
  await secrets.freshen();
  t.equal(secrets.held('ownerToken'), 'made-up-owner-token-2');
});

/** Not usable, and what is said about it; the text of each stands for a value that must not be shown. */
const UNUSABLE: readonly (readonly [name: SecretName, stored: string | Uint8Array, problem: string])[] = [
  ['ownerToken', '', 'is empty'],
  ['ownerToken', ' \n', 'is empty'],
  ['gitlabToken', Buffer.from('made-up-binary-value'), 'is binary where text is expected'],
  ['gitlabToken', '{"token":"made-up"}', 'is JSON where the value alone is expected, as plain text'],
  ['gitlabToken', '"made-up-quoted-value"', 'is JSON where the value alone is expected, as plain text'],
  ['gitlabToken', '["made-up-listed-value"]', 'is JSON where the value alone is expected, as plain text'],
  ['gitlabToken', 'made up with spaces', 'has characters that are not printable ASCII, or spaces'],
  ['gitlabToken', 'made-up-ünprintable', 'has characters that are not printable ASCII, or spaces'],
  ['gitlabToken', 'made-up', 'is shorter than 8 characters'],
  ['ownerToken', 'o'.repeat(15), 'is shorter than 16 characters'],
  ['signingKey', 's'.repeat(31), 'is shorter than 32 characters'],
  ['signingKey', 's'.repeat(4_097), 'is longer than 4096 characters'],
];

for (const [name, stored, problem] of UNUSABLE) {
  t.test(`Given a secret that ${problem}, when it is read, then that is said without showing it`, async (t) => {
    const { manager, secrets, events } = createSecretsWorld();
    manager.rotate(name, stored);
    const error = await failureOf(secrets.read(name));
    t.ok(isDemoError(error, 'SECRETS_UNAVAILABLE'));
    t.ok(error.cause instanceof Error && error.cause.message.endsWith(` ${problem}`));
    t.match(error.cause, { isFinal: true }, 'nobody but its owner can mend it');
    const value = typeof stored === 'string' ? stored.trim() : Buffer.from(stored).toString('base64');
    if (value !== '') t.notOk(shows(value, error, events, await failureOf(secrets.freshen())));
  });
}

for (const [name, stored] of [
  ['gitlabToken', 'made-up-'],
  ['ownerToken', 'o'.repeat(16)],
  ['signingKey', 's'.repeat(32)],
  ['signingKey', 's'.repeat(4_096)],
  ['gitlabToken', '1234567890'],
  ['gitlabToken', '{made-up-token}'],
] as const) {
  t.test(`Given a ${name} of ${stored.length} characters, when it ends in a line end, then that is cut`, async (t) => {
    const { manager, secrets } = createSecretsWorld();
    manager.rotate(name, `${stored}\r\n`);
    t.equal(await secrets.read(name), stored);
  });
}

t.test(
  'Given secrets of which one is refused for good, when they are freshened, then that is told apart',
  async (t) => {
    const { manager, secrets, clock } = createSecretsWorld();
    manager.remove('ownerToken');
    t.match(await failureOf(secrets.freshen()), {
      message: 'demo/owner-token cannot be read: ResourceNotFoundException',
      isFinal: true,
    });
    manager.refuse('AccessDeniedException');
    clock.advance(FRESH_MS);
    t.match(await failureOf(secrets.freshen()), { message: /AccessDeniedException; .*; /, isFinal: true });
    manager.refuse(null);
    manager.garble('<html>');
    clock.advance(FRESH_MS);
    t.match(await failureOf(secrets.freshen()), { isFinal: false });
  },
);

t.test('Given an answer that cannot be parsed, when it is read, then nothing of it is in the error', async (t) => {
  const { manager, secrets, events } = createSecretsWorld();
  manager.garble('{"SecretString":"made-up-garbled-value');
  const error = await failureOf(secrets.read('gitlabToken'));
  t.ok(isDemoError(error, 'SECRETS_UNAVAILABLE'));
  t.match(error.cause, { message: /^demo\/gitlab-token cannot be read: \w+$/, isFinal: false });
  t.notOk(shows('made-up-garbled-value', error, events));
});
