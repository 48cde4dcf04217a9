import fc from 'fast-check';
import type { ApiDocument, Operation, Parameter, Schema } from '../app/announced.ts';

export interface FuzzRequest {
  /** As it stands in the document; null for one that the document does not know. */
  readonly route: string | null;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Text that has surprised parsers before. */
const SURPRISES = [
  '',
  '0',
  '-1',
  '1e999',
  'NaN',
  'null',
  '[]',
  '{}',
  '%',
  '%00',
  '%E0%A4%A',
  '..%2f..%2fetc',
  '__proto__',
  'constructor',
  "' OR 1=1--",
  '{{7*7}}',
  '\u0000',
  '\ud800',
  'ÿ',
  '‮',
  'x'.repeat(300),
  '9'.repeat(40),
];

const surprise = fc.oneof(fc.constantFrom(...SURPRISES), fc.string({ unit: 'binary', maxLength: 30 }));

/** What no HTTP client could put into a header is taken out. */
const asHeader = (text: string): string => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '').trim();

const asSegment = (text: string): string => encodeURIComponent(text.toWellFormed());

const text = (schema: Schema): fc.Arbitrary<string> => {
  if (typeof schema.pattern === 'string') return fc.stringMatching(new RegExp(schema.pattern));
  if (schema.format === 'date-time') {
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  const { minLength = 0, maxLength = 40 } = schema as { minLength?: number; maxLength?: number };
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 60) });
};

/** Values that fit a schema, as far as our contract needs schemas. */
const fitting = (schema: Schema): fc.Arbitrary<unknown> => {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if (Array.isArray(schema.anyOf)) return fc.oneof(...(schema.anyOf as Schema[]).map(fitting));
  const { minimum = -1_000, maximum = 100_000 } = schema as { minimum?: number; maximum?: number };
  switch (schema.type) {
    case 'object': {
      const properties = (schema.properties ?? {}) as Record<string, Schema>;
      const required = (schema.required ?? []) as string[];
      const parts = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, fitting(part)]));
      return fc.record(parts, { requiredKeys: required });
    }
    case 'integer':
      return fc.integer({ min: minimum, max: Math.max(minimum, maximum) });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return text(schema);
  }
};

/** Mostly what fits, sometimes what is nearly right, sometimes anything. */
const around = (schema: Schema): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fitting(schema).map(String), weight: 3 }, { arbitrary: surprise, weight: 1 });

const bodyOf = (operation: Operation): fc.Arbitrary<string | null> => {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const anything = fc.oneof(surprise, fc.json({ maxDepth: 4 }), fc.constant('{"__proto__":{"paused":true}}'));
  if (schema === undefined) return fc.oneof(fc.constant(null), anything);
  const fits = fitting(schema).map((value) => JSON.stringify(value));
  const odd = fc
    .tuple(fitting(schema), fc.string({ maxLength: 8 }), fc.jsonValue())
    .map(([value, name, extra]) => JSON.stringify({ ...(value as object), [name]: extra }));
  return fc.oneof({ arbitrary: fits, weight: 4 }, odd, anything, fc.constant(null), fc.constant('x'.repeat(17_000)));
};

export interface Known {
  /** Ids that exist, or existed. */
  readonly ids: readonly string[];
  /** Tokens that the server made, and the owner's. */
  readonly tokens: readonly string[];
  readonly etags: readonly string[];
  readonly cursors: readonly string[];
}

