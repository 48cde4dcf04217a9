import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { ledgerCursor, logCursor } from '../../src/routes/cursors.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { samplePipeline, sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';

/** Text that has surprised parsers before. */
const nasty = fc.constantFrom(
  ...[
    '',
    '__proto__',
    'constructor',
    'toString',
    '%',
    '%00',
    '%E0%A4%A',
    '%2e%2e',
    '..',
    '*',
    ':id',
    '{}',
    '\\',
    'null',
  ],
  ...[
    'NaN',
    '-0',
    '1e999',
    '9'.repeat(400),
    'x'.repeat(5_000),
    '\u0000',
    '\ud800',
    'ÿ',
    '‮',
    "' OR 1=1",
    '{{x}}',
    'true',
  ],
);
const piece = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(ID, 'current', 'ACTIVE'));
const encoded = piece.map((text) => encodeURIComponent(text.toWellFormed()));
// A raw target is sent as it is; what no HTTP client could send is taken out.
const raw = piece.map((text) => text.replace(/[^\x21-\x7e]/g, '').replaceAll('#', ''));
const segment = fc.oneof(encoded, raw, fc.constantFrom(ID, 'current'));

const path = fc.oneof(
  fc.constantFrom('/v1/deployments', '/v1/switch', '/healthz', '/livez', '/readyz', '/openapi.json'),
  segment.map((id) => `/v1/deployments/${id}`),
  fc.tuple(segment, fc.constantFrom('pipeline', 'logs')).map(([id, leaf]) => `/v1/deployments/${id}/${leaf}`),
  segment.map((slug) => `/problems/${slug}`),
  fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`),
);
const cursor = fc.oneof(
  segment,
  fc.tuple(fc.integer(), fc.integer()).map(([jobId, line]) => logCursor({ jobId, line })),
  fc.tuple(fc.integer(), piece).map(([createdAt, id]) => encodeURIComponent(ledgerCursor({ createdAt, id }))),
);
const parameter = fc
  .tuple(fc.constantFrom('cursor', 'job', 'limit', '__proto__', 'x'), cursor)
  .map(([name, value]) => `${name}=${value}`);
const url = fc
  .tuple(path, fc.array(parameter, { maxLength: 3 }))
  .map(([at, query]) => (query.length === 0 ? at : `${at}?${query.join('&')}`))
  // The injector itself parses it as a URL before it sends anything.
  .filter((target) => URL.canParse(target, 'http://localhost'));

// Node itself refuses what is no header value before it is sent.
const headerValue = piece.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 2_000));
const headerName = fc.constantFrom(
  ...['accept', 'authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'origin', 'prefer'],
  ...[
    'sec-fetch-site',
    'x-forwarded-for',
    'forwarded',
    'x-request-id',
    'access-control-request-method',
    'accept-version',
  ],
);
const likelyHeaders = fc.constantFrom<Record<string, string>>(
  {},
  { authorization: 'Bearer owner' },
  { authorization: `Bearer control:${ID}` },
  { 'content-type': 'application/json' },
  { authorization: 'Bearer owner', 'content-type': 'application/merge-patch+json', 'if-match': '*' },
);
const headers = fc
  .tuple(likelyHeaders, fc.dictionary(headerName, headerValue, { maxKeys: 4 }))
  .map(([likely, odd]) => ({ ...likely, ...odd }));

const body = fc.oneof(
  fc.constant(undefined),
  piece,
  fc.json(),
  fc.record({ duration_minutes: fc.jsonValue() }).map((value) => JSON.stringify(value)),
  fc
    .record({ paused: fc.boolean(), reason: fc.oneof(fc.jsonValue(), piece) }, { requiredKeys: ['paused'] })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ expires_at: fc.oneof(fc.jsonValue(), fc.date({ noInvalidDate: true })) })
    .map((value) => JSON.stringify(value)),
);
const anything = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
  url,
  headers,
  body,
});

/** Requests that get past the first guards, so that bodies, tokens and preconditions are met as well. */
const nearlyRight = fc.record({
  method: fc.constantFrom('POST', 'PATCH', 'DELETE', 'GET', 'PUT'),
  url: fc.constantFrom('/v1/deployments', '/v1/switch', `/v1/deployments/${ID}`, '/v1/deployments/current'),
  headers: fc.record(
    {
      'content-type': fc.constantFrom('application/json', 'application/merge-patch+json'),
      authorization: fc.oneof(
        fc.constantFrom('Bearer owner', `Bearer control:${ID}`),
        headerValue.map((value) => `Bearer ${value}`),
      ),
      'if-match': fc.oneof(fc.constant('*'), headerValue),
      'idempotency-key': headerValue,
    },
    { requiredKeys: ['content-type'] },
  ),
  body,
});
const request = fc.oneof(anything, nearlyRight);

const SECRET_NAMES = /visitorHash|controlTokenHash|"policy"|writeId|FST_ERR|node_modules/;

t.test('Given anything a client can send, When it arrives, Then it is answered, never with a 500', async (t) => {
  const { app, demo, clock, credentials, health } = await buildTestApp(t, {
    app: { clientIpSource: { kind: 'forwarded', trusted: '127.0.0.0/8' } },
  });
  await health.refresh();
  const start = (): void => {
    const now = clock.now();
    const controlTokenHash = credentials.hash(`control:${ID}`);
    const live = { liveAt: now, expiresAt: now + 60_000, maxExpiresAt: now + 3_600_000 };
    demo.active = sampleRecord(ID, { controlTokenHash, createdAt: now, ...live });
  };
  demo.pipeline = {
    pipeline: samplePipeline(7),
    direction: 'apply',
    progress: 0.5,
    observedAt: clock.now(),
    stale: false,
  };
  demo.logs = { jobId: 70, jobName: 'apply', lines: ['x'], nextLine: 1, complete: false };
  const statuses = new Map<number, number>();

  await fc.assert(
    fc.asyncProperty(request, async ({ method, url: target, headers: sent, body: payload }) => {
      start();
      const options: InjectOptions = { method: method as 'GET', url: target, headers: sent };
      const response = await app.inject(payload === undefined ? options : { ...options, payload });
      const { statusCode } = response;
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      if (statusCode >= 500) throw new Error(`${statusCode} ${response.body.slice(0, 500)}`);
      if (response.headers['x-request-id'] === undefined) throw new Error('no request id');
      if (response.headers['x-content-type-options'] !== 'nosniff') throw new Error('no security headers');
      if (SECRET_NAMES.test(response.body)) throw new Error(`says too much: ${response.body.slice(0, 500)}`);
      if (statusCode < 400 || method === 'HEAD') return;
      if (!String(response.headers['content-type']).startsWith('application/problem+json')) {
        throw new Error(`no problem: ${statusCode} ${response.body.slice(0, 500)}`);
      }
      if (response.json().status !== statusCode) throw new Error('another status in the body');
      // What is stored must stay a time whatever was asked for.
      if (!Number.isFinite(demo.active?.deployment.expiresAt ?? 0)) throw new Error('the end is no time');
    }),
    { numRuns: 600 },
  );
  // Each of these is met often in so many runs, whatever the seed.
  for (const status of [200, 400, 401, 404, 405, 415]) t.ok((statuses.get(status) ?? 0) > 0, `${status} was met`);
});
