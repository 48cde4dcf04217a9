import t from 'tap';
import { createFixedWebhook, createSecretsManagerWebhook } from '../../src/adapters/webhook-target.ts';
import { maskSecrets } from '../../src/masking/mask.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeSecretsManager, SECRET_IDS, SECRET_VALUES } from './fake-secrets-manager.ts';
import { createTestLog } from './gitlab-world.ts';
import { shows } from './secrets-under-test.ts';

const URL_TEXT = 'https://hooks.example.com/services/T0MADE/B0UP/made-up-address';
const KEY = 'made-up-key-of-a-webhook-0123456789';
const TEXT = JSON.stringify({ url: URL_TEXT, key: KEY });

/** The webhook's secret takes the place of one of the three that the fake knows. */
const createWebhookSecretWorld = (text: string | Uint8Array) => {
  const manager = createFakeSecretsManager({ ...SECRET_VALUES, ownerToken: '' });
  manager.rotate('ownerToken', text);
  const clock = createFakeClock();
  const testLog = createTestLog();
  const options = { client: manager.client, id: SECRET_IDS.ownerToken, clock, log: testLog.log };
  return { manager, clock, webhook: createSecretsManagerWebhook(options), ...testLog };
};

t.test('Given the secret, when it is read, then it is the address and the key, from a cache', async (t) => {
  const { webhook, manager, clock, events } = createWebhookSecretWorld(`${TEXT}\n`);
  t.same(webhook.known(), [], 'nothing is asked before there is something to tell');
  for (let count = 0; count < 20; count += 1) {
    const { url, key } = await webhook.read();
    t.same([url.href, key], [URL_TEXT, KEY]);
  }
  t.equal(manager.takeCalls().length, 1);
  const other = { url: 'https://other.example.com/', key: `${KEY}-2` };
  manager.rotate('ownerToken', JSON.stringify(other));
  clock.advance(300_000);
  t.match(await webhook.read(), { key: other.key });
  t.match(events, [{ name: 'secrets.rotated', fields: { name: 'webhook' } }]);
});

t.test('Given it was rotated, when the old one is refused, then it is read anew, once a minute at most', async (t) => {
  const { webhook, manager, clock } = createWebhookSecretWorld(TEXT);
  const old = await webhook.read();
  const other = { url: 'https://other.example.com/', key: `${KEY}-2` };
  manager.rotate('ownerToken', JSON.stringify(other));
  manager.takeCalls();
  const newer = await webhook.refetch(old);
  t.same([newer?.url.href, newer?.key], [other.url, other.key]);
  t.equal(manager.takeCalls().length, 1);
  t.match(await webhook.refetch(old), { key: other.key }, 'what was refused is not what is held');
  t.match(await webhook.read(), { key: other.key }, 'from now on it is the new one');
  t.same(manager.takeCalls(), [], 'and nobody was asked for that');
  if (newer === null) return;
  clock.advance(59_999);
  t.equal(await webhook.refetch(newer), null);
  t.same(manager.takeCalls(), []);
  clock.advance(1);
  t.equal(await webhook.refetch(newer), null, 'it is still the same');
  t.equal(manager.takeCalls().length, 1);
  t.equal(await webhook.refetch({ url: new URL('https://unknown.example.com/'), key: KEY }), null, 'never seen');
  const fixed = createFixedWebhook(old);
  t.equal(await fixed.refetch(old), null, 'a fixed one cannot change');
});

t.test('Given it was written by hand, when it has spaces and more fields, then it is taken', async (t) => {
  const { webhook } = createWebhookSecretWorld(`{\n  "url": "${URL_TEXT}",\n  "key": "${KEY}", "note": "for me"\n}`);
  t.equal((await webhook.read()).url.href, URL_TEXT);
});

t.test('Given a secret that cannot be used, when it is read, then it says why and shows nothing of it', async (t) => {
  for (const [text, why] of [
    ['', 'is not JSON'],
    [URL_TEXT, 'is not JSON'],
    ['"made-up"', 'is not JSON'],
    ['null', 'is not JSON'],
    ['[]', 'is not JSON'],
    [JSON.stringify({ url: URL_TEXT }), 'is not JSON'],
    [JSON.stringify({ url: 1, key: KEY }), 'is not JSON'],
    [JSON.stringify({ url: 'http://hooks.example.com/made-up', key: KEY }), 'no https address'],
    [JSON.stringify({ url: 'hooks.example.com/made-up', key: KEY }), 'no https address'],
    [JSON.stringify({ url: `https://hooks.example.com/${'x'.repeat(2_023)}`, key: KEY }), 'no https address'],
    [JSON.stringify({ url: 'https://me:made-up@hooks.example.com/', key: KEY }), 'credentials'],
    [JSON.stringify({ url: URL_TEXT, key: 'x'.repeat(31) }), '"key"'],
    [JSON.stringify({ url: URL_TEXT, key: 'x'.repeat(4_097) }), '"key"'],
    [JSON.stringify({ url: URL_TEXT, key: `${KEY} made up` }), '"key"'],
    [new Uint8Array([1, 2]), 'binary'],
  ] as const) {
    const { webhook, events } = createWebhookSecretWorld(text);
    const error = await webhook.read().then(
      () => null,
      (failure: unknown) => failure,
    );
    t.match(error, { code: 'SECRETS_UNAVAILABLE' }, why);
    t.match(events, [{ level: 'error', name: 'secrets.unreadable', fields: { name: 'webhook' } }]);
    const { reason } = { reason: '', ...Object(events[0]?.fields) } as { readonly reason: string };
    t.ok(reason.startsWith('demo/owner-token ') && reason.includes(why), reason);
    t.notOk(['made-up', 'hooks.example.com', KEY].some((value) => shows(value, error, events)));
    t.same(webhook.known(), []);
  }
});

t.test('Given both sides of every limit, when it is read, then the longest and the shortest are taken', async (t) => {
  for (const [url, key] of [
    [`https://hooks.example.com/${'x'.repeat(2_022)}`, KEY],
    [URL_TEXT, 'x'.repeat(32)],
    [URL_TEXT, 'x'.repeat(4_000)],
  ] as const) {
    const { webhook } = createWebhookSecretWorld(JSON.stringify({ url, key }));
    t.equal((await webhook.read()).key, key);
  }
});

t.test('Given Secrets Manager is away, when it is read, then the failure has its code', async (t) => {
  const { webhook, manager } = createWebhookSecretWorld(TEXT);
  manager.refuse('AccessDeniedException');
  await t.rejects(webhook.read(), { code: 'SECRETS_UNAVAILABLE' });
});

t.test('Given it was read, when a text holds it or a part, then that is masked', async (t) => {
  const { webhook } = createWebhookSecretWorld(TEXT);
  await webhook.read();
  const fixed = createFixedWebhook({ url: new URL(URL_TEXT), key: KEY });
  for (const { known } of [webhook, fixed]) {
    for (const text of [
      `POST ${URL_TEXT} failed`,
      '"POST /services/T0MADE/B0UP/made-up-address HTTP/1.1" 404',
      `key ${KEY}`,
      `${encodeURIComponent(URL_TEXT)}`,
    ]) {
      t.notMatch(maskSecrets(text, { known: known() }), /made-up|0MADE/i, text);
    }
  }
});

t.test('Given a short path, when a text holds it, then it stays: it is no secret and stands everywhere', async (t) => {
  const { known } = createFixedWebhook({ url: new URL('https://hooks.example.com/hook'), key: KEY });
  t.equal(maskSecrets('GET /hook', { known: known() }), 'GET /hook');
});