const headersOf = (known: Known, parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> => {
  const token = fc
    .oneof({ arbitrary: fc.constantFrom(...known.tokens), weight: 4 }, surprise)
    .map((value) => `Bearer ${value}`);
  const announced = parameters.filter((parameter) => parameter.in === 'header');
  const odd = fc.record(
    {
      ...Object.fromEntries(announced.map(({ name, schema }) => [name.toLowerCase(), around(schema)])),
      authorization: fc.oneof({ arbitrary: token, weight: 4 }, surprise),
      'if-none-match': fc.oneof(fc.constantFrom('*', 'W/"x"', ...known.etags), surprise),
      'if-match': fc.oneof(fc.constantFrom('*', 'W/"x"', ...known.etags), surprise),
      'idempotency-key': fc.oneof(fc.constantFrom('a', 'b', 'k'.repeat(255), 'k'.repeat(256)), surprise),
      // Longer waits would only make the run longer.
      prefer: fc.constantFrom(
        'wait=0',
        'wait=1',
        'wait="1"',
        'respond-async, wait=1',
        'wait=-1',
        'wait=x',
        'handling=lenient',
      ),
      accept: fc.constantFrom('text/plain', 'application/json', '*/*', 'text/*;q=0.5', 'image/png', ''),
      'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', '*'),
      origin: fc.oneof(fc.constantFrom('null', 'https://evil.example'), surprise),
      'x-forwarded-for': surprise,
      'x-request-id': surprise,
      'x-http-method-override': fc.constantFrom('POST', 'DELETE'),
    },
    { requiredKeys: [] },
  );
  const contentType = fc.oneof(
    { arbitrary: fc.constant('application/json'), weight: 6 },
    fc.constantFrom(
      'application/merge-patch+json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      '',
    ),
  );
  return fc.tuple(odd, contentType, fc.nat(9)).map(([headers, type, dice]) =>
    Object.fromEntries(
      Object.entries({ ...headers, 'content-type': type })
        .map(([name, value]) => [name, asHeader(value)] as const)
        // A foreign origin may write nothing, which would hide what all the other headers do.
        .filter(([name, value]) => value !== '' && (name !== 'origin' || dice === 0)),
    ),
  );
};

const pathOf = (known: Known, route: string, parameters: readonly Parameter[]): fc.Arbitrary<string> => {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const segment = fc.oneof(
    { arbitrary: fc.constantFrom('current', ...known.ids), weight: 4 },
    surprise.map(asSegment).filter((value) => value !== ''),
  );
  const value = ({ name, schema }: Parameter): fc.Arbitrary<string> =>
    name === 'cursor' && known.cursors.length > 0
      ? fc.oneof(fc.constantFrom(...known.cursors), around(schema))
      : around(schema);
  const query = fc.record(
    { ...Object.fromEntries(inQuery.map((parameter) => [parameter.name, value(parameter)])), stray: surprise },
    { requiredKeys: [] },
  );
  return fc.tuple(fc.tuple(...inPath.map(() => segment)), query, fc.nat(9)).map(([segments, given, dice]) => {
    const path = inPath.reduce((at, { name }, index) => at.replace(`{${name}}`, segments[index] ?? ''), route);
    // A query parameter nobody knows is refused, which would hide what the others do.
    const entries = Object.entries(given).filter(([name]) => name !== 'stray' || dice === 0);
    const search = entries.map(([name, text]) => `${name}=${asSegment(text)}`).join('&');
    return search === '' ? path : `${path}?${search}`;
  });
};

const READS = ['GET', 'HEAD'];

/** Requests along the document: every operation, and every other method on its path. */
export const requestsOf = (document: ApiDocument, known: Known, onlyReads: boolean): fc.Arbitrary<FuzzRequest> => {
  const methods = onlyReads
    ? [...READS, 'OPTIONS']
    : [...READS, 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'];
  const operations = Object.entries(document.paths).flatMap(([route, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ route, method: method.toUpperCase(), operation })),
  );
  const wanted = operations.filter(({ method }) => !onlyReads || READS.includes(method));
  const announced = wanted.map(({ route, method, operation }) => {
    const parameters = operation.parameters ?? [];
    return fc.record({
      route: fc.constant<string | null>(route),
      // HEAD is a GET without its body.
      method: method === 'GET' ? fc.constantFrom('GET', 'GET', 'GET', 'HEAD') : fc.constant(method),
      path: pathOf(known, route, parameters),
      headers: headersOf(known, parameters),
      body: method === 'GET' ? fc.constant(null) : bodyOf(operation),
    });
  });
  const strayPath = fc.oneof(
    fc.constantFrom('/', '/d/current', '/assets/page.js', '/robots.txt', '/problems/paused', '/docs', '/openapi.json'),
    fc.constantFrom(...operations.map(({ route }) => route.replace('{id}', 'current'))),
    fc.array(surprise.map(asSegment), { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  );
  const stray = fc.constantFrom(...methods).chain((method) =>
    fc.record({
      route: fc.constant<string | null>(null),
      method: fc.constant(method),
      path: strayPath,
      headers: headersOf(known, []),
      body: READS.includes(method) ? fc.constant(null) : fc.oneof(fc.constant(null), fc.json(), surprise),
    }),
  );
  return fc.oneof({ arbitrary: fc.oneof(...announced), weight: 5 }, { arbitrary: stray, weight: 1 });
};
