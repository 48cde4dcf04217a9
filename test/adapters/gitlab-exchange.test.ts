import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import t, { type Test } from 'tap';
import { createExchange, createGitlabDispatcher } from '../../src/adapters/gitlab-exchange.ts';
import { GitlabFailure } from '../../src/adapters/gitlab-failure.ts';
import { failureOf, showsToken, TOKENS } from './gitlab-world.ts';

/** A real server on the loopback interface, and the real connections to it. */
const setUp = async (t: Test, listener: RequestListener, totalMs = 5_000) => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispatcher = createGitlabDispatcher();
  t.teardown(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const exchange = createExchange(dispatcher, { headersMs: totalMs, bodyMs: totalMs, totalMs });
  const request = (maxBytes = 1_000) => ({
    method: 'GET' as const,
    url: new URL(`http://127.0.0.1:${port}/x?y=1`),
    token: TOKENS.current,
    body: null,
    maxBytes,
  });
  return { exchange, request, server };
};

t.test('Given an endless body, when it is longer than wanted, then the transfer ends there', async (t) => {
  let closed: Promise<unknown> = Promise.resolve();
  const { exchange, request } = await setUp(t, (_request, response) => {
    closed = once(response, 'close');
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
      response.once('drain', more);
    };
    more();
  });
  const answer = await exchange(request(25_000));
  t.same([answer.bytes.byteLength, answer.isCut], [25_000, true]);
  await closed;
  t.equal((await exchange(request(25_000))).isCut, true, 'and the next request is fine');
});

t.test('Given a repeated header, when it is read, then its values are joined', async (t) => {
  const { exchange, request } = await setUp(t, (_request, response) => {
    response.writeHead(200, { Link: ['<a>; rel="first"', '<b>; rel="next"'] }).end('{}');
  });
  const { headers } = await exchange(request());
  t.equal(headers.link, '<a>; rel="first", <b>; rel="next"');
});

for (const [what, listener] of [
  ['a closed connection', (_request, response) => response.destroy()],
  ['no answer', () => {}],
  ['a body that never ends', (_request, response) => response.writeHead(200).write('{"id"')],
  [
    'a body cut short',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"id"');
      setImmediate(() => response.destroy());
    },
  ],
] satisfies readonly (readonly [string, RequestListener])[]) {
  t.test(`Given ${what}, when the time is over, then there is no answer and no secret in the failure`, async (t) => {
    const { exchange, request } = await setUp(t, listener, 50);
    const error = await failureOf(exchange(request()));
    t.ok(error instanceof GitlabFailure && error.kind === 'no_answer');
    t.match(error.message, /^GET \/x: \w+$/);
    t.equal(error.cause, undefined);
    t.notOk(showsToken(error));
  });
}

t.test('Given nobody listens, then there is no answer', async (t) => {
  const { exchange, request, server } = await setUp(t, () => {});
  server.close();
  const error = await failureOf(exchange(request()));
  t.match(error.message, /ECONNREFUSED/);
});
