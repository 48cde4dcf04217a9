import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net';
import t, { type Test } from 'tap';
import type { ResolveHost } from '../../src/adapters/http-guarded-request.ts';
import { createHttpLiveProbe } from '../../src/adapters/http-live-probe.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const LIVE: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${DEPLOYMENT}</p>`);
};
const DOWN: RequestListener = (_request, response) => {
  response.writeHead(503).end(DEPLOYMENT);
};

const serve = async (t: Test, listener: RequestListener) => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, url: `http://127.0.0.1:${port}/demo?x=1`, seen };
};

/** Nothing listens there any more. */
const deadUrl = async (): Promise<string> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
};

const local = { allowPrivate: true, timeoutMs: 2_000 } as const;

t.test('Given a page with the id, when it is probed, then it is found, without credentials', async (t) => {
  const { url, seen } = await serve(t, LIVE);
  t.equal(await createHttpLiveProbe(local).probe(url, DEPLOYMENT), 'found');
  t.equal(seen.length, 1);
  t.equal(seen[0]?.url, '/demo?x=1');
  t.notOk(seen[0]?.headers.authorization);
  t.notOk(seen[0]?.headers['private-token']);
});

for (const [what, listener] of [
  ['an error page with the id', DOWN],
  ['a holding page', (_request, response) => response.end('Still building')],
  ['the page of another deployment', (_request, response) => response.end(OTHER_DEPLOYMENT)],
  ['a redirect to the page', (_request, response) => response.writeHead(302, { location: '/there' }).end(DEPLOYMENT)],
  ['a 201', (_request, response) => response.writeHead(201).end(DEPLOYMENT)],
  ['a closed connection', (_request, response) => response.destroy()],
] satisfies readonly (readonly [string, RequestListener])[]) {
  t.test(`Given ${what}, when it is probed, then the demo is absent, and one request was enough`, async (t) => {
    const { url, seen } = await serve(t, listener);
    t.equal(await createHttpLiveProbe(local).probe(url, DEPLOYMENT), 'absent');
    t.equal(seen.length, 1);
  });
}

t.test('Given the id at the end of the first 64 KB or just behind, then only the former is read', async (t) => {
  const page =
    (before: number): RequestListener =>
    (_request, response) =>
      response.end(`${'x'.repeat(before)}${DEPLOYMENT}`);
  const inside = await serve(t, page(65_536 - DEPLOYMENT.length));
  t.equal(await createHttpLiveProbe(local).probe(inside.url, DEPLOYMENT), 'found');
  const outside = await serve(t, page(65_536 - DEPLOYMENT.length + 1));
  t.equal(await createHttpLiveProbe(local).probe(outside.url, DEPLOYMENT), 'absent');
});

t.test('Given a server that never answers or never ends, when the time is over, then it is absent', async (t) => {
  for (const listener of [
    () => {},
    (_request, response) => response.writeHead(200).write('…'),
  ] satisfies RequestListener[]) {
    const { url } = await serve(t, listener);
    t.equal(await createHttpLiveProbe({ ...local, timeoutMs: 50 }).probe(url, DEPLOYMENT), 'absent');
  }
});

t.test('Given a name that is never resolved or not at all, then it is absent', async (t) => {
  const keepAwake = setTimeout(() => {}, 1_000);
  t.teardown(() => clearTimeout(keepAwake));
  for (const resolve of [
    () => new Promise(() => {}),
    () => Promise.reject(new Error('ENOTFOUND')),
    async () => [],
  ] satisfies ResolveHost[]) {
    const probe = createHttpLiveProbe({ ...local, timeoutMs: 20, resolve });
    t.equal(await probe.probe('https://demo.example.test/', DEPLOYMENT), 'absent');
  }
});

