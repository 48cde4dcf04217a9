// The two peers of the read benchmark, each as small as its framework allows: one JSON field, nothing else. Started by
// the benchmark with the peer's name: node bench/server/peers.ts fastify|http
import { createServer } from 'node:http';
import Fastify from 'fastify';
import { answerWithFigures } from './figures.ts';

const HOST = '127.0.0.1';
const schema = { response: { 200: { type: 'object', properties: { hello: { type: 'string' } } } } };

const startFastify = async (): Promise<string> => {
  const app = Fastify();
  app.get('/', { schema }, async () => ({ hello: 'world' }));
  return app.listen({ host: HOST, port: 0 });
};

const startHttp = async (): Promise<string> => {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ hello: 'world' }));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, HOST, resolve);
  await promise;
  const address = server.address();
  return `http://${HOST}:${typeof address === 'object' ? address?.port : ''}`;
};

answerWithFigures(process.argv[2] === 'http' ? await startHttp() : await startFastify());
