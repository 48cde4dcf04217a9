import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { endEmptyBodies, serverWith } from '../../src/routes/http-server.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { CURRENT, serveOnSocket } from '../fakes/http-socket.ts';
import { exchangeRaw } from '../fakes/raw-exchange.ts';

/** Sends a last request with this head behind what is before it. */
const exchange = (port: number, head: string): Promise<string> =>
  exchangeRaw(port, `${head}\r\nHost: a\r\nConnection: close\r\n\r\n`);

const listen = async (app: FastifyInstance): Promise<number> =>
  Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);

const statusesOf = (answers: string): readonly number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

t.test(
  'Given a request that says nothing of a body, when its type says JSON, then it is answered at once',
  async (t) => {
    const { app } = await buildTestApp(t);
    const port = await listen(app);
    for (const [head, status] of [
      ['POST /v1/deployments HTTP/1.1\r\nContent-Type: application/json', 400],
      ['PATCH /v1/deployments/current HTTP/1.1\r\nContent-Type: application/merge-patch+json', 401],
      ['POST /v1/deployments HTTP/1.1\r\nContent-Type: text/plain', 415],
      ['POST /v1/nothing HTTP/1.1\r\nContent-Type: application/json', 400],
      ['GET /v1/deployments/current HTTP/1.1\r\nContent-Type: application/json', 200],
      ['DELETE /v1/deployments/current HTTP/1.1\r\nContent-Type: application/json', 401],
      ['POST /v1/deployments HTTP/1.1', 415],
    ] as const)
      t.same(statusesOf(await exchange(port, head)), [status], head.replaceAll('\r\n', ', '));
  },
);

t.test('Given requests that wait for their answer, When the client goes away, Then all of them are told', async (t) => {
  const app = Fastify({ serverFactory: serverWith({ answer: () => false }), handlerTimeout: 60_000 });
  endEmptyBodies(app);
  const begun = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const told = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  app.get<{ Params: { number: string } }>('/:number', async ({ params, signal }, reply) => {
    const number = Number(params.number);
    begun[number]?.resolve();
    signal.addEventListener('abort', () => told[number]?.resolve());
    await told[number]?.promise;
    return reply.hijack();
  });
  const socket = connect(await listen(app), '127.0.0.1');
  // One after the other on one connection: the answers to the last two have to wait for the first.
  for (const number of [0, 1, 2]) socket.write(`GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await Promise.all(begun.map(({ promise }) => promise));
  socket.destroy();
  await Promise.all(told.map(({ promise }) => promise));
  t.pass('none waits for its time');
  await app.close();
});

for (const isShort of [true, false]) {
  t.test(
    `Given reads held one behind the other, When the client goes away, Then no place is taken (${isShort ? 'short way' : 'route'})`,
    async (t) => {
      const { port, ask, untilHeld } = await serveOnSocket(t, isShort);
      const { headers } = await ask();
      const socket = connect(port, '127.0.0.1');
      const held = `GET ${CURRENT} HTTP/1.1\r\nHost: a\r\nPrefer: wait=20\r\nIf-None-Match: ${headers.etag}\r\n\r\n`;
      socket.write(held.repeat(3));
      await untilHeld(3);
      socket.destroy();
      await untilHeld(0);
      t.pass('all three are free');
    },
  );
}

t.test('Given a client that asks too much, When it is refused, Then it may go on on its connection', async (t) => {
  const { app } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 1 } } });
  const port = await listen(app);
  const ask = `GET ${CURRENT} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const answers = await exchange(port, `${ask}${ask}${ask}GET ${CURRENT} HTTP/1.1`);
  t.same(statusesOf(answers), [200, 429, 429, 429]);
  // This one is refused before Node has said that the request is whole.
  const foreign = `DELETE ${CURRENT} HTTP/1.1\r\nHost: a\r\nOrigin: https://stranger.example`;
  const foreigners = await exchange(port, `${foreign}\r\n\r\n${foreign}`);
  t.same(statusesOf(foreigners), [403, 403]);
  // What is still to come of a body is not read for it.
  const post =
    'POST /v1/deployments HTTP/1.1\r\nHost: a\r\nOrigin: https://stranger.example\r\nContent-Length: 2\r\n\r\n{}';
  const refused = await exchange(port, `${post}GET /livez HTTP/1.1`);
  t.same(statusesOf(refused), [403]);
});
