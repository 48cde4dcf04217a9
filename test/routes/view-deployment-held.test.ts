import type { LightMyRequestResponse } from 'fastify';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { buildTestApp, type TestApp, type TestAppOptions } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const CURRENT = '/v1/deployments/current';

interface Question {
  readonly url?: string;
  readonly method?: 'GET' | 'HEAD';
  readonly prefer?: string;
  readonly seen?: string;
  readonly remoteAddress?: string;
}

/** Asks without waiting for the answer, and says whether there is one yet. */
const createAsk = ({ app }: TestApp) => {
  const tagOf = async (url = CURRENT): Promise<string> => String((await app.inject({ url })).headers.etag);
  const ask = ({ url = CURRENT, method = 'GET', prefer, seen, remoteAddress = '192.0.2.1' }: Question) => {
    const headers = {
      ...(prefer === undefined ? {} : { prefer }),
      ...(seen === undefined ? {} : { 'if-none-match': seen }),
    };
    const asked = { answer: null as LightMyRequestResponse | null };
    void app.inject({ url, method, headers, remoteAddress }).then((answer) => {
      asked.answer = answer;
    });
    return asked;
  };
  return { tagOf, ask };
};

const setUp = async (test: Parameters<typeof buildTestApp>[0], options: TestAppOptions = {}) => {
  const built = await buildTestApp(test, options);
  return { ...built, ...createAsk(built) };
};

const shown = (asked: { readonly answer: LightMyRequestResponse | null }) =>
  asked.answer === null ? null : [asked.answer.statusCode, asked.answer.headers['preference-applied']];

// Building it takes longer than asking it, and these change nothing in it.
const idle = await setUp(t);

t.test('Given a reader who waits, When the demo starts, Then he gets the new view, and not before', async (t) => {
  const { ask, tagOf, timers, demo } = await setUp(t);
  const seen = await tagOf();
  const asked = ask({ prefer: 'wait=20', seen });
  await timers.advance(5_000);
  t.equal(asked.answer, null);
  demo.active = sampleRecord(ID);
  await timers.advance(1_000);
  t.same(shown(asked), [200, 'wait=20']);
  t.match(asked.answer?.json(), { id: ID, status: 'queued' });
  t.match(asked.answer?.headers, { 'cache-control': 'no-cache', vary: 'Origin' });
  t.not(asked.answer?.headers.etag, seen);
  t.equal(asked.answer?.headers.etag, await tagOf());
});

t.test('Given nothing changes, When the time is over, Then 304 without a body; never more than 25 s', async (t) => {
  const { ask, tagOf, timers } = idle;
  const seen = await tagOf();
  const asked = [1, 24, 25, 26, 9_999].map((seconds) => ask({ prefer: `wait=${seconds}`, seen }));
  await timers.advance(999);
  t.same(asked.map(shown), [null, null, null, null, null]);
  await timers.advance(1);
  t.same(asked.map(shown), [[304, 'wait=1'], null, null, null, null]);
  await timers.advance(23_999);
  t.same(asked.map(shown).slice(1), [[304, 'wait=24'], null, null, null]);
  await timers.advance(1);
  t.same(asked.map(shown).slice(2), [
    [304, 'wait=25'],
    [304, 'wait=25'],
    [304, 'wait=25'],
  ]);
  t.equal(asked[0]?.answer?.body, '');
  t.equal(asked[0]?.answer?.headers.etag, seen);
});

t.test('Given a preference that does not apply, When it is sent, Then the answer is there at once', async (t) => {
  const { ask, tagOf, timers, heldReads } = idle;
  const seen = await tagOf();
  const cases: [Question, number][] = [
    [{ prefer: 'wait=20' }, 200],
    [{ prefer: 'wait=20', seen: 'W/"of-another-view"' }, 200],
    [{ prefer: 'wait=20', seen: 'nonsense' }, 200],
    [{ prefer: 'wait=20', seen: '*' }, 304],
    [{ seen }, 304],
    [{ prefer: 'wait=0', seen }, 304],
    [{ prefer: 'wait=-1', seen }, 304],
    [{ prefer: 'wait', seen }, 304],
    [{ prefer: '"', seen }, 304],
    [{ prefer: 'respond-async, return=minimal', seen }, 304],
    [{ prefer: 'wait=20', seen, method: 'HEAD' }, 304],
    [{ prefer: 'wait=20', url: '/v1/deployments/x', seen }, 404],
  ];
  for (const [question, status] of cases) {
    const asked = ask(question);
    await timers.advance(0);
    t.same(shown(asked), [status, undefined], JSON.stringify(question));
  }
  t.equal(heldReads.waiting(), 0);
});

t.test('Given several tags or an odd spelling, When the current one is among them, Then it is held', async (t) => {
  const { ask, tagOf, timers, heldReads } = idle;
  const seen = await tagOf();
  const asked = [
    ask({ prefer: 'WAIT = "5"; x=y', seen: `"x", ${seen}` }),
    ask({ prefer: 'respond-async, wait=5', seen: seen.replace('W/', '') }),
  ];
  await timers.advance(0);
  t.equal(heldReads.waiting(), 2);
  await timers.advance(5_000);
  t.same(asked.map(shown), [
    [304, 'wait=5'],
    [304, 'wait=5'],
  ]);
});

