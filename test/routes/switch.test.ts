import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { buildTestApp, LISTED_ORIGIN, PUBLIC_URL } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const OWNER = { authorization: 'Bearer owner' };

const built = await buildTestApp(t);

/** One application for nearly all tests, because building one is what takes long; nothing of the test before is left. */
const setUp = () => {
  const { demo, lines } = built;
  Object.assign(demo, { position: null, switched: 0, failure: null });
  lines.length = 0;
  return built;
};

/** Names a text that a report could not show. */
const codePointsOf = (text: string): string => [...text].map((one) => one.codePointAt(0)?.toString(16)).join(' ');

const put = (payload: unknown, headers: Record<string, string> = OWNER): InjectOptions => ({
  method: 'PUT',
  url: '/v1/switch',
  headers: { 'content-type': 'application/json', ...headers },
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
});

t.test(
  'Given the owner, When he pauses and resumes, Then 200 shows where it stands, and it stands there',
  async (t) => {
    const { app, demo, clock, lines } = setUp();
    const paused = await app.inject(put({ paused: true, reason: 'Back on Monday' }));
    t.equal(paused.statusCode, 200);
    t.equal(paused.headers['cache-control'], 'no-store');
    t.same(paused.json(), { paused: true, reason: 'Back on Monday', changed_at: new Date(clock.now()).toISOString() });
    t.same(demo.position, { paused: true, reason: 'Back on Monday', changedAt: clock.now() });
    clock.advance(60_000);
    const resumed = await app.inject(put({ paused: false }));
    t.same(resumed.json(), { paused: false, reason: null, changed_at: new Date(clock.now()).toISOString() });
    t.same(demo.position, { paused: false, reason: null, changedAt: clock.now() });
    t.equal(demo.switched, 2, 'what is shared of it was said to be stale');
    t.match(
      lines.filter(({ event }) => event === 'switch.moved'),
      [{ paused: true }, { paused: false }],
    );
    t.notMatch(JSON.stringify(lines), 'Back on Monday');
  },
);

t.test('Given it stands there already, When the same comes again, Then the same answer, and no write', async (t) => {
  const { app, demo, clock } = setUp();
  for (const body of [{ paused: true }, { paused: true, reason: 'Holidays' }, { paused: false, reason: 'Holidays' }]) {
    const first = await app.inject(put(body));
    const { position } = demo;
    clock.advance(1_000);
    const again = await app.inject(put(body));
    t.equal(again.statusCode, 200);
    t.same(again.json(), first.json());
    t.equal(demo.position, position, 'not even written');
  }
});

t.test('Given no token or one that is not ours, When it is moved, Then 401 and it stays', async (t) => {
  const { app, demo } = setUp();
  for (const authorization of [undefined, '', 'Bearer nonsense', 'Bearer', 'Basic b3duZXI6', 'owner', 'Bearer Owner']) {
    const response = await app.inject(put({ paused: true }, authorization === undefined ? {} : { authorization }));
    checkProblem(t, response, 401, 'TOKEN_MISSING');
    t.equal(response.headers['www-authenticate'], 'Bearer');
  }
  t.equal(demo.position, null);
  t.equal(demo.switched, 0);
});

t.test('Given the starter of a deployment, When he moves it, Then 403: his token is for that one alone', async (t) => {
  const { app, demo } = setUp();
  const response = await app.inject(put({ paused: true }, { authorization: `Bearer control:${ID}` }));
  checkProblem(t, response, 403, 'OWNER_NEEDED');
  t.equal(demo.position, null);
});

t.test('Given a stranger, When his body is broken or of another type, Then he learns only of the token', async (t) => {
  const { app } = setUp();
  for (const request of [put('{', {}), put('x', { 'content-type': 'text/plain' }), put('x'.repeat(20_000), {})]) {
    checkProblem(t, await app.inject(request), 401, 'TOKEN_MISSING');
  }
});

