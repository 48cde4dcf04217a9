import t from 'tap';
import { createMaskedJobLogs } from '../../src/adapters/masked-job-logs.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

const KEY = ['AKIA', 'Q3EGRTZ5LMNOPQ2X'].join('');

const createTraces = (text = '') => {
  const trace = { text, reads: [] as number[], chunkBytes: 1_000_000, fails: false };
  return {
    trace,
    read: async (_jobId: number, byteOffset: number) => {
      trace.reads.push(byteOffset);
      if (trace.fails) throw new Error('no answer');
      return new TextEncoder().encode(trace.text).subarray(byteOffset, byteOffset + trace.chunkBytes);
    },
  };
};

const setUp = (text: string, known: readonly string[] = []) => {
  const clock = createFakeClock();
  const traces = createTraces(text);
  const logs = createMaskedJobLogs({ traces, clock, knownSecrets: () => known, pollMs: 1_000 });
  return { clock, traces, trace: traces.trace, logs };
};

t.test('Given a finished job, when its log is read, then it is masked, whole and complete', async (t) => {
  const { logs } = setUp(`one\nkey ${KEY}\nbye hunter-two-known\n`, ['hunter-two-known']);
  const page = await logs.lines(1, 0, 100, true);
  t.same(page, { lines: ['one', 'key [MASKED]', 'bye [MASKED]'], complete: true });
});

t.test(
  'Given a job that runs, when its log grows, then only the new bytes are asked for, and no more than once a second',
  async (t) => {
    const { logs, trace, clock } = setUp('one\ntwo\nthr');
    const first = await logs.lines(1, 0, 100, false);
    t.equal(first.complete, false);
    await logs.lines(1, 0, 100, false);
    await logs.lines(1, 0, 100, false);
    t.same(trace.reads, [0, 11], 'a read and the empty one that ends it');
    trace.text = 'one\ntwo\nthree\nfour\n';
    clock.advance(1_000);
    await logs.lines(1, 0, 100, true);
    t.same(trace.reads, [0, 11, 11, 19]);
    t.same(await logs.lines(1, 0, 100, true), { lines: ['one', 'two', 'three', 'four'], complete: true });
  },
);

t.test('Given a thousand readers at once, when they ask, then GitLab is asked as for one', async (t) => {
  const { logs, trace } = setUp('one\ntwo\n');
  await Promise.all(Array.from({ length: 1_000 }, () => logs.lines(1, 0, 100, true)));
  t.equal(trace.reads.length, 2);
});

t.test(
  'Given chunks that cut characters and secrets, when they are put together, then nothing leaks and nothing breaks',
  async (t) => {
    const { logs, trace, clock } = setUp(`grüße ${KEY} ✓\n`.repeat(3));
    trace.chunkBytes = 7;
    let page = await logs.lines(1, 0, 100, true);
    for (let polls = 0; polls < 20 && !page.complete; polls += 1) {
      clock.advance(1_000);
      page = await logs.lines(1, 0, 100, true);
    }
    t.same(page, { lines: Array(3).fill('grüße [MASKED] ✓'), complete: true });
  },
);

t.test('Given a cursor, when a page is read, then it starts there and says whether it is the last', async (t) => {
  const { logs } = setUp('a\nb\nc\nd\n');
  t.same(await logs.lines(1, 1, 2, true), { lines: ['b', 'c'], complete: false });
  t.same(await logs.lines(1, 3, 2, true), { lines: ['d'], complete: true });
  t.same(await logs.lines(1, 99, 2, true), { lines: [], complete: true });
});

t.test('Given GitLab does not answer, when it does again, then the log goes on where it was', async (t) => {
  const { logs, trace, clock } = setUp('a\n');
  await logs.lines(1, 0, 10, false);
  trace.fails = true;
  clock.advance(1_000);
  t.same(await logs.lines(1, 0, 10, false), { lines: [], complete: false }, 'what is held stays readable');
  await t.rejects(logs.lines(2, 0, 10, false), 'of another job nothing is held');
  trace.fails = false;
  trace.text = 'a\nb\n';
  clock.advance(1_000);
  t.same(await logs.lines(1, 0, 10, true), { lines: ['a', 'b'], complete: true });
});

t.test('Given more lines than are kept, when the log is read, then it ends with a line that says so', async (t) => {
  const { logs } = setUp('x\n'.repeat(20_010));
  const page = await logs.lines(1, 19_999, 100, true);
  t.same(page, { lines: ['x', '[the log is longer than what is kept here]'], complete: true });
});

t.test('Given more jobs than are kept, when the first is asked for again, then it is read again', async (t) => {
  const { logs, trace } = setUp('a\n');
  for (let jobId = 1; jobId <= 9; jobId += 1) await logs.lines(jobId, 0, 10, true);
  const reads = trace.reads.length;
  await logs.lines(9, 0, 10, true);
  t.equal(trace.reads.length, reads);
  t.same(await logs.lines(1, 0, 10, true), { lines: ['a'], complete: true });
  t.equal(trace.reads.length, reads + 2);
});

t.test(
  'Given a reader who goes through many jobs, when the reads are used up, then GitLab is spared and the rest waits',
  async (t) => {
    const { logs, trace, clock } = setUp('a\n');
    for (let jobId = 1; jobId <= 40; jobId += 1) await logs.lines(jobId, 0, 10, true);
    t.equal(trace.reads.length, 24);
    t.same(await logs.lines(41, 0, 10, true), { lines: [], complete: false }, 'not said to be complete');
    clock.advance(10_000);
    t.same(await logs.lines(41, 0, 10, true), { lines: ['a'], complete: true });
  },
);

t.test('Given an account id in the log, when it is shown, then it is masked', async (t) => {
  const { logs } = setUp('arn:aws:iam::111122223333:role/demo\n');
  const { lines } = await logs.lines(1, 0, 10, true);
  t.notOk(lines.join('').includes('111122223333'));
  t.match(lines[0], /role\/demo/);
});
