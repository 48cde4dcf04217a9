import t from 'tap';
import { createFixedWebhook, type WebhookSource } from '../src/adapters/webhook-target.ts';
import { createVisitorKey, createWereHeld, freshenAll } from '../src/compose-secrets.ts';
import { DemoError } from '../src/lifecycle/errors.ts';
import { createBootedSecretsWorld, createSecretsWorld } from './adapters/secrets-under-test.ts';

const HOUR_MS = 3_600_000;

t.test('Given secrets that could not be read yet, when they come, then it could serve from then on', async (t) => {
  const { manager, clock, secrets } = createSecretsWorld();
  const wereHeld = createWereHeld(secrets);
  manager.refuse('AccessDeniedException');
  await t.rejects(secrets.freshen());
  t.equal(wereHeld(), false);
  manager.refuse(null);
  clock.advance(10_000);
  await secrets.freshen();
  t.equal(wereHeld(), true);
  manager.refuse('AccessDeniedException');
  clock.advance(2 * HOUR_MS);
  t.throws(() => secrets.held('signingKey'));
  t.equal(wereHeld(), true, 'an outage afterwards is for the routes that need a secret');
});

t.test('Given one secret of three that is missing, when readiness is asked, then it cannot serve', async (t) => {
  const { manager, secrets } = createSecretsWorld();
  manager.remove('ownerToken');
  await t.rejects(secrets.freshen());
  t.equal(createWereHeld(secrets)(), false);
});

t.test(
  'Given no signing key yet, when visitors are told apart, then by a key of this process, then by the real one',
  async (t) => {
    const { secrets } = createSecretsWorld();
    const early = createVisitorKey(secrets);
    const provisional = early();
    t.equal(provisional.length, 32);
    t.equal(early(), provisional, 'the same for everybody who comes meanwhile');
    t.notSame(createVisitorKey(createSecretsWorld().secrets)(), provisional, 'and of no other process');
    await secrets.freshen();
    const key = early();
    t.notSame(key, provisional);
    t.same(createVisitorKey((await createBootedSecretsWorld()).secrets)(), key, 'every task makes the same');
  },
);

t.test('Given a rotation of the signing key, when visitors are told apart, then as before', async (t) => {
  const { manager, clock, secrets } = await createBootedSecretsWorld();
  const visitorKey = createVisitorKey(secrets);
  const key = visitorKey();
  manager.rotate('signingKey', 'made-up-signing-key-2-made-up-signing-key');
  clock.advance(HOUR_MS / 2);
  await secrets.freshen();
  t.same(visitorKey(), key);
});

t.test('Given a webhook that cannot be read, when all secrets are freshened, then its reason is given', async (t) => {
  const { secrets } = await createBootedSecretsWorld();
  const target = createFixedWebhook({ url: new URL('https://hooks.example.com/x'), key: 'made-up' });
  await freshenAll({ secrets, webhook: null });
  await freshenAll({ secrets, webhook: target });
  const reason = new Error('demo/webhook cannot be read');
  const broken: WebhookSource = {
    ...target,
    read: async () => {
      throw new DemoError('SECRETS_UNAVAILABLE', { cause: reason });
    },
  };
  await t.rejects(freshenAll({ secrets, webhook: broken }), reason);
  const away = createSecretsWorld();
  away.manager.refuse('AccessDeniedException');
  await t.rejects(freshenAll({ secrets: away.secrets, webhook: broken }), /gitlab-token/, 'the three come first');
});
