import t from 'tap';
import { createSerializerFactory } from '../../src/routes/serializers.ts';

const ROUTE = { method: 'GET', url: '/', httpStatus: '200' };
const SHAPE = { $id: 'Shape', type: 'object', properties: { a: { type: 'integer' } } };

t.test('Given the same schema for many routes, When serialisers are asked for, Then there is one', async (t) => {
  const build = createSerializerFactory();
  const compile = build({ Shape: SHAPE });
  const schema = () => ({ $ref: 'Shape#' });
  const first = compile({ ...ROUTE, schema: schema() });
  t.equal(compile({ ...ROUTE, url: '/other', httpStatus: '404', schema: schema() }), first);
  t.equal(build({ Shape: { ...SHAPE } })({ ...ROUTE, schema: schema() }), first, 'also in another context');
  t.equal(first({ a: 1, secret: 'x' }), '{"a":1}', 'and it still writes what the schema knows, and nothing else');
});

t.test('Given another schema, or another meaning of the same name, When asked, Then it is another one', async (t) => {
  const build = createSerializerFactory();
  const first = build({ Shape: SHAPE })({ ...ROUTE, schema: { $ref: 'Shape#' } });
  const other = build({ Shape: { ...SHAPE, properties: { b: { type: 'string' } } } });
  t.equal(other({ ...ROUTE, schema: { $ref: 'Shape#' } })({ a: 1, b: 'x' }), '{"b":"x"}');
  t.not(build({ Shape: SHAPE })({ ...ROUTE, schema: { type: 'object' } }), first);
});
