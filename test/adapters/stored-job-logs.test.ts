import t from 'tap';
import { LOG_LIFETIME_MS } from '../../src/adapters/store-bounds.ts';
import { createStoredJobLogs, HELD_BYTES } from '../../src/adapters/stored-job-logs.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { LogChunk, LogOf } from '../../src/lifecycle/ports.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

const POLL_MS = 1_000;

const logOf = (jobId: number, deploymentId = 'run'): LogOf => ({ deploymentId, jobId });
const keyOf = ({ deploymentId, jobId }: LogOf, index: number): string => `${deploymentId}/${jobId}/${index}`;

const createScene = () => {
  const clock = createFakeClock();
  const chunks = new Map<string, LogChunk>();
  const reads: string[] = [];
  const world = {
    clock,
    chunks,
    reads,
    isDown: false,
    /** Puts the chunks of a job, in order; all but the last are full. */
    put: (jobId: number, end: LogChunk['state'], ...parts: readonly (readonly string[])[]): void => {
      let firstLine = 0;
      for (const [index, lines] of parts.entries()) {
        const state = index < parts.length - 1 ? 'full' : end;
        const resume = { byteOffset: 0, skipLines: 0, keptBytes: 0, leftOut: 0 };
        chunks.set(keyOf(logOf(jobId), index), { state, firstLine, lines, resume });
        firstLine += lines.length;
      }
    },
    logs: createStoredJobLogs({
      clock,
      pollMs: POLL_MS,
      reader: {
        readChunk: async (log, index) => {
          reads.push(keyOf(log, index));
          await new Promise(setImmediate);
          if (world.isDown) throw new DemoError('STORE_UNAVAILABLE', { cause: new Error('down') });
          const chunk = chunks.get(keyOf(log, index));
          return chunk === undefined ? null : { ...chunk, revision: 'revision' };
        },
      },
    }),
  };
  return world;
};

t.test('Given a log in chunks, when a page is read from anywhere, then it is that part of the whole', async (t) => {
  const parts = [['a', 'b', 'c'], ['d'], ['e', 'f']];
  const whole = parts.flat();
  for (let limit = 1; limit <= 7; limit += 1) {
    for (let from = 0; from <= 8; from += 1) {
      const { logs, put } = createScene();
      put(1, 'last', ...parts);
      const lines = whole.slice(from, from + limit);
      const complete = from + lines.length >= whole.length;
      t.strictSame(await logs.lines(logOf(1), from, limit), { lines, complete }, `${limit} from ${from}`);
      t.strictSame(await logs.lines(logOf(1), 0, 3), { lines: ['a', 'b', 'c'], complete: false }, 'and back again');
    }
  }
});

t.test('Given what is not complete, when its end is read, then it is not said to be', async (t) => {
  const { logs, put, clock, chunks } = createScene();
  t.strictSame(await logs.lines(logOf(1), 0, 10), { lines: [], complete: false }, 'nothing yet');
  put(1, 'open', ['a', 'b']);
  clock.advance(POLL_MS);
  t.strictSame(await logs.lines(logOf(1), 0, 10), { lines: ['a', 'b'], complete: false });
  put(1, 'full', ['a', 'b']);
  clock.advance(POLL_MS);
  t.strictSame(await logs.lines(logOf(1), 2, 10), { lines: [], complete: false }, 'the next chunk is not there yet');
  put(1, 'last', ['a', 'b'], []);
  clock.advance(POLL_MS);
  t.strictSame(await logs.lines(logOf(1), 2, 10), { lines: [], complete: true });
  chunks.clear();
  clock.advance(LOG_LIFETIME_MS);
  t.strictSame(await logs.lines(logOf(1), 0, 10), { lines: ['a', 'b'], complete: true }, 'what is final is held');
});

t.test('Given a thousand readers, when they read a job that runs, then the store is read once a poll', async (t) => {
  const { logs, put, reads, clock } = createScene();
  put(1, 'open', ['a', 'b']);
  const all = () => Promise.all(Array.from({ length: 1_000 }, (_, index) => logs.lines(logOf(1), index % 3, 10)));
  const pages = await all();
  t.strictSame(pages[1], { lines: ['b'], complete: false });
  t.equal(reads.length, 1);
  clock.advance(POLL_MS - 1);
  await all();
  t.equal(reads.length, 1, 'just before the poll');
  clock.advance(1);
  await all();
  t.equal(reads.length, 2);
  for (let polls = 0; polls < 10; polls += 1) {
    clock.advance(POLL_MS);
    await all();
  }
  t.equal(reads.length, 12);
});

