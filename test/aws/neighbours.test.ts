import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { connectAws } from '../../src/compose-aws.ts';
import { loadConfig } from '../../src/config.ts';
import { DEPLOYMENT } from '../adapters/gitlab-answers.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { AWS_SETTINGS } from './setting.ts';
import { startNeighbourhood } from './world.ts';

/** What stands around a server on AWS, made of these settings. */
const connect = (t: Test, environment: Readonly<Record<string, string>> = {}) => {
  const config = loadConfig({ ...AWS_SETTINGS, ...environment });
  if (config.mode !== 'aws') throw new Error('not aws');
  const neighbours = connectAws(config, createFakeClock(), { event: () => undefined });
  t.teardown(() => neighbours.close());
  return neighbours;
};

t.test(
  'Given the settings of AWS, when its neighbours are made, then nobody is asked before somebody asks',
  async (t) => {
    const { aws } = await startNeighbourhood(t);
    const neighbours = connect(t);
    t.match(neighbours, {
      gitlabUrl: 'https://gitlab.com',
      liveOrigins: ['https://*.demos.example.com'],
      printedOwnerToken: null,
      webhook: null,
    });
    t.strictSame(aws.actions, []);
    t.equal(aws.credentialsAsked(), 0);
    t.strictSame(await neighbours.inventory.sweep(), []);
    t.strictSame(await neighbours.inventory.read(DEPLOYMENT), { answer: 'empty', count: 0, detail: [] });
    t.strictSame(await neighbours.secondDestroyer.list(), []);
    t.equal(aws.credentialsAsked(), 1);
    await neighbours.close();
  },
);

t.test(
  'Given a webhook in the settings, when the neighbours are made, then it is read from its own secret',
  async (t) => {
    const { aws } = await startNeighbourhood(t);
    const { webhook } = connect(t, { WEBHOOK_SECRET: 'demo/gitlab-token' });
    if (webhook === null) throw new Error('no webhook');
    await t.rejects(webhook.read(), { code: 'SECRETS_UNAVAILABLE' }, 'a token is no webhook');
    t.strictSame(aws.secrets.calls, ['gitlabToken AWSCURRENT']);
  },
);

t.test('Given a link into the private network, when it is probed on AWS, then nobody there is asked', async (t) => {
  await startNeighbourhood(t);
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end(DEPLOYMENT);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { probe } = connect(t, { PUBLIC_URL: 'https://127.0.0.1' });
  t.equal(await probe.probe(`http://127.0.0.1:${port}/`, DEPLOYMENT), 'unknown', 'nor is our own address public here');
  t.equal(asked, 0);
});
