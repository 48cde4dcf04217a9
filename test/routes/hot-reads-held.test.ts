import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import t from 'tap';
import { LISTED_ORIGIN } from '../fakes/http-app.ts';
import { type Answer, CURRENT, serveOnSocket } from '../fakes/http-socket.ts';
import { sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';

/** Somebody has seen the view, so that the short way has it, and asks to be told when it changes. */
const setUp = async (t: Test, isShort = true, pages?: (app: FastifyInstance) => Promise<void>) => {
  const served = await serveOnSocket(t, isShort, pages === undefined ? {} : { pages });
  const etag = String((await served.ask()).headers.etag);
  const wait = { prefer: 'wait=20', 'if-none-match': etag, origin: LISTED_ORIGIN };
  return { ...served, etag, wait };
};

const comparable = ({ status, headers, body }: Answer) => {
  const { date, 'x-request-id': id, ...others } = headers;
  return { status, date: typeof date, id: typeof id, headers: others, body };
};

t.test('Given one who waits either way, when the demo starts, then both get the same answer', async (t) => {
  const answers: unknown[] = [];
  for (const isShort of [true, false]) {
    const { ask, wait, untilHeld, timers, clock, demo, readAnew } = await setUp(t, isShort);
    clock.set(Date.parse('2026-11-20T12:00:00Z'));
    const asked = ask({ headers: wait });
    await untilHeld(1);
    demo.active = sampleRecord(ID);
    readAnew();
    await timers.advance(1_000);
    const answer = await asked;
    t.match(answer, { status: 200, headers: { 'preference-applied': 'wait=20', vary: 'Origin' } });
    t.match(JSON.parse(answer.body), { id: ID, status: 'queued' });
    answers.push(comparable(answer));
  }
  t.same(answers[0], answers[1]);
});

t.test('Given one who waits either way, when the time is over, then both get the same 304', async (t) => {
  const answers: unknown[] = [];
  for (const isShort of [true, false]) {
    const { ask, wait, untilHeld, timers, heldReads, metrics } = await setUp(t, isShort);
    const asked = ask({ headers: wait });
    await untilHeld(1);
    await timers.advance(19_999);
    t.equal(heldReads.waiting(), 1);
    await timers.advance(1);
    const answer = await asked;
    t.match(answer, { status: 304, headers: { 'preference-applied': 'wait=20' }, body: '' });
    answers.push(comparable(answer));
    const durations = (await metrics.text()).match(/^demo_http_request_duration_seconds_count.* (\d+)$/m)?.[1];
    t.equal(durations, '1', 'a wait that the client chose is no duration of ours');
  }
  t.same(answers[0], answers[1]);
});

t.test('Given one who waits, when he goes away, then his place is free', async (t) => {
  const { ask, wait, untilHeld } = await setUp(t);
  const going = new AbortController();
  const asked = ask({ headers: wait, signal: going.signal }).catch((error: Error) => error.name);
  await untilHeld(1);
  going.abort();
  await untilHeld(0);
  t.equal(await asked, 'AbortError');
});

t.test('Given one who waits, when the store fails until the end, then he is told as the route tells it', async (t) => {
  const { ask, wait, untilHeld, timers, demo, readAnew } = await setUp(t);
  const asked = ask({ headers: wait });
  await untilHeld(1);
  demo.failure = new Error('no store');
  readAnew();
  await timers.advance(20_000);
  const answer = await asked;
  t.match(answer, { status: 500, headers: { 'content-type': /problem/ } });
  t.notOk('preference-applied' in answer.headers);
});

t.test('Given one who waits, when the server closes, then he gets what stands as the last answer', async (t) => {
  const { app, ask, wait, untilHeld } = await setUp(t);
  const asked = ask({ headers: wait });
  await untilHeld(1);
  const closing = app.close();
  const answer = await asked;
  t.match(answer, { status: 304, headers: { connection: 'close', 'preference-applied': 'wait=20' } });
  await closing;
});

t.test('Given as many as one client may hold, when one more waits, then he is answered at once', async (t) => {
  const { heldReads, ask, wait } = await setUp(t);
  heldReads.release();
  const answer = await ask({ headers: wait });
  t.equal(answer.status, 304);
  t.notOk('preference-applied' in answer.headers);
});

t.test('Given one who waits without having seen it, when he asks, then he is answered at once', async (t) => {
  const { ask, etag } = await setUp(t);
  t.equal((await ask({ headers: { prefer: 'wait=20' } })).status, 200);
  t.equal((await ask({ headers: { prefer: 'wait=20', 'if-none-match': '*' } })).status, 304);
  t.equal((await ask({ path: CURRENT, headers: { prefer: 'wait=0', 'if-none-match': etag } })).status, 304);
});
