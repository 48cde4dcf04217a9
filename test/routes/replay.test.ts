import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { acceptsEncoding } from '../../src/routes/content-encodings.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { RECORDED_ID, recordingOfRun } from '../fakes/sample-recordings.ts';

const LATEST = '/v1/deployments/latest/replay';

t.test(
  'Given a recording, When it is asked for, Then stages and lines in seconds, as the player wants them',
  async (t) => {
    const { app } = await buildTestApp(t);
    const response = await app.inject({ url: LATEST });
    t.equal(response.statusCode, 200);
    t.match(response.headers, {
      'cache-control': 'no-cache',
      vary: 'Origin, Accept-Encoding',
      'content-type': 'application/json; charset=utf-8',
      etag: /^W\/"[\w-]{22}"$/,
      'content-encoding': undefined,
    });
    t.strictSame(response.json(), {
      id: RECORDED_ID,
      sample: false,
      created_at: '2026-11-20T09:00:00.000Z',
      live_at: '2026-11-20T09:12:00.500Z',
      down_at: '2026-11-20T09:15:00.000Z',
      gone_at: '2026-11-20T09:25:00.000Z',
      total_seconds: 1_500,
      stages: [
        { name: 'apply', direction: 'up', started_at_seconds: 5, finished_at_seconds: 700.25, state: 'succeeded' },
        { name: 'destroy', direction: 'down', started_at_seconds: 905, finished_at_seconds: 1_200, state: 'succeeded' },
      ],
      lines: [
        { at_seconds: 5, stage: 'apply', text: '\u001b[32;1m$ terraform apply\u001b[0;m' },
        { at_seconds: 700.25, stage: 'apply', text: 'token = [MASKED] – „fertig“ 🚀' },
        { at_seconds: 905, stage: 'destroy', text: '' },
      ],
      lines_total: 3_000,
    });
  },
);

t.test(
  'Given a recording, When it is asked for by its id, Then it is the same; by any other id it is 404',
  async (t) => {
    const { app } = await buildTestApp(t);
    const latest = await app.inject({ url: LATEST });
    const byId = await app.inject({ url: `/v1/deployments/${RECORDED_ID}/replay` });
    t.equal(byId.body, latest.body);
    t.equal(byId.headers.etag, latest.headers.etag);
    for (const id of ['01930000-0000-7000-8000-000000000001', 'current', 'replay', 'LATEST', '__proto__', '%00']) {
      checkProblem(t, await app.inject({ url: `/v1/deployments/${id}/replay` }), 404, 'NO_REPLAY');
    }
  },
);

t.test('Given one has it already, When he asks again, Then 304, until there is another', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const { etag = '' } = (await app.inject({ url: LATEST })).headers;
  const again = (tag: string) => app.inject({ url: LATEST, headers: { 'if-none-match': tag } });
  for (const tag of [String(etag), `"x", ${etag}`, '*']) {
    const response = await again(tag);
    t.equal(response.statusCode, 304);
    t.equal(response.headers['content-length'], undefined, 'it says nothing of a body that it does not have');
    t.equal(response.body, '');
    t.equal(response.headers.etag, etag);
    t.equal(response.headers['content-encoding'], undefined);
  }
  t.equal((await again('"x"')).statusCode, 200);
  demo.recording = recordingOfRun({ linesTotal: 3_001 });
  const other = await again(String(etag));
  t.equal(other.statusCode, 200);
  t.not(other.headers.etag, etag);
});

t.test('Given a client that takes gzip, When it asks, Then it gets the same text compressed', async (t) => {
  const { app } = await buildTestApp(t);
  const plain = await app.inject({ url: LATEST });
  for (const accepted of ['gzip', 'deflate, gzip;q=0.5, br', 'GZIP']) {
    const response = await app.inject({ url: LATEST, headers: { 'accept-encoding': accepted } });
    t.match(response.headers, {
      'content-encoding': 'gzip',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(response.rawPayload.length),
      etag: plain.headers.etag,
    });
    t.equal(gunzipSync(response.rawPayload).toString('utf8'), plain.body);
  }
  for (const refused of ['', 'br', 'gzip;q=0', 'x-gzip', 'gzip-not', `${'br,'.repeat(400)}gzip`]) {
    const response = await app.inject({ url: LATEST, headers: { 'accept-encoding': refused } });
    t.equal(response.headers['content-encoding'], undefined, refused.slice(0, 20));
    t.equal(response.body, plain.body);
  }
  t.notOk(acceptsEncoding(undefined, 'gzip'));
  t.ok(acceptsEncoding(['br', 'gzip'], 'gzip'));
});

t.test('Given a HEAD, When it is asked for, Then there are the headers and no body', async (t) => {
  const { app } = await buildTestApp(t);
  const response = await app.inject({ method: 'HEAD', url: LATEST });
  t.equal(response.statusCode, 200);
  t.equal(response.body, '');
  t.ok(response.headers.etag);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    checkProblem(t, await app.inject({ method, url: LATEST, payload: {} }), 405, 'METHOD_NOT_ALLOWED');
  }
});

t.test('Given reads are counted, When it is asked for too often, Then 429 as for other reads', async (t) => {
  const { app } = await buildTestApp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 2 } } });
  const statuses: number[] = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await app.inject({ url: LATEST })).statusCode);
  t.same(statuses, [200, 200, 429]);
});

t.test('Given the store is away, When it is asked for, Then 503 says so', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.failure = new DemoError('STORE_UNAVAILABLE');
  checkProblem(t, await app.inject({ url: LATEST }), 503, 'STORE_UNAVAILABLE');
});

t.test(
  'Given what is served is made once, When a thousand watch one recording, Then it is not read anew',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    let looks = 0;
    const recording = recordingOfRun();
    // Every time that the text is made, the lines are gone through.
    demo.recording = {
      ...recording,
      get lines() {
        looks += 1;
        return recording.lines;
      },
    };
    await app.inject({ url: LATEST });
    const once = looks;
    t.ok(once > 0);
    await Promise.all(Array.from({ length: 200 }, () => app.inject({ url: LATEST })));
    t.equal(looks, once);
  },
);
