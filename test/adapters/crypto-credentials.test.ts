import t from 'tap';
import { createCryptoCredentials } from '../../src/adapters/crypto-credentials.ts';
import { createFixedSecrets } from '../../src/adapters/fixed-secrets.ts';
import { createSecretsManagerSecrets } from '../../src/adapters/secrets-manager-secrets.ts';
import { authorize } from '../../src/lifecycle/authorize.ts';
import { SECRET_IDS, SECRET_VALUES } from './fake-secrets-manager.ts';
import { failureOf } from './gitlab-world.ts';
import { createBootedSecretsWorld } from './secrets-under-test.ts';

const fixed = (signingKey: string) =>
  createCryptoCredentials(createFixedSecrets({ gitlabToken: 'none', ownerToken: 'owner-token', signingKey }));

const credentials = fixed('signing-key');

t.test('Given a deployment, when its token is made twice, then it is the same and tells its id', async (t) => {
  const id = credentials.newId();
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.not(credentials.newId(), id);
  const token = credentials.controlToken(id);
  t.equal(credentials.controlToken(id), token);
  t.equal(credentials.deploymentOf(token), id);
  t.ok(credentials.matches(token, credentials.hash(token)));
  t.equal(await credentials.recoverControlToken(id, credentials.hash(token)), token);
  t.notOk(credentials.hash(token).includes(token.slice(-20)), 'the hash does not carry the token');
});

t.test('Given tokens that are not ours, when they are looked at, then they stand for nothing', async (t) => {
  const id = credentials.newId();
  const token = credentials.controlToken(id);
  const other = fixed('another-key').controlToken(id);
  for (const wrong of [
    '',
    '.',
    'owner-token',
    id,
    `${id}.`,
    `${token}x`,
    token.slice(0, -1),
    other,
    'x'.repeat(10_000),
  ]) {
    t.equal(credentials.deploymentOf(wrong), null, wrong.slice(0, 20));
    t.notOk(credentials.matches(wrong, credentials.hash(token)));
  }
  t.notOk(credentials.matches(token, ''), 'a stored hash that is none matches nothing');
  t.equal(await credentials.recoverControlToken(id, credentials.hash(other)), null, 'its key was never ours');
  t.equal(await credentials.recoverControlToken(credentials.newId(), credentials.hash(token)), null);
});

t.test("Given the owner's token, when it is compared, then only it is his", async (t) => {
  t.ok(credentials.isOwner('owner-token'));
  for (const wrong of ['', 'owner-toke', 'owner-token ', 'OWNER-TOKEN']) t.notOk(credentials.isOwner(wrong));
});

const NEXT_KEY = 'made-up-signing-key-2-made-up-signing-key';
const LAST_KEY = 'made-up-signing-key-3-made-up-signing-key';

/** Credentials over Secrets Manager, one deployment, and the token that its starter got. */
const setUp = async () => {
  const world = await createBootedSecretsWorld();
  const credentials = createCryptoCredentials(world.secrets);
  const id = credentials.newId();
  const token = credentials.controlToken(id);
  const rotate = async (to: string) => {
    world.manager.rotate('signingKey', to);
    world.clock.advance(300_000);
    await world.secrets.freshen();
  };
  /** The credentials of a task that starts now. */
  const bootAnother = async () => {
    const { client } = world.manager;
    const secrets = createSecretsManagerSecrets({ client, ids: SECRET_IDS, clock: world.clock, log: world.log });
    await secrets.freshen();
    return createCryptoCredentials(secrets);
  };
  return { ...world, credentials, id, token, hash: credentials.hash(token), rotate, bootAnother };
};

t.test('Given a new signing key, when it is seen, then new tokens are made with it and old ones work on', async (t) => {
  const { credentials, id, token, hash, rotate } = await setUp();
  await rotate(NEXT_KEY);
  t.not(credentials.controlToken(id), token);
  t.equal(credentials.deploymentOf(credentials.controlToken(id)), id);
  t.equal(credentials.deploymentOf(token), id, 'it is still known for one of ours');
  t.equal(authorize(credentials, token, { id, controlTokenHash: hash }), 'starter');
  t.throws(() => authorize(credentials, token, { id: credentials.newId(), controlTokenHash: null }), {
    code: 'TOKEN_FOREIGN',
  });
});

t.test('Given rotations, when a start is replayed, then it is answered with the token that works', async (t) => {
  const { manager, credentials, id, token, hash, rotate } = await setUp();
  await rotate(NEXT_KEY);
  await rotate(LAST_KEY);
  manager.takeCalls();
  t.equal(await credentials.recoverControlToken(id, hash), token);
  t.same(manager.calls, [], 'from the keys that were held');
});

t.test('Given a task that has not seen the rotation, when it replays a start, then it looks for the key', async (t) => {
  const { manager, credentials, id } = await setUp();
  manager.rotate('signingKey', NEXT_KEY);
  const otherTask = fixed(NEXT_KEY);
  const token = otherTask.controlToken(id);
  t.equal(await credentials.recoverControlToken(id, otherTask.hash(token)), token);
  t.equal(credentials.controlToken(id), token, 'and has seen it then');
});

t.test('Given a task that began after the rotation, when it replays a start, then it asks for the key', async (t) => {
  const { manager, id, token, hash, bootAnother } = await setUp();
  manager.rotate('signingKey', NEXT_KEY);
  const late = await bootAnother();
  manager.takeCalls();
  t.not(late.controlToken(id), token);
  t.equal(await late.recoverControlToken(id, hash), token);
  t.same(manager.takeCalls(), ['signingKey AWSCURRENT', 'signingKey AWSPREVIOUS']);
  t.equal(late.deploymentOf(token), id, 'and knows it from then on');
  manager.rotate('signingKey', LAST_KEY);
  t.equal(await (await bootAnother()).recoverControlToken(id, hash), null, 'two rotations ago it is lost');
});

t.test("Given a new owner's token, when it is seen, then the one before is nobody's", async (t) => {
  const { manager, clock, secrets, credentials } = await setUp();
  manager.rotate('ownerToken', 'made-up-owner-token-2');
  t.ok(credentials.isOwner(SECRET_VALUES.ownerToken));
  clock.advance(300_000);
  await secrets.freshen();
  t.notOk(credentials.isOwner(SECRET_VALUES.ownerToken));
  t.ok(credentials.isOwner('made-up-owner-token-2'));
});

t.test('Given secrets that cannot be read for over an hour, then nobody is let in and it is said why', async (t) => {
  const { manager, clock, credentials, id, token, hash } = await setUp();
  manager.refuse('AccessDeniedException');
  clock.advance(3_600_001);
  const unavailable = { code: 'SECRETS_UNAVAILABLE' };
  t.throws(() => credentials.isOwner(SECRET_VALUES.ownerToken), unavailable);
  t.throws(() => credentials.controlToken(id), unavailable);
  t.throws(() => credentials.deploymentOf(token), unavailable);
  t.match(await failureOf(credentials.recoverControlToken(id, hash)), unavailable);
  t.ok(credentials.matches(token, hash), 'what needs no secret works on');
});
