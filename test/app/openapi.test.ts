import { Ajv2020 } from 'ajv/dist/2020.js';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import t from 'tap';
import { buildTestApp, type TestApp } from '../fakes/http-app.ts';
import { SAMPLE_START, samplePipeline, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';
import { type Answer, type ApiDocument, createCheck } from './announced.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const OWNER = { authorization: 'Bearer owner' };
const GONE = '01930000-0000-7000-8000-000000000002';

const answerOf = ({ statusCode, headers, body }: LightMyRequestResponse): Answer => ({
  statusCode,
  contentType: String(headers['content-type'] ?? ''),
  body,
});

const documentOf = async ({ app }: TestApp): Promise<ApiDocument> => {
  const response = await app.inject({ url: '/openapi.json' });
  return response.json();
};

/** Everything a `$ref` points to, from anywhere in the document. */
const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) =>
    name === '$ref' && typeof entry === 'string' ? [entry] : referencesIn(entry),
  );
};

t.test('Given the document, When it is read, Then it is OpenAPI 3.1 and whole', async (t) => {
  const document = await documentOf(await buildTestApp(t));
  t.equal(document.openapi, '3.1.0');
  t.equal(document.info.version, '1.2.3');
  t.same(document.servers, [{ url: 'https://demo.example' }]);
  t.same(Object.keys(document.components.schemas).toSorted(), ['Deployment', 'Problem']);
  for (const reference of referencesIn(document)) {
    const name = reference.replace('#/components/schemas/', '');
    t.ok(name in document.components.schemas, `${reference} is there`);
  }
});

t.test('Given every schema of the document, When it is held against the meta-schema, Then it is one', async (t) => {
  const { paths, components } = await documentOf(await buildTestApp(t));
  const ajv = new Ajv2020({ strict: false });
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const schemas = [
    ...Object.values(components.schemas),
    ...operations.flatMap(({ parameters = [] }) => parameters.map(({ schema }) => schema)),
    ...operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)),
    ...operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content).map((media) => (media as { schema: object }).schema),
      ),
    ),
  ];
  t.ok(schemas.length > 60, 'they were found');
  for (const schema of schemas) t.equal(ajv.validateSchema(schema as object), true, ajv.errorsText(ajv.errors));
  t.equal(ajv.validateSchema({ type: 'nothing' }), false, 'the check itself can fail');
});

t.test(
  'Given the document, When its routes are read, Then each is there with a description of every answer',
  async (t) => {
    const { paths } = await documentOf(await buildTestApp(t));
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, operation })),
    );
    t.same(operations.map(({ route }) => route).toSorted(), [
      'delete /v1/deployments/{id}',
      'get /healthz',
      'get /livez',
      'get /metrics',
      'get /readyz',
      'get /v1/deployments',
      'get /v1/deployments/{id}',
      'get /v1/deployments/{id}/logs',
      'get /v1/deployments/{id}/pipeline',
      'get /v1/deployments/{id}/replay',
      'patch /v1/deployments/{id}',
      'post /v1/deployments',
      'put /v1/switch',
    ]);
    t.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
    for (const { route, operation } of operations) {
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        t.not(description, 'Default Response', `${route} ${status} is described`);
        const isProblem = Number(status) >= 400 && !/readyz|healthz/.test(route);
        if (isProblem) t.same(Object.keys(content ?? {}), ['application/problem+json'], `${route} ${status}`);
      }
    }
  },
);