t.test('Given a name, when it is probed, then it is resolved once and the connection goes there', async (t) => {
  const { port, seen } = await serve(t, LIVE);
  const asked: string[] = [];
  const resolve: ResolveHost = async (hostname) => {
    asked.push(hostname);
    return asked.length === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '192.0.2.1', family: 4 }];
  };
  const probe = createHttpLiveProbe({ ...local, resolve });
  t.equal(await probe.probe(`http://demo.example.test:${port}/`, DEPLOYMENT), 'found');
  t.same(asked, ['demo.example.test']);
  t.equal(seen[0]?.headers.host, `demo.example.test:${port}`);
});

t.test('Given sockets that ask for one address only, when a name is probed, then they get a checked one', async (t) => {
  const { port } = await serve(t, LIVE);
  const usual = getDefaultAutoSelectFamily();
  setDefaultAutoSelectFamily(false);
  t.teardown(() => setDefaultAutoSelectFamily(usual));
  const resolve: ResolveHost = async () => [{ address: '127.0.0.1', family: 4 }];
  const probe = createHttpLiveProbe({ ...local, resolve });
  t.equal(await probe.probe(`http://demo.example.test:${port}/`, DEPLOYMENT), 'found');
});

t.test(
  'Given a private address, literal or behind a name, when private ones are not allowed, then nothing is sent',
  async (t) => {
    const { port, url, seen } = await serve(t, LIVE);
    const resolve: ResolveHost = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const probe = createHttpLiveProbe({ allowPrivate: false, timeoutMs: 2_000, resolve });
    for (const target of [
      url,
      `http://demo.example.test:${port}/`,
      `http://[::1]:${port}/`,
      `http://2130706433:${port}/`,
      `http://0x7f.1:${port}/`,
      'http://169.254.169.254/latest/meta-data/',
    ]) {
      t.equal(await probe.probe(target, DEPLOYMENT), 'absent', target);
    }
    t.equal(seen.length, 0);
  },
);

t.test('Given an address that may not be asked at all, then it is absent', async (t) => {
  const { port, seen } = await serve(t, LIVE);
  const probe = createHttpLiveProbe(local);
  for (const target of [
    `http://me:pw@127.0.0.1:${port}/`,
    `ftp://127.0.0.1:${port}/`,
    'file:///etc/hostname',
    'no url',
    '',
  ]) {
    t.equal(await probe.probe(target, DEPLOYMENT), 'absent', target);
  }
  t.equal(await probe.probe(`http://127.0.0.1:${port}/`, ''), 'absent', 'every page carries an empty id');
  t.equal(seen.length, 0);
});

t.test(
  'Given the demo fails, when the control URL answers, then it is absent; when it fails too, then unknown',
  async (t) => {
    const target = await serve(t, DOWN);
    const control = await serve(t, (_request, response) => response.writeHead(404).end());
    const verdict = (controlUrl: string) => createHttpLiveProbe({ ...local, controlUrl }).probe(target.url, DEPLOYMENT);
    t.equal(await verdict(control.url), 'absent');
    t.equal(control.seen.length, 1);
    t.equal(await verdict(await deadUrl()), 'unknown');
    t.equal(await verdict((await serve(t, DOWN)).url), 'unknown');
  },
);

t.test('Given the demo is found, then the control URL is not asked', async (t) => {
  const target = await serve(t, LIVE);
  const control = await serve(t, LIVE);
  const probe = createHttpLiveProbe({ ...local, controlUrl: control.url });
  t.equal(await probe.probe(target.url, DEPLOYMENT), 'found');
  t.equal(control.seen.length, 0);
});

t.test('Given an internal origin, when it is probed, then the same path is asked there', async (t) => {
  const { port, seen } = await serve(t, LIVE);
  const probe = createHttpLiveProbe({ ...local, probeOrigin: `http://127.0.0.1:${port}` });
  t.equal(await probe.probe('http://localhost:1/demo/7?x=1', DEPLOYMENT), 'found');
  t.equal(seen[0]?.url, '/demo/7?x=1');
});
