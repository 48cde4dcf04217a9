import t, { type Test } from 'tap';
import { createNoticeQueue, type Delivery, type Letter } from '../../src/adapters/notice-queue.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';
import { NOTICES } from '../fakes/sample-notices.ts';
import { createTestLog } from './gitlab-world.ts';

const DELIVERED: Delivery = { kind: 'delivered' };
const failed = (askedWaitMs: number | null = null): Delivery => ({ kind: 'failed', code: 'HTTP_500', askedWaitMs });
const REFUSED: Delivery = { kind: 'refused', code: 'HTTP_404' };

const orphan = (sightings: number): Notice => ({ ...NOTICES.orphan, sightings });
const sightingsOf = ({ notice }: Letter): number => (notice.kind === 'orphan' ? notice.sightings : 0);

type Deliver = (letter: Letter, signal: AbortSignal, tries: number) => Delivery | Promise<Delivery>;

/** A queue whose tries do as they are told, on a clock that only the test moves. */
const createQueueWorld = (deliver: Deliver = () => DELIVERED) => {
  const clock = createFakeClock();
  const timers = createFakeTimers(clock);
  const tried: { readonly id: string; readonly sightings: number; readonly atMs: number }[] = [];
  let ids = 0;
  const testLog = createTestLog();
  const queue = createNoticeQueue({
    deliver: async (letter, signal) => {
      tried.push({ id: letter.id, sightings: sightingsOf(letter), atMs: clock.monotonicMs() });
      return deliver(letter, signal, tried.length);
    },
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    timers,
    log: testLog.log,
  });
  return { queue, timers, tried, ...testLog };
};

const never = new Promise<Delivery>(() => {});

/** The event loop would end otherwise while nothing but promises is waited for. */
const keepAwake = (t: Test): void => {
  const timer = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(timer));
};

t.test('Given several notices, when they are told, then one at a time and in order', async (t) => {
  let open = 0;
  let most = 0;
  const { queue, timers, tried, events } = createQueueWorld(async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise(setImmediate);
    open -= 1;
    return DELIVERED;
  });
  for (let count = 1; count <= 5; count += 1) queue.notify(orphan(count));
  await timers.advance(0);
  await timers.advance(0);
  t.same(
    tried.map(({ sightings }) => sightings),
    [1, 2, 3, 4, 5],
  );
  t.equal(most, 1);
  t.same(new Set(tried.map(({ id }) => id)).size, 5, 'each has an id of its own');
  t.same(events, []);
});

t.test('Given every try fails, when time passes, then there are five with growing waits and the same id', async (t) => {
  const { queue, timers, tried, events } = createQueueWorld(() => failed());
  queue.notify(NOTICES.gone);
  await timers.advance(3_600_000);
  t.same(
    tried.map(({ atMs }) => atMs),
    [0, 5_000, 35_000, 155_000, 455_000],
  );
  t.equal(new Set(tried.map(({ id }) => id)).size, 1);
  const { deploymentId } = NOTICES.gone;
  t.same(
    events,
    [1, 2, 3, 4, 5].map((tries) => ({
      level: tries === 5 ? 'error' : 'warn',
      name: 'notifier.failed',
      fields: { kind: 'gone', deploymentId, tries, code: 'HTTP_500' },
    })),
  );
  t.equal(timers.count(), 0);
});

t.test('Given the first fails for good or for long, when there is a second, then it comes after it', async (t) => {
  for (const [answer, atMs] of [
    [REFUSED, 0],
    [failed(), 455_000],
  ] as const) {
    const { queue, timers, tried } = createQueueWorld((letter) => (letter.id === 'id-1' ? answer : DELIVERED));
    queue.notify(orphan(1));
    queue.notify(orphan(2));
    await timers.advance(3_600_000);
    t.match(tried.at(-1), { sightings: 2, atMs }, answer.kind);
    t.equal(tried.length, answer === REFUSED ? 2 : 6);
  }
});

t.test('Given a final refusal, when it comes, then it is an error and nothing is tried again', async (t) => {
  const { queue, timers, tried, events } = createQueueWorld(() => REFUSED);
  queue.notify(NOTICES.job_silent);
  await timers.advance(3_600_000);
  t.equal(tried.length, 1);
  t.same(events, [
    { level: 'error', name: 'notifier.failed', fields: { kind: 'job_silent', tries: 1, code: 'HTTP_404' } },
  ]);
});

t.test('Given a wait that was asked for, when it is shorter, longer or too long, then it is kept to', async (t) => {
  for (const [askedMs, waitedMs] of [
    [0, 5_000],
    [4_999, 5_000],
    [5_001, 5_001],
    [600_000, 600_000],
    [600_001, 600_000],
    [86_400_000, 600_000],
  ] as const) {
    const { queue, timers, tried } = createQueueWorld((_letter, _signal, tries) =>
      tries === 1 ? failed(askedMs) : DELIVERED,
    );
    queue.notify(NOTICES.live);
    await timers.advance(waitedMs - 1);
    t.equal(tried.length, 1, `${askedMs}: not a millisecond before`);
    await timers.advance(1);
    t.equal(tried.length, 2, `${askedMs}`);
  }
});