t.test('Given real answers of every route, When they are held against the document, Then they fit', async (t) => {
  const built = await buildTestApp(t);
  const { app, demo, clock, credentials, health } = built;
  const check = createCheck(await documentOf(built));
  await health.refresh();
  demo.tombstones.set(GONE, sampleTombstone(GONE, { sample: true }));
  const now = clock.now();
  const record = sampleRecord(ID, {
    controlTokenHash: credentials.hash(`control:${ID}`),
    liveAt: now,
    expiresAt: now + 60_000,
    maxExpiresAt: now + 3_600_000,
  });
  demo.active = { ...record, observation: { ...record.observation, applyPipeline: samplePipeline(7) } };
  demo.pipeline = {
    pipeline: samplePipeline(7),
    direction: 'apply',
    progress: 0.5,
    observedAt: SAMPLE_START,
    stale: false,
  };
  demo.logs = { jobId: 70, jobName: 'apply', lines: ['x'], nextLine: 1, complete: false };
  const starter = { authorization: `Bearer control:${ID}` };
  const patch = { expires_at: new Date(now + 120_000).toISOString() };
  const byId = '/v1/deployments/{id}';
  const cases: [string, number, InjectOptions][] = [
    [byId, 200, { url: '/v1/deployments/current' }],
    [byId, 200, { url: `/v1/deployments/${GONE}` }],
    [byId, 404, { url: '/v1/deployments/x' }],
    [byId, 414, { url: `/v1/deployments/${'x'.repeat(101)}` }],
    [`${byId}/pipeline`, 200, { url: `/v1/deployments/${ID}/pipeline` }],
    [`${byId}/pipeline`, 404, { url: '/v1/deployments/x/pipeline' }],
    [`${byId}/logs`, 200, { url: `/v1/deployments/${ID}/logs` }],
    [`${byId}/logs`, 200, { url: `/v1/deployments/${ID}/logs`, headers: { accept: 'text/plain' } }],
    [`${byId}/logs`, 400, { url: `/v1/deployments/${ID}/logs?cursor=x` }],
    [`${byId}/logs`, 404, { url: `/v1/deployments/${ID}/logs?job=1` }],
    [`${byId}/replay`, 200, { url: '/v1/deployments/latest/replay' }],
    [`${byId}/replay`, 404, { url: `/v1/deployments/${ID}/replay` }],
    ['/v1/deployments', 200, { url: '/v1/deployments' }],
    ['/v1/deployments', 400, { url: '/v1/deployments?limit=x' }],
    ['/v1/deployments', 409, { method: 'POST', url: '/v1/deployments', payload: {} }],
    ['/v1/deployments', 400, { method: 'POST', url: '/v1/deployments', payload: { x: 1 } }],
    ['/v1/deployments', 415, { method: 'POST', url: '/v1/deployments' }],
    [byId, 200, { method: 'PATCH', url: `/v1/deployments/${ID}`, headers: starter, payload: patch }],
    [byId, 401, { method: 'PATCH', url: `/v1/deployments/${ID}`, payload: patch }],
    [
      byId,
      422,
      {
        method: 'PATCH',
        url: `/v1/deployments/${ID}`,
        headers: starter,
        payload: { expires_at: '2020-01-01T00:00:00Z' },
      },
    ],
    [byId, 403, { method: 'DELETE', url: `/v1/deployments/${ID}`, headers: { authorization: 'Bearer control:x' } }],
    [byId, 428, { method: 'DELETE', url: '/v1/deployments/current', headers: { authorization: 'Bearer owner' } }],
    [byId, 202, { method: 'DELETE', url: `/v1/deployments/${ID}`, headers: starter }],
    ['/v1/switch', 200, { method: 'PUT', url: '/v1/switch', headers: OWNER, payload: { paused: true, reason: 'x' } }],
    ['/v1/switch', 200, { method: 'PUT', url: '/v1/switch', headers: OWNER, payload: { paused: false } }],
    ['/v1/switch', 400, { method: 'PUT', url: '/v1/switch', headers: OWNER, payload: { paused: 'x' } }],
    ['/v1/switch', 401, { method: 'PUT', url: '/v1/switch', payload: { paused: true } }],
    ['/v1/switch', 403, { method: 'PUT', url: '/v1/switch', headers: starter, payload: { paused: true } }],
    ['/v1/switch', 415, { method: 'PUT', url: '/v1/switch', headers: OWNER }],
    ['/healthz', 200, { url: '/healthz', headers: { authorization: 'Bearer owner' } }],
    ['/livez', 200, { url: '/livez' }],
    ['/metrics', 200, { url: '/metrics', headers: { authorization: 'Bearer owner' } }],
    ['/metrics', 401, { url: '/metrics' }],
    ['/metrics', 403, { url: '/metrics', headers: starter }],
    ['/readyz', 200, { url: '/readyz' }],
  ];
  for (const [path, status, request] of cases) {
    const response = await app.inject(request);
    t.equal(response.statusCode, status, `${request.method ?? 'GET'} ${String(request.url).slice(0, 80)}`);
    t.equal(check(path, (request.method ?? 'GET').toLowerCase(), answerOf(response)), null);
  }
  demo.active = null;
  const started = await app.inject({ method: 'POST', url: '/v1/deployments', payload: {} });
  t.equal(check('/v1/deployments', 'post', answerOf(started)), null);
  t.match(check('/v1/deployments', 'get', answerOf(started)), /not announced/, 'the check itself can fail');
});
