import { Socket } from 'node:net';
import t from 'tap';
import { createClientErrorHandler, rawProblem } from '../../src/routes/client-errors.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { exchangeRaw } from '../fakes/raw-exchange.ts';

const OPTIONS = { publicUrl: 'https://demo.example', headers: { 'X-Content-Type-Options': 'nosniff' } };

t.test('Given bytes that are no request, When they arrive, Then the answer is a problem and the end', async (t) => {
  const { app } = await buildTestApp(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cases = [
    ['GET / HTTP/1.1\r\nbroken\r\n\r\n', 400, 'REQUEST_INVALID'],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ] as const;
  for (const [bytes, status, code] of cases) {
    const answer = await exchangeRaw(port, bytes);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    t.match(head, `HTTP/1.1 ${status} `);
    t.match(head, 'Content-Type: application/problem+json');
    t.match(head, 'X-Content-Type-Options: nosniff');
    t.match(JSON.parse(body), { status, code, type: /\/problems\// });
  }
});

t.test('Given a request that never ends, When its time is up, Then 408', async (t) => {
  const answer = rawProblem('ERR_HTTP_REQUEST_TIMEOUT', { ...OPTIONS, newRequestId: () => 'id-1' });
  t.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  t.match(answer, 'X-Request-Id: id-1\r\n');
});

t.test('Given a connection that is gone, When its error arrives, Then nothing is written', async (t) => {
  const handle = createClientErrorHandler({ ...OPTIONS, newRequestId: () => String(t.fail('nothing to answer')) });
  const socket = new Socket();
  handle(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), socket);
  t.equal(socket.destroyed, false);
  // A socket that was never connected takes no answer, so it is only closed.
  handle(new Error('no code'), Object.defineProperty(socket, 'writable', { value: false }));
  t.equal(socket.destroyed, true);
  handle(new Error('again'), socket);
});

t.test(
  'Given a body that does not come to its end, When the time is up, Then it is a 408 and the end of the connection',
  async (t) => {
    const { app } = await buildTestApp(t);
    app.post('/slow', { handlerTimeout: 60 }, async () => ({}));
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await exchangeRaw(
      port,
      'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{',
    );
    t.match(answer, /^HTTP\/1\.1 408 /);
    t.match(answer, /connection: close/i);
    t.match(answer, 'REQUEST_TIMEOUT');
  },
);
