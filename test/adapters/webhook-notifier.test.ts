import t, { type Test } from 'tap';
import type { ResolveHost } from '../../src/adapters/http-guarded-request.ts';
import { createSilentNotifier } from '../../src/adapters/silent-notifier.ts';
import { signatureOf } from '../../src/adapters/webhook-message.ts';
import { createWebhookNotifier, type WebhookNotifierOptions } from '../../src/adapters/webhook-notifier.ts';
import { createFixedWebhook } from '../../src/adapters/webhook-target.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { notifierContract } from '../contracts/notifier.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';
import { ALL_NOTICES, NOTICES } from '../fakes/sample-notices.ts';
import { type Answer, eventually, startReceiver } from '../fakes/webhook-receiver.ts';
import { createTestLog } from './gitlab-world.ts';
import { shows } from './secrets-under-test.ts';

const KEY = 'made-up-key-of-a-webhook-0123456789';

interface WorldOptions extends Partial<WebhookNotifierOptions> {
  readonly answer?: Answer;
  /** The address as the secret has it, made of the receiver's port. */
  readonly address?: (port: number) => string;
}

/** The notifier and a real receiver on this machine, on a clock that only the test moves. */
const createWebhookWorld = async (t: Test, { answer, address, ...options }: WorldOptions = {}) => {
  const receiver = await startReceiver(t, answer);
  const clock = createFakeClock();
  const timers = createFakeTimers(clock);
  const testLog = createTestLog();
  let ids = 0;
  const url = address === undefined ? receiver.url : new URL(address(receiver.port));
  const notifier = createWebhookNotifier({
    source: createFixedWebhook({ url, key: KEY }),
    pageOf: (id) => `https://demo.example.com/d/${id}`,
    version: '1.2.3',
    clock,
    timers,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    log: testLog.log,
    knownSecrets: () => [KEY],
    allowPrivate: true,
    timeoutMs: 2_000,
    ...options,
  });
  const codes = () => testLog.events.map(({ fields }) => (fields as { readonly code?: string }).code);
  return {
    receiver,
    url,
    clock,
    timers,
    notifier,
    ...testLog,
    codes,
    tries: (count: number) => eventually(() => testLog.events.length >= count),
  };
};

notifierContract(t, 'none', async () => {
  const notifier = createSilentNotifier();
  return { notifier, end: notifier.stop };
});

const states: readonly (readonly [string, WorldOptions])[] = [
  ['answers', {}],
  ['refuses', { answer: (response) => response.writeHead(400).end() }],
  ['closes the connection', { answer: (response) => response.destroy() }],
  ['hangs', { answer: () => undefined, timeoutMs: 50 }],
  ['is not there', { address: () => 'http://127.0.0.1:1/' }],
  ['may not be asked', { allowPrivate: false }],
];
for (const [state, options] of states) {
  notifierContract(t, `webhook that ${state}`, async (t) => {
    const { notifier, timers } = await createWebhookWorld(t, options);
    const end = async () => {
      const stopped = notifier.stop();
      await timers.advance(5_000);
      await stopped;
    };
    return { notifier, end };
  });
}

t.test('Given a receiver, when each kind is told, then each comes once, in order and signed', async (t) => {
  const { receiver, notifier, clock, events } = await createWebhookWorld(t);
  for (const notice of ALL_NOTICES) notifier.notify(notice);
  await receiver.got(ALL_NOTICES.length);
  await notifier.stop();
  t.same(
    receiver.messages().map(({ event, id }) => [event, id]),
    ALL_NOTICES.map(({ kind }, index) => [kind, `id-${index + 1}`]),
  );
  for (const { method, path, headers, body } of receiver.received) {
    t.equal(method, 'POST');
    t.equal(path, '/services/made-up-address');
    t.equal(headers['content-type'], 'application/json');
    t.equal(headers['user-agent'], 'demo-on-demand/1.2.3');
    t.equal(headers['demo-signature'], signatureOf(KEY, clock.now(), body));
    t.notOk(headers.authorization ?? headers.cookie);
  }
  t.same(events, [], 'what went well is no news');
});