t.test(
  'Given a thousand readers of a log that is not there yet, when they read, then that is one read as well',
  async (t) => {
    const { logs, reads, clock } = createScene();
    const all = () => Promise.all(Array.from({ length: 1_000 }, () => logs.lines(logOf(1), 0, 10)));
    await all();
    await all();
    t.equal(reads.length, 1);
    clock.advance(POLL_MS);
    await all();
    t.equal(reads.length, 2);
  },
);

t.test(
  'Given a long log, when readers follow its end, then full chunks are read once and the end once a poll',
  async (t) => {
    const { logs, put, reads, clock } = createScene();
    put(1, 'open', ['a'], ['b'], ['c']);
    await logs.lines(logOf(1), 0, 10);
    t.strictSame(reads, ['run/1/0', 'run/1/1', 'run/1/2']);
    reads.length = 0;
    clock.advance(POLL_MS);
    await Promise.all(Array.from({ length: 100 }, () => logs.lines(logOf(1), 0, 10)));
    t.strictSame(reads, ['run/1/2']);
    put(1, 'last', ['a'], ['b'], ['c', 'd'], ['e']);
    clock.advance(POLL_MS);
    reads.length = 0;
    t.strictSame(await logs.lines(logOf(1), 3, 10), { lines: ['d', 'e'], complete: true });
    clock.advance(POLL_MS);
    await logs.lines(logOf(1), 0, 10);
    t.strictSame(reads, ['run/1/2', 'run/1/3'], 'what is complete is not read again');
  },
);

t.test(
  'Given the store is down, when logs are read, then what is held is served and the rest is unavailable',
  async (t) => {
    const scene = createScene();
    const { logs, put, reads, clock } = scene;
    put(1, 'open', ['a']);
    put(2, 'open', ['b']);
    await logs.lines(logOf(1), 0, 10);
    scene.isDown = true;
    clock.advance(POLL_MS);
    t.strictSame(await logs.lines(logOf(1), 0, 10), { lines: ['a'], complete: false });
    const before = reads.length;
    await logs.lines(logOf(1), 0, 10);
    t.equal(reads.length, before, 'a failure is not repeated before the next poll');
    const both = await Promise.allSettled([logs.lines(logOf(2), 0, 10), logs.lines(logOf(2), 0, 10)]);
    t.match(both, [{ status: 'rejected' }, { status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } }]);
    t.equal(reads.length, before + 1);
    scene.isDown = false;
    t.strictSame(await logs.lines(logOf(2), 0, 10), { lines: ['b'], complete: false }, 'at once when it is back');
  },
);

t.test('Given more logs than are held, when they are read, then the one used least lately goes', async (t) => {
  const { logs, put, reads } = createScene();
  const big = ['x'.repeat(63_999)];
  const held = HELD_BYTES / 64_000;
  for (let jobId = 1; jobId <= held + 1; jobId += 1) put(jobId, 'last', big);
  for (let jobId = 1; jobId <= held; jobId += 1) await logs.lines(logOf(jobId), 0, 10);
  await logs.lines(logOf(1), 0, 10);
  t.equal(reads.length, held, 'so many fit');
  await logs.lines(logOf(held + 1), 0, 10);
  reads.length = 0;
  await logs.lines(logOf(1), 0, 10);
  t.same(reads, [], 'used lately');
  await logs.lines(logOf(2), 0, 10);
  t.same(reads, ['run/2/0']);
});

t.test(
  'Given readers who go through jobs that have no log, when they are many, then they are forgotten too',
  async (t) => {
    const { logs, reads } = createScene();
    for (let jobId = 1; jobId <= 513; jobId += 1) await logs.lines(logOf(jobId), 0, 10);
    await logs.lines(logOf(2), 0, 10);
    t.equal(reads.length, 513);
    await logs.lines(logOf(1), 0, 10);
    t.equal(reads.length, 514);
  },
);

t.test('Given chunks that had to go, when a late line is asked for, then only its chunk is read again', async (t) => {
  const { logs, put, reads } = createScene();
  const big = () => ['x'.repeat(63_999)];
  put(1, 'last', big(), big(), ['the end']);
  await logs.lines(logOf(1), 0, 10);
  for (let jobId = 2; jobId <= 1 + HELD_BYTES / 64_000; jobId += 1) {
    put(jobId, 'last', big());
    await logs.lines(logOf(jobId), 0, 10);
  }
  reads.length = 0;
  t.strictSame(await logs.lines(logOf(1), 2, 10), { lines: ['the end'], complete: true });
  t.same(reads, ['run/1/2']);
});