t.test('Given readers of several demos, When one changes, Then the others wait on', async (t) => {
  const { ask, tagOf, timers, demo, clock } = await setUp(t);
  const gone = '01930000-0000-7000-8000-000000000009';
  demo.tombstones.set(gone, sampleTombstone(gone));
  demo.active = sampleRecord(ID);
  const byId = `/v1/deployments/${ID}`;
  const ofGone = ask({
    prefer: 'wait=25',
    url: `/v1/deployments/${gone}`,
    seen: await tagOf(`/v1/deployments/${gone}`),
  });
  const ofId = ask({ prefer: 'wait=20', url: byId, seen: await tagOf(byId) });
  const ofAlias = ask({ prefer: 'wait=20', seen: await tagOf() });
  await timers.advance(3_000);
  t.same([ofId, ofAlias, ofGone].map(shown), [null, null, null]);
  demo.active = sampleRecord(ID, { liveAt: clock.now() });
  await timers.advance(1_000);
  t.same([ofId, ofAlias, ofGone].map(shown), [[200, 'wait=20'], [200, 'wait=20'], null]);
  t.match(ofId.answer?.json(), { status: 'live' });
  await timers.advance(21_000);
  t.same(shown(ofGone), [304, 'wait=25'], 'a receipt never changes');
});

t.test('Given a demo is gone while somebody waits for it, When he is told, Then it is the receipt', async (t) => {
  const { ask, tagOf, timers, demo } = await setUp(t);
  demo.active = sampleRecord(ID);
  const url = `/v1/deployments/${ID}`;
  const asked = ask({ prefer: 'wait=20', url, seen: await tagOf(url) });
  await timers.advance(2_000);
  demo.tombstones.set(ID, sampleTombstone(ID));
  demo.active = null;
  await timers.advance(1_000);
  t.same(shown(asked), [200, 'wait=20']);
  t.match(asked.answer?.json(), { id: ID, status: 'idle', receipt: { outcome: 'lived' } });
});

t.test('Given the store fails, When the time is over, Then the answer is what the route says now', async (t) => {
  const { ask, tagOf, timers, demo } = await setUp(t);
  const seen = await tagOf();
  const [asked, healed] = [ask({ prefer: 'wait=5', seen }), ask({ prefer: 'wait=10', seen })];
  await timers.advance(1_500);
  demo.failure = new DemoError('STORE_UNAVAILABLE');
  await timers.advance(3_499);
  t.equal(asked.answer, null, 'a failure does not end the wait');
  await timers.advance(1);
  if (asked.answer === null) throw new Error('there is no answer');
  checkProblem(t, asked.answer, 503, 'STORE_UNAVAILABLE');
  demo.failure = null;
  await timers.advance(5_000);
  t.same(shown(healed), [304, 'wait=10']);
});

t.test('Given 100 reads of one client are held, When more come, Then those are answered at once', async (t) => {
  const { ask, tagOf, timers, heldReads } = await setUp(t);
  const seen = await tagOf();
  const held = Array.from({ length: 100 }, () => ask({ prefer: 'wait=20', seen }));
  await timers.advance(0);
  const one = ask({ prefer: 'wait=20', seen });
  const other = ask({ prefer: 'wait=20', seen, remoteAddress: '192.0.2.2' });
  await timers.advance(0);
  t.same(shown(one), [304, undefined]);
  t.equal(other.answer, null, 'another client has places of his own');
  t.equal(heldReads.waiting(), 101);
  await timers.advance(20_000);
  t.ok(held.every(({ answer }) => answer?.statusCode === 304));
  t.equal(heldReads.waiting(), 0);
});

t.test('Given a limit of reads, When one is held, Then it counts once', async (t) => {
  const { ask, timers, app } = await setUp(t, { app: { rateLimit: { perSecond: 1, burst: 1, readFactor: 3 } } });
  const seen = String((await app.inject({ url: CURRENT, remoteAddress: '192.0.2.1' })).headers.etag);
  const asked = ask({ prefer: 'wait=20', seen });
  await timers.advance(0);
  const next = ask({ seen });
  await timers.advance(0);
  t.equal(next.answer?.headers['ratelimit-remaining'], '0', 'three reads took three tokens');
  await timers.advance(20_000);
  t.same(shown(asked), [304, 'wait=20']);
  t.equal(asked.answer?.headers['ratelimit-remaining'], '1');
});

t.test('Given readers wait, When the server begins to go down, Then all are answered with what stands', async (t) => {
  const { ask, tagOf, timers, demo, heldReads, app } = await setUp(t);
  const seen = await tagOf();
  const [unchanged, changed] = [ask({ prefer: 'wait=20', seen }), ask({ prefer: 'wait=20', seen })];
  await timers.advance(2_500);
  heldReads.release();
  await timers.advance(0);
  t.same([unchanged, changed].map(shown), [
    [304, 'wait=20'],
    [304, 'wait=20'],
  ]);
  demo.active = sampleRecord(ID);
  const late = ask({ prefer: 'wait=20', seen: await tagOf() });
  await timers.advance(0);
  t.same(shown(late), [304, undefined], 'it still answers, and holds nothing');
  await app.close();
});

t.test(
  'Given a fact has changed since the last look, When the server goes down, Then the new view is told',
  async (t) => {
    const { ask, tagOf, timers, demo, heldReads } = await setUp(t);
    const asked = ask({ prefer: 'wait=20', seen: await tagOf() });
    await timers.advance(2_500);
    demo.active = sampleRecord(ID);
    heldReads.release();
    await timers.advance(0);
    t.same(shown(asked), [200, 'wait=20']);
  },
);