t.test('Given a 500, when it is tried again, then with the same id, another time and its own signature', async (t) => {
  const answer: Answer = (response, count) => response.writeHead(count === 1 ? 500 : 204).end();
  const { receiver, notifier, timers, clock, tries, codes } = await createWebhookWorld(t, { answer });
  const startedAt = clock.now();
  notifier.notify(NOTICES.gone);
  await tries(1);
  await timers.advance(5_000);
  await receiver.got(2);
  await notifier.stop();
  const [first, second] = receiver.messages();
  t.equal(second?.id, first?.id);
  t.equal(Date.parse(String(second?.sent_at)) - Date.parse(String(first?.sent_at)), 5_000);
  t.equal(second?.at, first?.at);
  t.equal(
    receiver.received[1]?.headers['demo-signature'],
    signatureOf(KEY, startedAt + 5_000, receiver.received[1]?.body ?? ''),
  );
  t.same(codes(), ['HTTP_500']);
});

t.test('Given a 429 with Retry-After, in seconds or as a date, when it is tried again, then not before', async (t) => {
  for (const retryAfter of ['60', 'Fri, 20 Nov 2026 09:01:00 GMT']) {
    const answer: Answer = (response, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': retryAfter }).end('slow down') : response.end('ok');
    const { receiver, notifier, timers, tries, codes } = await createWebhookWorld(t, { answer });
    notifier.notify(NOTICES.live);
    await tries(1);
    await timers.advance(59_999);
    t.equal(receiver.received.length, 1, retryAfter);
    await timers.advance(1);
    await receiver.got(2);
    t.same(codes(), ['HTTP_429']);
    await notifier.stop();
  }
});

t.test('Given an answer by its status, when it comes, then it is final or tried again', async (t) => {
  for (const [status, isFinal] of [
    [200, true],
    [299, true],
    [300, true],
    [304, true],
    [400, true],
    [404, true],
    [407, true],
    [408, false],
    [409, true],
    [410, true],
    [428, true],
    [429, false],
    [430, true],
    [499, true],
    [500, false],
    [503, false],
    [599, false],
  ] as const) {
    const { receiver, notifier, timers, events } = await createWebhookWorld(t, {
      answer: (response) => response.writeHead(status).end(),
    });
    notifier.notify(NOTICES.live);
    await receiver.got(1);
    const isDelivered = status < 300;
    await eventually(() => events.length > 0 || isDelivered);
    t.same(
      events.map(({ level, name, fields }) => [level, name, fields]),
      isDelivered
        ? []
        : [
            [
              isFinal ? 'error' : 'warn',
              'notifier.failed',
              { kind: 'live', deploymentId: NOTICES.live.deploymentId, tries: 1, code: `HTTP_${status}` },
            ],
          ],
      `${status}`,
    );
    t.equal(timers.count(), isFinal ? 0 : 1, `${status}: another try is due or not`);
    await notifier.stop();
  }
});

t.test('Given a redirect, when it is answered, then it is not followed', async (t) => {
  const other = await startReceiver(t);
  for (const status of [301, 302, 303, 307, 308]) {
    const answer: Answer = (response) => response.writeHead(status, { location: other.url.href }).end();
    const { receiver, notifier, tries, codes } = await createWebhookWorld(t, { answer });
    notifier.notify(NOTICES.live);
    await tries(1);
    await notifier.stop();
    t.same(codes(), [`HTTP_${status}`]);
    t.equal(receiver.received.length, 1);
  }
  t.equal(other.received.length, 0);
});

t.test('Given a body that never ends or is huge, when the status was good, then it is delivered', async (t) => {
  for (const answer of [
    (response) => response.writeHead(200).write('…'),
    (response) => response.writeHead(200).end('x'.repeat(10_000_000)),
  ] satisfies Answer[]) {
    const { receiver, notifier, events, timers } = await createWebhookWorld(t, { answer, timeoutMs: 500 });
    notifier.notify(NOTICES.live);
    notifier.notify(NOTICES.gone);
    await receiver.got(2);
    await notifier.stop();
    t.same(events, []);
    t.equal(timers.count(), 0);
  }
});

t.test(
  'Given no answer in time, none at all, or nobody there, when it is tried, then it may be tried again',
  async (t) => {
    for (const [options, code] of [
      [{ answer: () => undefined, timeoutMs: 50 }, 'TIMEOUT'],
      [{ answer: (response) => response.destroy() }, 'UND_ERR_SOCKET'],
      [{ address: () => 'http://127.0.0.1:1/' }, 'ECONNREFUSED'],
      [{ address: (port) => `https://127.0.0.1:${port}/` }, /^[A-Z_]+$/],
      [
        { address: (port) => `http://hooks.example.test:${port}/`, resolve: () => Promise.reject(new Error('no')) },
        'Error',
      ],
      [{ address: (port) => `http://hooks.example.test:${port}/`, resolve: async () => [] }, 'NO_ADDRESS'],
    ] satisfies readonly (readonly [WorldOptions, string | RegExp])[]) {
      const { notifier, timers, tries, codes, events } = await createWebhookWorld(t, options);
      notifier.notify(NOTICES.live);
      await tries(1);
      t.match(codes(), [code]);
      t.equal(events[0]?.level, 'warn');
      t.equal(timers.count(), 1, 'another try is due');
      const stopped = notifier.stop();
      await timers.advance(5_000);
      await stopped;
    }
  },
);

t.test(
  'Given a private address, literal or behind a name, when it may not be asked, then nothing is sent',
  async (t) => {
    const resolve: ResolveHost = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    for (const address of [
      (port: number) => `https://127.0.0.1:${port}/`,
      (port: number) => `http://127.0.0.1:${port}/`,
      (port: number) => `https://[::1]:${port}/`,
      (port: number) => `https://[::ffff:127.0.0.1]:${port}/`,
      (port: number) => `https://hooks.example.test:${port}/`,
      (port: number) => `https://2130706433:${port}/`,
      () => 'https://169.254.169.254/latest/meta-data/',
      () => 'https://10.0.0.1/',
    ]) {
      const { receiver, notifier, tries, codes, events, timers, url } = await createWebhookWorld(t, {
        address,
        resolve,
        allowPrivate: false,
      });
      notifier.notify(NOTICES.live);
      await tries(1);
      t.same(codes(), ['ADDRESS_REFUSED'], url.href);
      t.equal(events[0]?.level, 'error');
      t.equal(timers.count(), 0, 'and it is not tried again');
      t.equal(receiver.received.length, 0);
      await notifier.stop();
    }
  },
);

t.test('Given a name that changes, when it is told, then it is resolved once for each try', async (t) => {
  const asked: string[] = [];
  const resolve: ResolveHost = async (hostname) => {
    asked.push(hostname);
    return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
  };
  const { receiver, notifier } = await createWebhookWorld(t, {
    address: (port) => `http://hooks.example.test:${port}/hook`,
    resolve,
  });
  notifier.notify(NOTICES.live);
  await receiver.got(1);
  await notifier.stop();
  t.same(asked, ['hooks.example.test'], 'the connection did not ask again');
  t.equal(receiver.received[0]?.headers.host, `hooks.example.test:${receiver.port}`);
});

t.test('Given the secret cannot be read, when it can again, then the notice goes to what it says then', async (t) => {
  const receiver = await startReceiver(t);
  let isReadable = false;
  const source = {
    read: async () => {
      if (!isReadable) throw new DemoError('SECRETS_UNAVAILABLE');
      return { url: receiver.url, key: `${KEY}-new` };
    },
    refetch: async () => null,
  };
  const { notifier, timers, tries, codes, clock } = await createWebhookWorld(t, { source });
  notifier.notify(NOTICES.orphan);
  await tries(1);
  t.same(codes(), ['SECRETS_UNAVAILABLE']);
  isReadable = true;
  await timers.advance(5_000);
  await receiver.got(1);
  await notifier.stop();
  const [request] = receiver.received;
  t.equal(request?.headers['demo-signature'], signatureOf(`${KEY}-new`, clock.now(), request?.body ?? ''));
});

t.test(
  'Given the address was replaced, when the old one says so, then it is told at the new one at once',
  async (t) => {
    for (const [status, isAskedAnew] of [
      [401, true],
      [403, true],
      [404, true],
      [410, true],
      [400, false],
      [409, false],
      [500, false],
    ] as const) {
      const newer = await startReceiver(t);
      const older = await startReceiver(t, (response) => response.writeHead(status).end());
      const refused: string[] = [];
      const source = {
        read: async () => ({ url: older.url, key: KEY }),
        refetch: async ({ url }: { readonly url: URL }) => {
          refused.push(url.href);
          return { url: newer.url, key: `${KEY}-new` };
        },
      };
      const { notifier, tries, codes, clock, timers } = await createWebhookWorld(t, { source });
      const sentAt = clock.now();
      notifier.notify(NOTICES.gone);
      if (isAskedAnew) await newer.got(1);
      else await tries(1);
      const stopped = notifier.stop();
      await timers.advance(5_000);
      await stopped;
      t.same(refused, isAskedAnew ? [older.url.href] : [], `${status}`);
      t.equal(newer.received.length, isAskedAnew ? 1 : 0);
      t.same(codes().slice(0, 1), isAskedAnew ? [] : [`HTTP_${status}`]);
      const [request] = newer.received;
      if (request !== undefined) {
        t.equal(request.headers['demo-signature'], signatureOf(`${KEY}-new`, sentAt, request.body));
      }
    }
  },
);

t.test('Given the new address is refused as well, then that is final and the secret is not asked again', async (t) => {
  const gone: Answer = (response) => response.writeHead(410).end();
  const receiver = await startReceiver(t, gone);
  let asked = 0;
  const source = {
    read: async () => ({ url: receiver.url, key: KEY }),
    refetch: async () => {
      asked += 1;
      return { url: receiver.url, key: `${KEY}-new` };
    },
  };
  const { notifier, tries, codes, timers } = await createWebhookWorld(t, { source });
  notifier.notify(NOTICES.gone);
  await tries(1);
  await notifier.stop();
  t.equal(asked, 1);
  t.equal(receiver.received.length, 2);
  t.same(codes(), ['HTTP_410']);
  t.equal(timers.count(), 0);
});

t.test('Given every way to fail, when it is written down, then neither the address nor the key is in it', async (t) => {
  for (const [, options] of states) {
    const { notifier, timers, url, events, tries } = await createWebhookWorld(t, options);
    for (const notice of ALL_NOTICES) notifier.notify(notice);
    if (options.answer !== undefined || options.address !== undefined) await tries(1);
    const stopped = notifier.stop();
    await timers.advance(5_000);
    await stopped;
    t.notOk(shows('made-up-address', events) || shows(url.host, events) || shows(KEY, events));
  }
});

t.test(
  'Given a secret in what others wrote, when the owner is told, then it is masked and all else is not',
  async (t) => {
    const { notifier, receiver, tries } = await createWebhookWorld(t);
    const token = ['gl', 'pat-', 'Zx9Kq2Lm7Rt4Wv8Yb3Nc'].join('');
    notifier.notify({ ...NOTICES.started, referringPage: `https://cv.example.com/${KEY}` });
    notifier.notify({ ...NOTICES.quarantined, leftovers: [`ec2:volume ${token}`, 'eks:cluster demo-0a1b2c3d4e5f'] });
    notifier.notify(NOTICES.live);
    await notifier.stop();
    await tries(0);
    const [started, quarantined, live] = receiver.received.map(({ body }) => JSON.parse(body));
    t.equal(started.referring_page, 'https://cv.example.com/[MASKED]');
    t.same(quarantined.leftovers, ['ec2:volume [MASKED]', 'eks:cluster demo-0a1b2c3d4e5f']);
    t.equal(live.url, NOTICES.live.url);
    t.notOk(shows(KEY, [started, quarantined]) || shows(token, [started, quarantined]));
    t.match(started.text, /on https:\/\/cv\.example\.com\/\[MASKED\], and/);
  },
);