t.test('Given a body that is not the agreed one, When the owner puts it, Then 400 names the field', async (t) => {
  const { app, demo } = setUp();
  const cases: [string, string, string][] = [
    ['null', 'body', 'type'],
    ['[]', 'body', 'type'],
    ['true', 'body', 'type'],
    ['{}', 'paused', 'required'],
    ['{"reason":"x"}', 'paused', 'required'],
    ['{"paused":"true"}', 'paused', 'type'],
    ['{"paused":1}', 'paused', 'type'],
    ['{"paused":null}', 'paused', 'type'],
    ['{"paused":true,"until":"Monday"}', 'until', 'additionalProperties'],
    ['{"paused":true,"reason":null}', 'reason', 'type'],
    ['{"paused":true,"reason":""}', 'reason', 'minLength'],
  ];
  for (const [payload, field, rule] of cases) {
    const problem = checkProblem(t, await app.inject(put(payload)), 400, 'VALIDATION_FAILED');
    t.match(problem.errors, [{ field, rule }], payload);
  }
  for (const payload of ['', '{', '{"paused":true}x', '{"__proto__":{"paused":true}}']) {
    checkProblem(t, await app.inject(put(payload)), 400, 'BODY_INVALID');
  }
  t.equal(demo.position, null);
});

t.test('Given a type that is not JSON, When the owner puts it, Then 415 says what is taken', async (t) => {
  const { app, demo } = setUp();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/merge-patch+json']) {
    const response = await app.inject(put('{"paused":true}', { ...OWNER, 'content-type': type }));
    checkProblem(t, response, 415, 'UNSUPPORTED_MEDIA_TYPE');
    t.equal(response.headers.accept, 'application/json');
  }
  const untyped = await app.inject({ method: 'PUT', url: '/v1/switch', headers: OWNER });
  checkProblem(t, untyped, 415, 'UNSUPPORTED_MEDIA_TYPE');
  checkProblem(t, await app.inject(put('x'.repeat(16_385))), 413, 'BODY_TOO_LARGE');
  t.equal(demo.position, null);
});

t.test(
  'Given a reason, When it is 200 long it is taken, and longer, blank or not printable it is refused',
  async (t) => {
    const { app, demo } = setUp();
    for (const reason of ['x', 'x'.repeat(200), '🎄'.repeat(200), 'Über – „kurz“ ⏸️ 👩‍💻', 'x ', 'خمس می‌خواهم']) {
      const response = await app.inject(put({ paused: true, reason }));
      t.equal(response.json().reason, reason);
      t.equal(demo.position?.reason, reason);
    }
    demo.position = null;
    const tooLong = checkProblem(
      t,
      await app.inject(put({ paused: true, reason: 'x'.repeat(201) })),
      400,
      'VALIDATION_FAILED',
    );
    t.match(tooLong.errors, [{ field: 'reason', rule: 'maxLength' }]);
    const unprintable = [
      ' ',
      '\t',
      '\u00a0',
      ' x',
      'a\nb',
      'a\r',
      'a\u2028b',
      'a\u0000',
      '\u001b[31mred',
      'a\u007f',
      'a\u0085b',
    ];
    const invisible = ['\u200b', 'a\u202eb', 'a\u2066b', '\ufeffx', 'a\ud800', '\udc00b'];
    for (const reason of [...unprintable, ...invisible]) {
      const problem = checkProblem(t, await app.inject(put({ paused: true, reason })), 400, 'VALIDATION_FAILED');
      t.match(problem.errors, [{ field: 'reason', rule: 'pattern' }], codePointsOf(reason));
    }
    t.equal(demo.position, null);
  },
);

t.test('Given any text, When it is taken as a reason, Then it is one whole line that every store takes', async (t) => {
  const { app, demo } = setUp();
  const odd = fc.constantFrom('\n', '\u2029', '\u0007', '\ud83c', '\u202e', ' ', 'x', '🎄', '[MASKED]');
  const reasons = fc.array(fc.oneof(odd, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 6 });
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(reasons, async (pieces) => {
      demo.position = null;
      const { statusCode } = await app.inject(put({ paused: true, reason: pieces.join('') }));
      statuses.add(statusCode);
      const stored = (demo as { position: { reason: string } | null }).position;
      if (statusCode === 400 && stored === null) return;
      const isWhole = stored?.reason.isWellFormed() === true && /\S/.test(stored.reason);
      if (statusCode !== 200 || !isWhole || /\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}/u.test(stored.reason)) {
        throw new Error(`${statusCode} ${JSON.stringify(stored)}`);
      }
    }),
    { numRuns: 100 },
  );
  t.same([...statuses].toSorted(), [200, 400], 'both were met');
});

