import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { type Fate, startFaultyProxy } from './faulty-proxy.ts';

const TEXT = 'what the neighbour answers';
/** Longer than anything takes here that is answered at all. */
const PATIENCE_MS = 1_000;

/** A neighbour that counts what arrives, and a way to it on which each request meets that fate. */
const startWay = async (t: Test, fate: Fate, isMet = () => {}) => {
  const arrived: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    arrived.push(`${request.method} ${request.url} ${request.headers['x-mark']} ${body}`);
    response.writeHead(200, { 'x-neighbour': 'yes' }).end(TEXT);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = await startFaultyProxy(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
    isMet();
    return fate;
  });
  return { origin, arrived };
};

/** What somebody who asks gets to see: an answer, a broken connection, or nothing at all. */
const ask = async (origin: string): Promise<string> => {
  try {
    const answer = await fetch(`${origin}/there?with=query`, {
      method: 'POST',
      headers: { 'x-mark': 'mark' },
      body: 'the body',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return `${answer.status} ${answer.headers.get('x-neighbour')} ${await answer.text()}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'nothing' : 'broken';
  }
};

const busy = { status: 503, headers: { 'x-neighbour': 'no' }, body: 'busy' };

for (const { fate, sees, arrives } of [
  { fate: { kind: 'pass' }, sees: `200 yes ${TEXT}`, arrives: 1 },
  { fate: { kind: 'lose-request' }, sees: 'broken', arrives: 0 },
  { fate: { kind: 'lose-reply' }, sees: 'broken', arrives: 1 },
  { fate: { kind: 'delay', delayMs: 20 }, sees: `200 yes ${TEXT}`, arrives: 1 },
  { fate: { kind: 'answer', answer: busy }, sees: '503 no busy', arrives: 0 },
  { fate: { kind: 'hang' }, sees: 'nothing', arrives: 0 },
  { fate: { kind: 'hang-reply' }, sees: 'nothing', arrives: 1 },
  { fate: { kind: 'cut' }, sees: 'broken', arrives: 1 },
  { fate: { kind: 'twice' }, sees: `200 yes ${TEXT}`, arrives: 2 },
] as const satisfies readonly { fate: Fate; sees: string; arrives: number }[]) {
  t.test(`Given the fate ${fate.kind}, when a request meets it, then it arrives ${arrives} times`, async (t) => {
    const { origin, arrived } = await startWay(t, fate);
    t.equal(await ask(origin), sees);
    t.strictSame(
      arrived,
      Array.from({ length: arrives }, () => 'POST /there?with=query mark the body'),
    );
  });
}

t.test('Given a request is late, when nobody waits for it any more, then it arrives all the same', async (t) => {
  const leaving = new AbortController();
  const { origin, arrived } = await startWay(t, { kind: 'delay', delayMs: 100 }, () => leaving.abort());
  await t.rejects(fetch(origin, { signal: leaving.signal }));
  while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  t.equal(arrived.length, 1);
});

t.test('Given nobody is there, when a request is forwarded, then the connection breaks', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  t.equal(await ask(await startFaultyProxy(t, `http://127.0.0.1:${port}`, () => ({ kind: 'pass' }))), 'broken');
});
