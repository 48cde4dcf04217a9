import t, { type Test } from 'tap';
import { SecretsFailure } from '../../src/adapters/secrets.ts';
import { BootError, waitForPermission } from '../../src/compose-boot.ts';
import { loadConfig } from '../../src/config.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { AWS_SETTINGS } from './setting.ts';
import { composeOnAws, jsonOf, startNeighbourhood } from './world.ts';

const PATIENCE_MS = 45_000;

const named = (name: string): Error => Object.assign(new Error(`made up, for 123456789012`), { name });
const storeFailure = (name: string): DemoError => new DemoError('STORE_UNAVAILABLE', { cause: named(name) });
const secretsFailure = (isFinal: boolean): SecretsFailure => new SecretsFailure('demo/x cannot be read', { isFinal });

interface Troubles {
  readonly store?: Error;
  readonly secrets?: Error;
  /** When they end by themselves. */
  readonly untilMs?: number;
}

/** A boot in virtual time. Answers with what it came to and when. */
const boot = async ({ store, secrets, untilMs = Number.POSITIVE_INFINITY }: Troubles, signal?: AbortSignal) => {
  const clock = createFakeClock();
  const startedMs = clock.monotonicMs();
  const passedMs = () => clock.monotonicMs() - startedMs;
  const events: unknown[] = [];
  const failing = (error: Error | undefined) => async () => {
    if (error !== undefined && passedMs() < untilMs) throw error;
    return null;
  };
  const config = loadConfig(AWS_SETTINGS);
  if (config.mode !== 'aws') throw new Error('not aws');
  const outcome = await waitForPermission(config, {
    store: { active: failing(store) },
    secrets: { freshen: async () => void (await failing(secrets)()) } as never,
    clock,
    log: { event: (level, name, fields) => void events.push([level, name, fields]) },
    signal: signal ?? new AbortController().signal,
    wait: async (ms) => clock.advance(ms),
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { outcome, afterMs: passedMs(), events };
};

t.test('Given AWS that answers, or does not answer at all, when it boots, then it waits for nobody', async (t) => {
  t.same(await boot({}), { outcome: null, afterMs: 0, events: [] });
  for (const name of ['ThrottlingException', 'TimeoutError', 'InternalServerError', 'CredentialsProviderError']) {
    const troubles = { store: storeFailure(name), secrets: secretsFailure(false) };
    t.same(await boot(troubles), { outcome: null, afterMs: 0, events: [] }, name);
  }
  t.match(await boot({ store: new Error('a bug') }), { outcome: null, afterMs: 0 });
});

t.test('Given a refusal that ends in time, when it boots, then it waits for it and says why', async (t) => {
  const { outcome, afterMs, events } = await boot({ store: storeFailure('AccessDeniedException'), untilMs: 20_000 });
  t.equal(outcome, null);
  t.ok(afterMs >= 20_000 && afterMs < PATIENCE_MS);
  const refused = [{ variables: 'TABLE_NAME (demo-on-demand)', reason: 'AccessDeniedException' }];
  t.strictSame(events, [
    ['warn', 'boot.refused', { refused }],
    ['warn', 'boot.refused', { refused }],
  ]);
});

t.test('Given a refusal that lasts, when it boots, then it gives up and names every variable at once', async (t) => {
  for (const name of ['ResourceNotFoundException', 'ValidationException', 'AccessDeniedException']) {
    const { outcome, afterMs } = await boot({ store: storeFailure(name), secrets: secretsFailure(true) });
    t.ok(outcome instanceof BootError);
    t.ok(afterMs >= PATIENCE_MS && afterMs < 2 * PATIENCE_MS, `${afterMs}`);
    t.equal(
      outcome instanceof Error ? outcome.message : '',
      [
        'AWS refuses what the environment names:',
        `  TABLE_NAME (demo-on-demand): ${name}`,
        '  GITLAB_TOKEN_SECRET, OWNER_TOKEN_SECRET, SIGNING_KEY_SECRET: demo/x cannot be read',
      ].join('\n'),
    );
  }
});

t.test('Given a boot that waits, when it is told to stop, then it just ends', async (t) => {
  const stopped = AbortSignal.abort();
  t.match(await boot({ secrets: secretsFailure(true) }, stopped), { outcome: null, afterMs: 0 });
});

interface Health {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly state: string }[];
}

const statusOf = async (answer: Promise<Response>): Promise<number> => {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
};

const stateOf = async (answer: Promise<Response>, name: string): Promise<string | undefined> =>
  (await jsonOf<Health>(await answer)).checks.find((check) => check.name === name)?.state;

/** What it answers while it can start nothing. */
const checkWaiting = async (t: Test, server: Awaited<ReturnType<typeof composeOnAws>>, name: string): Promise<void> => {
  t.equal(await statusOf(server.request('/livez')), 200, 'it runs');
  t.equal(await statusOf(server.request('/readyz')), 503, 'it cannot serve');
  t.equal(await stateOf(server.request('/healthz'), name), 'failing');
  const pressed = await server.press();
  t.equal(pressed.status, 503, 'it starts nothing');
  t.ok(Number(pressed.headers.get('retry-after')) > 0, 'and says when to come again');
};

t.test(
  'Given Secrets Manager away at the boot, when it starts, then it serves what it can until that is back',
  async (t) => {
    const around = await startNeighbourhood(t);
    const server = await composeOnAws(t, around);
    around.aws.meet(({ service }) => (service === 'secretsmanager' ? 'reset' : null));
    await server.service.start();
    await checkWaiting(t, server, 'secrets');
    t.match(await server.view(), { status: 'idle', can_deploy: false }, 'the state is shown');
    const owner = { authorization: 'Bearer made-up-owner-token-1' };
    t.equal(
      await statusOf(server.request('/v1/switch', { method: 'PUT', headers: owner })),
      503,
      'nobody is the owner',
    );

    around.aws.meet(() => null);
    // Whoever asks whether it is ready makes it look, though not more often than every ten seconds.
    await server.eventually(() => statusOf(server.request('/readyz')), 200);
    t.equal(server.events('secrets.unreadable').length, 3, 'each secret was told once');
  },
);

t.test('Given DynamoDB away at the boot, when it starts, then it waits for it and does not end', async (t) => {
  const around = await startNeighbourhood(t);
  const server = await composeOnAws(t, around);
  around.aws.meet(({ service }) => (service === 'dynamodb' ? 'reset' : null));
  await server.service.start();
  await checkWaiting(t, server, 'store');
  t.equal(await statusOf(server.request('/v1/deployments/current')), 503);
});

t.test('Given a webhook that is not there, when it starts, then it serves all the same and says so', async (t) => {
  const server = await composeOnAws(t, await startNeighbourhood(t), { WEBHOOK_SECRET: 'demo/webhook' });
  await server.service.start();
  t.equal(await statusOf(server.request('/readyz')), 200);
  const headers = { authorization: 'Bearer made-up-owner-token-1' };
  t.equal(await stateOf(server.request('/healthz', { headers }), 'secrets'), 'failing');
  t.match(
    await (await server.request('/healthz', { headers })).text(),
    'demo/webhook cannot be read: ResourceNotFound',
  );
});

t.test('Given a table that is not there, when it starts, then it does not listen, and can be stopped', async (t) => {
  const around = await startNeighbourhood(t);
  const server = await composeOnAws(t, around, { TABLE_NAME: 'another-table' });
  const started = server.service.start();
  await server.eventually(async () => server.events('boot.refused').length, 1);
  t.match(server.events('boot.refused'), [
    { refused: [{ variables: 'TABLE_NAME (another-table)', reason: 'ResourceNotFoundException' }] },
  ]);
  t.equal(server.service.app.server.listening, false, 'nobody takes it for a server');
  await server.service.stop();
  await started;
  t.equal(server.service.app.server.listening, false);
});
