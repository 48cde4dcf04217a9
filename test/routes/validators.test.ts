import Fastify from 'fastify';
import t from 'tap';
import { createValidatorFactory } from '../../src/routes/validators.ts';

const appWith = (headers: object) => {
  const app = Fastify({ schemaController: { compilersFactory: { buildValidator: createValidatorFactory() } } });
  const schema = { headers, body: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } };
  app.post('/', { schema }, async () => 'fine');
  return app;
};

const OPTIONAL = { type: 'object', properties: { 'x-count': { type: 'string', pattern: '^[0-9]+$' } } };

t.test('Given a route with schemas, When requests come, Then each part is checked and told of by name', async (t) => {
  const app = appWith(OPTIONAL);
  const ask = async (payload: object, headers = {}) => {
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/', payload, headers });
    return [statusCode, statusCode === 200 ? body : JSON.parse(body).message];
  };
  t.same(await ask({ a: 1 }), [200, 'fine']);
  t.same(await ask({ a: 'x' }), [400, 'body/a must be integer']);
  t.same(await ask({}), [400, "body must have required property 'a'"], 'not the error before');
  t.same(await ask({ a: 1 }, { 'X-Count': '12' }), [200, 'fine']);
  t.same(await ask({ a: 1 }, { 'X-Count': 'many' }), [400, 'headers/x-count must match pattern "^[0-9]+$"']);
  await app.close();
});

t.test('Given headers that Node would never give, When the route is made, Then it is refused', async (t) => {
  const wrong = { type: 'object', properties: { 'X-Count': { type: 'string' } } };
  await t.rejects(async () => appWith(wrong).ready(), { message: /X-Count, which must be in lower case/ });
});
