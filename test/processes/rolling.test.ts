import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { createDynamoSlots } from '../../src/adapters/dynamodb-slots.ts';
import { eventually, press, type Server, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 3;

const HOUR_MS = 3_600_000;
const DRAIN_SECONDS = 3;
/** A step under way, the sockets and the store: far less than the half minute after which it would be forced. */
const CLOSES_WITHIN_MS = 10_000;

const ended = async (server: Server): Promise<number | null> => {
  if (server.child.exitCode === null) await once(server.child, 'exit');
  return server.child.exitCode;
};

const statusOf = async (server: Server, path: string): Promise<number> => (await server.request(path)).status;

t.test(
  'Given people wait for a change, when the server is told to stop, then it answers them and goes on for a while',
  async (t) => {
    const backends = await startBackends(t, { speed: 20 });
    const server = await startServer(t, backends, { DRAIN_SECONDS: String(DRAIN_SECONDS) });
    const etag = (await server.request('/v1/deployments/current')).headers.get('etag') ?? '';
    const waiting = Array.from({ length: 20 }, () =>
      server.request('/v1/deployments/current', { headers: { 'if-none-match': etag, prefer: 'wait=25' } }),
    );
    await delay(500);
    const toldAt = Date.now();
    server.child.kill('SIGTERM');
    const answers = await Promise.all(waiting);
    t.ok(answers.every(({ status }) => status === 304));
    t.ok(Date.now() - toldAt < 2_000, 'at once, and not when their 25 seconds are over');

    await eventually(
      () => statusOf(server, '/readyz'),
      (status) => status === 503,
      2_000,
    );
    t.equal(await statusOf(server, '/livez'), 200, 'it still lives');
    t.equal(await statusOf(server, '/v1/deployments/current'), 200, 'and serves whom the gateway still sends');
    const late = await server.request('/v1/deployments/current', {
      headers: { 'if-none-match': etag, prefer: 'wait=25' },
    });
    t.equal(late.status, 304, 'but lets nobody wait any more');
    t.equal(await ended(server), 0);
    const tookMs = Date.now() - toldAt;
    t.ok(tookMs >= DRAIN_SECONDS * 1_000, `it drained: ${tookMs} ms`);
    t.ok(tookMs < DRAIN_SECONDS * 1_000 + CLOSES_WITHIN_MS, `and closed in time: ${tookMs} ms`);
  },
);

t.test(
  'Given a demo is being built, when a new server takes over from the old one, then it is one demo to its end',
  async (t) => {
    const backends = await startBackends(t, { speed: 3 });
    const old = await startServer(t, backends, { DRAIN_SECONDS: String(DRAIN_SECONDS) });
    const { id, control_token: token } = await press(t, old);
    await old.until('deploying');
    const replacing = await startServer(t, backends);
    old.child.kill('SIGTERM');
    t.match(await replacing.view(), { id, status: 'deploying' }, 'both serve the same');
    t.match(await old.view(), { id }, 'also while the old one goes down');
    t.equal(await ended(old), 0);
    const { live_url: link } = await replacing.until('live');
    t.ok(link);
    const logs = await (
      await replacing.request(`/v1/deployments/${id}/logs`, { headers: { accept: 'text/plain' } })
    ).text();
    t.ok(logs.split('\n').length > 10, 'what the old one has read of the log, the new one has too');
    t.equal((await replacing.destroy(id, token)).status, 202, 'and the token holds');
    await replacing.until('idle');
    t.equal((await backends.pipelines('apply')).length, 1);
    t.same(await backends.resources(), []);
  },
);

t.test('Given slots passed while no server ran, when one starts, then it makes up for them', async (t) => {
  const backends = await startBackends(t, { speed: 20 });
  const first = await startServer(t, backends);
  await first.kill('SIGTERM');
  const dynamo = createDynamoClient({
    region: 'us-east-1',
    endpoint: backends.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  t.teardown(() => dynamo.destroy());
  const slots = createDynamoSlots(dynamo, 'demo-on-demand');
  const longAgo = Date.now() - 48 * HOUR_MS;
  await slots.completeSlot('hourly', longAgo);
  await slots.completeSlot('nightly', longAgo);
  const env = { NIGHTLY_CRON: '23 3 * * *' };
  const server = await startServer(t, backends, env);
  for (const job of ['hourly', 'nightly']) {
    const completed = await eventually(
      () => slots.lastCompleted(job),
      (slot) => slot !== null && slot > longAgo,
      20_000,
    );
    t.ok(Date.now() - (completed ?? 0) < 26 * HOUR_MS, `${job}: its latest slot`);
  }
  t.match(server.output(), /cron\.catching_up/);
  const second = await startServer(t, backends, env);
  await second.view();
  t.notMatch(second.output(), /cron\.catching_up/, 'once is enough');
});
