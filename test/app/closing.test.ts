import { Agent, request } from 'node:http';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

const ask = (port: number, path: string, agent?: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

t.test(
  'Given a server that is going down, When a request still arrives, Then 503 as a problem; probes answer',
  async (t) => {
    const answers: Answer[] = [];
    // The last thing before the port is closed, and after the application has begun to refuse.
    const pages = async (app: FastifyInstance): Promise<void> => {
      app.addHook('preClose', async () => {
        const address = app.server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        answers.push(await ask(port, '/v1/deployments/current'), await ask(port, '/livez'), await ask(port, '/readyz'));
      });
    };
    const { app, health } = await buildTestApp(t, { pages });
    await health.refresh();
    await app.listen({ host: '127.0.0.1', port: 0 });
    health.beginShutdown();
    await app.close();
    const [refused, live, ready] = answers;
    t.equal(refused?.status, 503);
    t.match(refused?.headers, { 'content-type': /problem\+json/, 'retry-after': '5' });
    t.equal(JSON.parse(refused?.body ?? '')?.code, 'SHUTTING_DOWN');
    t.equal(live?.status, 200);
    t.equal(ready?.status, 503);
  },
);

t.test(
  'Given a request that is still being answered, When the server closes, Then its client does not keep the connection',
  async (t) => {
    const arrived = Promise.withResolvers<void>();
    const answering = Promise.withResolvers<string>();
    const pages = async (app: FastifyInstance): Promise<void> => {
      app.get('/slow', async () => {
        arrived.resolve();
        return answering.promise;
      });
      app.addHook('preClose', async () => answering.resolve('done'));
    };
    const { app } = await buildTestApp(t, { pages });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const agent = new Agent({ keepAlive: true });
    t.teardown(() => agent.destroy());
    const asked = ask(typeof address === 'object' && address !== null ? address.port : 0, '/slow', agent);
    await arrived.promise;
    const closed = app.close();
    t.match(await asked, { status: 200, body: 'done', headers: { connection: 'close' } });
    await closed;
    t.pass('and so nobody is waited for');
  },
);
