import { Writable } from 'node:stream';
import t, { type Test } from 'tap';
import { compose } from '../src/compose.ts';
import { loadConfig } from '../src/config.ts';
import { type Answer, eventually, startReceiver } from './fakes/webhook-receiver.ts';

const KEY = 'made-up-key-of-a-webhook-0123456789';

/** A whole server in local mode, which tells its owner at a receiver of this machine. */
const startServer = async (t: Test, answer?: Answer) => {
  const receiver = await startReceiver(t, answer);
  const lines: string[] = [];
  const logDestination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const config = loadConfig({
    PORT: '0',
    SIMULATOR_SPEED: '50',
    LOCAL_WEBHOOK_URL: receiver.url.href,
    LOCAL_WEBHOOK_KEY: KEY,
  });
  const service = await compose(config, { version: '9.9.9', logDestination });
  t.teardown(() => service.stop());
  await service.start();
  const press = () =>
    fetch(`${service.url}/v1/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: service.url, referer: `${service.url}/?from=made-up` },
      body: '{}',
    });
  return { service, receiver, press, log: () => lines.join('') };
};

const showsNothing = (t: Test, text: string, port: number): void => {
  for (const secret of [KEY, 'made-up-address', `127.0.0.1:${port}`]) t.notOk(text.includes(secret), secret);
};

t.test(
  'Given a webhook, when a demo is started, then its owner hears of it and nothing of it is in the log',
  async (t) => {
    const { service, receiver, press, log } = await startServer(t);
    const started = await press();
    t.equal(started.status, 201);
    const { id } = (await started.json()) as { readonly id: string };
    await receiver.got(1);
    const page = `${service.url}/d/${id}`;
    t.match(receiver.messages()[0], {
      event: 'started',
      deployment_id: id,
      referring_page: `${service.url}/`,
      page,
      text: `Somebody pressed the button on ${service.url}/, and a demo is being built: ${page}`,
    });
    t.equal((await fetch(page)).status, 200, 'the page is there');
    const health = await fetch(`${service.url}/healthz`, {
      headers: { authorization: `Bearer ${service.printedOwnerToken}` },
    });
    showsNothing(t, (await health.text()) + log(), receiver.port);
  },
);

t.test('Given a webhook that hangs, when a demo is started and it ends, then nobody waits for it', async (t) => {
  const { service, receiver, press, log } = await startServer(t, () => undefined);
  t.equal((await press()).status, 201);
  await receiver.got(1);
  const view = await (await fetch(`${service.url}/v1/deployments/current`)).json();
  t.match(view, { status: /^(queued|deploying)$/ });
  t.equal((await press()).status, 409, 'what comes next is answered as well');
  await eventually(() => log().includes('"step":"request"'));
  t.equal(receiver.received.length, 1, 'and its life goes on while the receiver still holds the first notice');
  await service.stop();
  t.match(log(), /"event":"notifier\.(dropped|failed)"/);
  showsNothing(t, log(), receiver.port);
});

t.test('Given a webhook that refuses, when its answer is logged, then neither address nor key is', async (t) => {
  const { receiver, press, log } = await startServer(t, (response) => response.writeHead(404).end('no_service'));
  t.equal((await press()).status, 201);
  await receiver.got(1);
  await eventually(() => log().includes('notifier.failed'));
  t.match(log(), /"kind":"started"[^\n]*"tries":1,"code":"HTTP_404"/);
  showsNothing(t, log(), receiver.port);
});
