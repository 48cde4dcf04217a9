import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';

const CURRENT = '/v1/deployments/current';

const waitUntil = async (isSo: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 100_000 && !isSo(); turn += 1) await new Promise(setImmediate);
  if (!isSo()) throw new Error('it never came to that');
};

/** The real server on a socket, and a way to ask it that can be broken off. */
const listen = async (test: Parameters<typeof buildTestApp>[0]) => {
  const built = await buildTestApp(test);
  await built.app.listen({ host: '127.0.0.1', port: 0 });
  const address = built.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const seen = String((await built.app.inject({ url: CURRENT })).headers.etag);
  const open = (prefer: string[], onAnswer: (response: IncomingMessage) => void = () => undefined): ClientRequest => {
    const headers = { 'if-none-match': seen, prefer };
    const outgoing = request({ host: '127.0.0.1', port, path: CURRENT, headers, agent: false }, onAnswer);
    // Whoever breaks off is told so by his own client.
    outgoing.on('error', () => undefined);
    outgoing.end();
    return outgoing;
  };
  return { ...built, open };
};

t.test('Given a reader on a real connection, When he goes away, Then his place is free at once', async (t) => {
  const { open, heldReads, timers, lines } = await listen(t);
  const all = Array.from({ length: 3 }, () => open(['wait=20']));
  await waitUntil(() => heldReads.waiting() === 3);
  all[0]?.destroy();
  await waitUntil(() => heldReads.waiting() === 2);
  all[1]?.socket?.resetAndDestroy();
  await waitUntil(() => heldReads.waiting() === 1);
  all[2]?.socket?.end();
  await waitUntil(() => heldReads.waiting() === 0);
  t.equal(timers.count(), 0, 'nothing is left to be done');
  await timers.advance(25_000);
  t.same(
    lines.filter(({ level }) => level !== 'debug' && level !== 'info'),
    [],
    'and nothing to be said',
  );
});

t.test('Given Prefer in several fields, When they come over a real connection, Then they are one list', async (t) => {
  const { open, heldReads, timers } = await listen(t);
  const answers: IncomingMessage[] = [];
  open(['respond-async', 'return=minimal, wait=7', 'wait=9'], (response) => answers.push(response.resume()));
  await waitUntil(() => heldReads.waiting() === 1);
  await timers.advance(7_000);
  await waitUntil(() => answers.length === 1);
  t.equal(answers[0]?.statusCode, 304);
  t.equal(answers[0]?.headers['preference-applied'], 'wait=7');
});

t.test('Given a reader on a real connection, When the server closes, Then he is answered and it ends', async (t) => {
  const { open, heldReads, app } = await listen(t);
  const answers: IncomingMessage[] = [];
  open(['wait=20'], (response) => answers.push(response.resume()));
  await waitUntil(() => heldReads.waiting() === 1);
  await app.close();
  await waitUntil(() => answers.length === 1);
  t.equal(answers[0]?.statusCode, 304);
  t.equal(heldReads.waiting(), 0);
});

t.test('Given the route that holds, When its time is compared, Then it alone may take longer', async (t) => {
  const { app } = await buildTestApp(t);
  const limits: Record<string, number | undefined> = {};
  app.addHook('onRequest', async ({ routeOptions }) => {
    limits[routeOptions.url ?? ''] = routeOptions.handlerTimeout;
  });
  for (const url of [CURRENT, '/v1/deployments', '/livez']) await app.inject({ url });
  t.same(limits, { '/v1/deployments/:id': 27_000, '/v1/deployments': 12_000, '/livez': 12_000 });
});