t.test('Given a try that throws, when it is made, then it counts as failed and shows no text', async (t) => {
  const { queue, timers, events } = createQueueWorld((_letter, _signal, tries) => {
    if (tries === 1) throw new Error('https://hooks.example.com/secret');
    return DELIVERED;
  });
  queue.notify(NOTICES.live);
  await timers.advance(5_000);
  t.match(events, [{ level: 'warn', name: 'notifier.failed', fields: { code: 'Error' } }]);
  t.equal(events.length, 1);
  t.notMatch(JSON.stringify(events), 'hooks.example.com');
});

t.test('Given one under way, when 100 wait behind it, then none is lost; of 101 the oldest is', async (t) => {
  keepAwake(t);
  const { queue, timers, tried, events } = createQueueWorld(() => never);
  for (let count = 0; count <= 100; count += 1) queue.notify(orphan(count));
  t.same(events, [], 'one under way and a hundred waiting');
  queue.notify(NOTICES.gone);
  const { deploymentId } = NOTICES.orphan;
  t.same(events, [
    { level: 'error', name: 'notifier.dropped', fields: { because: 'full', kind: 'orphan', deploymentId } },
  ]);
  await timers.advance(0);
  t.equal(tried.length, 1, 'and still one at a time');
});

t.test('Given too many, when the receiver is back, then the latest hundred come in order', async (t) => {
  const gate = Promise.withResolvers<Delivery>();
  const { queue, timers, tried } = createQueueWorld((_letter, _signal, tries) =>
    tries === 1 ? gate.promise : DELIVERED,
  );
  for (let count = 0; count <= 150; count += 1) queue.notify(orphan(count));
  gate.resolve(DELIVERED);
  for (let turn = 0; turn < 10; turn += 1) await timers.advance(0);
  t.same(
    tried.map(({ sightings }) => sightings),
    [0, ...Array.from({ length: 100 }, (_, index) => index + 51)],
  );
});

t.test('Given nothing waits, when it is stopped, then that is done at once and leaves no timer', async (t) => {
  const { queue, timers, events } = createQueueWorld();
  await queue.stop();
  t.same(events, []);
  t.equal(timers.count(), 0);
});

t.test('Given some wait and the receiver answers, when it is stopped, then all of them are told first', async (t) => {
  const gate = Promise.withResolvers<Delivery>();
  const { queue, timers, tried, events } = createQueueWorld((_letter, _signal, tries) =>
    tries === 1 ? gate.promise : DELIVERED,
  );
  for (let count = 1; count <= 3; count += 1) queue.notify(orphan(count));
  const stopped = queue.stop();
  gate.resolve(DELIVERED);
  await stopped;
  t.equal(tried.length, 3);
  t.same(events, []);
  t.equal(timers.count(), 0);
});

t.test('Given one waits for its next try, when it is stopped, then it gets it now, and only that one', async (t) => {
  const { queue, timers, tried, events } = createQueueWorld(() => failed());
  queue.notify(orphan(1));
  queue.notify(NOTICES.gone);
  await timers.advance(5_000);
  t.equal(tried.length, 2);
  await queue.stop();
  t.equal(tried.length, 4, 'each once more');
  t.same(events.at(-1), {
    level: 'error',
    name: 'notifier.dropped',
    fields: { because: 'stopped', count: 2, kinds: ['orphan', 'gone'] },
  });
  t.equal(timers.count(), 0);
  await timers.advance(3_600_000);
  t.equal(tried.length, 4, 'and no more after that');
});

t.test(
  'Given the receiver hangs, when it is stopped, then after five seconds all is given up in one event',
  async (t) => {
    keepAwake(t);
    let signalled: AbortSignal | null = null;
    const { queue, timers, tried, events } = createQueueWorld((_letter, signal) => {
      signalled = signal;
      return never;
    });
    for (let count = 1; count <= 3; count += 1) queue.notify(orphan(count));
    let isStopped = false;
    const stopped = queue.stop().then(() => {
      isStopped = true;
    });
    await timers.advance(4_999);
    t.notOk(isStopped);
    await timers.advance(1);
    t.ok(isStopped);
    await Promise.all([stopped, queue.stop()]);
    t.equal(tried.length, 1, 'what could not be sent any more was not tried');
    t.match(signalled, { aborted: true }, 'the one under way was cut off');
    t.same(events, [
      { level: 'error', name: 'notifier.dropped', fields: { because: 'stopped', count: 3, kinds: ['orphan'] } },
    ]);
  },
);

t.test('Given it is stopped, when something is told, then it is dropped with a word', async (t) => {
  const { queue, timers, tried, events } = createQueueWorld();
  await queue.stop();
  queue.notify(NOTICES.failed);
  await timers.advance(3_600_000);
  t.equal(tried.length, 0);
  t.match(events, [{ name: 'notifier.dropped', fields: { because: 'stopped', kind: 'failed' } }]);
});
