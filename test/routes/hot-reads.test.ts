import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { createLogger } from '../../src/logger.ts';
import { LISTED_ORIGIN, PUBLIC_URL } from '../fakes/http-app.ts';
import { type Answer, CURRENT, serveOnSocket } from '../fakes/http-socket.ts';

const ROUTE = '/v1/deployments/:id';

/** What may differ: the time, and the name of the one request; in a problem it stands in the body as well. */
const comparable = ({ status, headers, body }: Answer) => {
  const { date, 'x-request-id': id = '', ...others } = headers;
  const hasDate = typeof date === 'string';
  return { status, hasDate, hasId: id.length, headers: others, body: body.replaceAll(String(id), '<id>') };
};

const ID = '01930000-0000-7000-8000-00000000000a';
const paths = fc.constantFrom(
  CURRENT,
  `${CURRENT}/`,
  `${CURRENT}?a=b`,
  '/v1/deployments/CURRENT',
  '/v1/deployments/%63urrent',
  `/v1/deployments/${ID}`,
  `/v1/deployments/${ID.toUpperCase()}`,
  '/v1/deployments/01930000-0000-7000-8000-00000000000b',
  '/v1/deployments/nobody',
  '/v1/deployments',
  `${CURRENT}/pipeline`,
  '/livez',
);
const origins = fc.constantFrom(LISTED_ORIGIN, PUBLIC_URL, 'https://stranger.example', 'null', '', `${LISTED_ORIGIN}/`);
const headersOf = (etag: string) =>
  fc.record(
    {
      origin: origins,
      'if-none-match': fc.constantFrom(
        etag,
        `"x", ${etag}`,
        etag.slice(2),
        '*',
        '"other"',
        'W/"',
        '',
        etag.slice(0, -2),
      ),
      prefer: fc.constantFrom('wait=0', 'wait=x', 'respond-async', ''),
      'sec-fetch-site': fc.constantFrom('cross-site', 'same-origin', 'none'),
      accept: fc.constantFrom('*/*', 'text/html', 'application/json;q=0', ''),
      authorization: fc.constantFrom('Bearer x', ''),
      'content-type': fc.constantFrom('application/json', 'text/plain'),
      cookie: fc.constant('a=b'),
      'x-forwarded-for': fc.ipV4(),
      te: fc.constant('trailers'),
    },
    { requiredKeys: [] },
  );

t.test('Given any request, when it is answered the short way and by the routes, then they say the same', async (t) => {
  const [short, long] = await Promise.all([serveOnSocket(t, true), serveOnSocket(t, false)]);
  for (const { app, clock } of [short, long]) {
    clock.set(Date.parse('2026-11-20T12:00:00Z'));
    const started = await app.inject({ method: 'POST', url: '/v1/deployments', payload: {} });
    t.equal(started.statusCode, 201);
  }
  const first = await Promise.all([short.ask(), long.ask()]);
  t.same(comparable(first[0]), comparable(first[1]));
  const etag = String(first[0].headers.etag);

  await fc.assert(
    fc.asyncProperty(
      fc.record({
        method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'),
        path: paths,
        headers: headersOf(etag),
        body: fc.option(fc.constantFrom('', '{}', 'x'), { nil: undefined }),
      }),
      async ({ body, ...asked }) => {
        const whole = body === undefined ? asked : { ...asked, body };
        const [one, other] = await Promise.all([short.ask(whole), long.ask(whole)]);
        t.same(comparable(one), comparable(other), JSON.stringify(whole));
      },
    ),
    { numRuns: 300 },
  );
});

t.test('Given a view that was sent, when many read it, then nothing is made for them', async (t) => {
  const { ask, made, metrics, demo } = await serveOnSocket(t, true);
  const { headers } = await ask();
  const before = made();
  demo.failure = new Error('nobody may ask');
  for (let time = 0; time < 5; time += 1) t.equal((await ask()).status, 200);
  t.equal((await ask({ headers: { 'if-none-match': String(headers.etag) } })).status, 304);
  t.equal(made(), before, 'the store was not asked');
  const text = await metrics.text();
  t.match(text, `demo_http_requests_total{method="GET",route="${ROUTE}",status="200"} 6`);
  t.match(text, `demo_http_requests_total{method="GET",route="${ROUTE}",status="304"} 1`);
});

t.test('Given one who reads without end, when he has read all he may, then both ways count as one', async (t) => {
  const rateLimit = { perSecond: 1, burst: 3, readFactor: 1 };
  const { ask } = await serveOnSocket(t, true, { app: { rateLimit } });
  const remaining = [];
  // The first goes the long way, the second the short one and the third the long one again.
  for (const headers of [{}, {}, { prefer: 'wait=0' }]) {
    const answer = await ask({ headers });
    t.equal(answer.status, 200);
    remaining.push(answer.headers['ratelimit-remaining']);
  }
  t.same(remaining, ['2', '1', '0']);
  const refused = await ask();
  t.equal(refused.status, 429);
  t.match(refused, { headers: { 'ratelimit-limit': '3', 'ratelimit-remaining': '0', 'retry-after': '1' } });
  t.match(JSON.parse(refused.body), { code: 'RATE_LIMITED' });
});

t.test('Given too much to do, when a hot view is read, then it is sent away like all others', async (t) => {
  let isHigh = false;
  const { ask } = await serveOnSocket(t, true, { pressure: { isHigh: () => isHigh } });
  t.equal((await ask()).status, 200);
  isHigh = true;
  t.equal((await ask()).status, 503);
});

t.test('Given a log of every read, when a hot view is read, then it is written down', async (t) => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', known: () => [] }, { write: (line: string) => void lines.push(line) });
  const { ask } = await serveOnSocket(t, true, { app: { logger } });
  for (let time = 0; time < 3; time += 1) await ask();
  t.equal(lines.filter((line) => line.includes('request.answered')).length, 3);
});

t.test('Given a server that closes, when a hot view is read on an open connection, then it is told so', async (t) => {
  let late: Answer | null = null;
  const pages = async (app: FastifyInstance): Promise<void> => {
    app.addHook('preClose', async () => {
      late = await ask();
    });
  };
  const { app, ask } = await serveOnSocket(t, true, { pages });
  for (let time = 0; time < 2; time += 1) t.equal((await ask()).status, 200);
  await app.close();
  t.match(late, { status: 503, headers: { connection: 'close' } });
});
