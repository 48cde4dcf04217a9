import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';

/** Sends what no client of Node's would and takes everything until the server closes. */
const exchange = async (port: number, head: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${head}\r\nHost: a\r\nConnection: close\r\n\r\n`);
  return text(socket);
};

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);

t.test(
  'Given a request that says nothing of a body, when its type says JSON, then it is answered at once',
  async (t) => {
    const { app } = await buildTestApp(t);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    for (const [head, status] of [
      ['POST /v1/deployments HTTP/1.1\r\nContent-Type: application/json', 400],
      ['PATCH /v1/deployments/current HTTP/1.1\r\nContent-Type: application/merge-patch+json', 401],
      ['POST /v1/deployments HTTP/1.1\r\nContent-Type: text/plain', 415],
      ['POST /v1/nothing HTTP/1.1\r\nContent-Type: application/json', 400],
      ['GET /v1/deployments/current HTTP/1.1\r\nContent-Type: application/json', 200],
      ['DELETE /v1/deployments/current HTTP/1.1\r\nContent-Type: application/json', 401],
      ['POST /v1/deployments HTTP/1.1', 415],
    ] as const)
      t.equal(statusOf(await exchange(port, head)), status, head.replaceAll('\r\n', ', '));
  },
);