t.test('Given a secret in the reason, When it is put, Then it is masked before anything else sees it', async (t) => {
  const { app, demo, lines } = setUp();
  const secrets = [
    'AKIAQ3EGR4XQ7ZT5WN6B',
    'a-known-secret-value',
    'glpat-Zx8yQk3vN7mP2wRt5uLs',
    'account_id=123456789012',
  ];
  for (const secret of secrets) {
    const response = await app.inject(put({ paused: true, reason: `Leaked ${secret}, sorry` }));
    t.match(response.json().reason, /^Leaked (account_id=)?\[MASKED\], sorry$/);
    t.equal(demo.position?.reason, response.json().reason);
    t.notMatch(JSON.stringify(lines), secret);
  }
  const longest = `${'x '.repeat(79)}AKIAQ3EGR4XQ7ZT5WN6B`;
  t.match((await app.inject(put({ paused: true, reason: longest }))).json().reason, /\[MASKED\]$/);
});

t.test('Given the store is out of reach, When it is moved, Then 503, and nothing is said to have moved', async (t) => {
  const { app, demo } = setUp();
  demo.failure = new DemoError('STORE_UNAVAILABLE');
  const response = await app.inject(put({ paused: true }));
  checkProblem(t, response, 503, 'STORE_UNAVAILABLE');
  t.equal(response.headers['retry-after'], '5');
  t.equal(demo.switched, 0);
});

t.test('Given the limits of writes, When it is moved too often, Then 429 before the token is looked at', async (t) => {
  const { app, demo } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 2, readFactor: 10 } } });
  checkProblem(t, await app.inject(put({ paused: true }, { authorization: 'Bearer guess' })), 401, 'TOKEN_MISSING');
  t.equal((await app.inject(put({ paused: true }))).headers['ratelimit-remaining'], '0');
  checkProblem(t, await app.inject(put({ paused: false })), 429, 'RATE_LIMITED');
  t.equal(demo.position?.paused, true);
});

t.test('Given a browser, When a page of another site moves it, Then it is refused whatever its token', async (t) => {
  const { app, demo } = setUp();
  const strangers: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const stranger of strangers) {
    checkProblem(t, await app.inject(put({ paused: true }, { ...OWNER, ...stranger })), 403, 'ORIGIN_REFUSED');
  }
  t.equal(demo.position, null);
  const ours = { ...OWNER, origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
  t.equal((await app.inject(put({ paused: true }, ours))).statusCode, 200, 'our own page may');
  t.equal((await app.inject(put({ paused: false }))).statusCode, 200, 'and so may curl, which sends neither');
});

t.test('Given a listed site, When its browser asks beforehand, Then PUT is not among what it may do', async (t) => {
  const { app } = setUp();
  const { statusCode, headers } = await app.inject({
    method: 'OPTIONS',
    url: '/v1/switch',
    headers: { origin: LISTED_ORIGIN, 'access-control-request-method': 'PUT' },
  });
  t.equal(statusCode, 204);
  t.equal(headers['access-control-allow-methods'], 'GET, HEAD, POST, PATCH, DELETE');
});

t.test('Given its address, When it is read or asked for otherwise, Then 405, and it is never moved', async (t) => {
  const { app, demo } = setUp();
  for (const method of ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] as const) {
    const response = await app.inject({ method, url: '/v1/switch', headers: OWNER, payload: { paused: true } });
    t.equal(response.statusCode, 405);
    t.equal(response.headers.allow, 'PUT');
  }
  t.equal(demo.position, null);
});
