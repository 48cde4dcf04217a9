import t from 'tap';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import { createLogWorld, DEPLOYMENT, jobOf } from './log-world.ts';

const KEY = ['AKIA', 'Q3EGRTZ5LMNOPQ2X'].join('');

t.test('Given a finished job, when its log is collected, then it is stored masked, whole and complete', async (t) => {
  const world = createLogWorld();
  world.trace(1, `one\nkey ${KEY}\nbye hunter-two-known\narn:aws:iam::111122223333:role/demo\n`);
  await world.collect(world.collector({ knownSecrets: () => ['hunter-two-known'] }), [jobOf(1, true)]);
  t.match(await world.chunks(1), [
    {
      state: 'last',
      firstLine: 0,
      lines: ['one', 'key [MASKED]', 'bye [MASKED]', 'arn:aws:iam::[MASKED]:role/demo'],
      resume: { byteOffset: 50, skipLines: 1, keptBytes: 62, leftOut: 0 },
    },
  ]);
});

t.test('Given a job that wrote nothing, when it is over, then its log is complete and empty', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  await world.collect(collector, [jobOf(1, false)]);
  t.same(await world.chunks(1), [], 'nothing is stored of nothing');
  await world.collect(collector, [jobOf(1, true)]);
  t.match(await world.chunks(1), [{ state: 'last', lines: [] }]);
});

t.test('Given a job that runs, when its log grows, then only the new bytes are asked for', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  world.trace(1, 'one\ntwo\nthr');
  await world.collect(collector, [jobOf(1, false)]);
  t.same(await world.lines(1), ['one'], 'a line is final when the next one has begun');
  t.equal(await world.isComplete(1), false);
  world.trace(1, 'one\ntwo\nthree\nfour\n');
  await world.collect(collector, [jobOf(1, true)]);
  t.same(
    world.reads.map(({ byteOffset }) => byteOffset),
    [0, 11, 19],
    'a short answer is the end for now',
  );
  t.same(await world.lines(1), ['one', 'two', 'three', 'four']);
  t.equal(await world.isComplete(1), true);
});

t.test('Given a complete log, when looks go on, then its trace is never read again, by nobody', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  world.trace(1, 'a\n');
  await world.collect(collector, [jobOf(1, true)]);
  const reads = world.reads.length;
  await world.collect(collector, [jobOf(1, true)]);
  await world.collect(world.collector(), [jobOf(1, true)]);
  t.equal(world.reads.length, reads);
});

t.test('Given calls while one is under way, when it is done, then the latest of each demo follows', async (t) => {
  const world = createLogWorld();
  world.trace(1, 'a\n');
  const other = '01930000-0000-7000-8000-00000000000b';
  const collector = world.collector();
  t.equal(collector.collect(DEPLOYMENT, [jobOf(1, false)]), undefined, 'it returns at once');
  t.same(await world.chunks(1), []);
  collector.collect(DEPLOYMENT, [jobOf(1, false), jobOf(7, false)]);
  collector.collect(DEPLOYMENT, [jobOf(1, true)]);
  collector.collect(other, [jobOf(1, true)]);
  await collector.idle();
  t.equal(await world.isComplete(1), true);
  t.equal((await world.store.readChunk({ deploymentId: other, jobId: 1 }, 0, 0))?.state, 'last');
  t.notOk(
    world.reads.some(({ jobId }) => jobId === 7),
    'what a later call replaced was not done',
  );
  await collector.idle();
});

t.test('Given chunks that cut characters and secrets, when they are put together, then nothing leaks', async (t) => {
  for (const readBytes of [1, 7, 64]) {
    const world = createLogWorld();
    world.trace(1, `grüße ${KEY} ✓\n`.repeat(3)).readBytes = readBytes;
    await world.complete(world.collector(), 1);
    t.same(await world.lines(1), Array(3).fill('grüße [MASKED] ✓'));
  }
});

t.test('Given GitLab does not answer, when it does again, then the log goes on where it was', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  world.trace(1, 'a\nb\n');
  world.trace(2, 'c\n');
  await world.collect(collector, [jobOf(1, false)]);
  world.isGitlabDown = true;
  world.reads.length = 0;
  await world.collect(collector, [jobOf(1, true), jobOf(2, true)]);
  t.equal(world.reads.length, 1, 'the other job is not tried in vain');
  t.same(world.events, [
    { name: 'logs.not_collected', fields: { deploymentId: DEPLOYMENT, jobId: 1, code: 'PIPELINES_UNAVAILABLE' } },
  ]);
  t.same(await world.lines(1), ['a'], 'what is stored stays');
  world.isGitlabDown = false;
  await world.collect(collector, [jobOf(1, true), jobOf(2, true)]);
  t.same(await world.lines(1), ['a', 'b']);
  t.same(await world.lines(2), ['c']);
});

for (const isBegun of [false, true]) {
  const which = isBegun ? 'a log that has begun' : 'a new log';
  t.test(`Given the store is down for a while, when ${which} goes on, then no line is missing or twice`, async (t) => {
    const world = createLogWorld();
    const collector = world.collector();
    const trace = world.trace(1, 'a\nb\nc\nd\n');
    trace.length = 4;
    if (isBegun) await world.collect(collector, [jobOf(1, false)]);
    trace.length = 8;
    const reads = world.reads.length;
    world.faults.always('down');
    await world.collect(collector, [jobOf(1, true)]);
    t.equal(world.reads.length, reads, 'GitLab is not asked for what could not be stored');
    world.faults.heal();
    // Down only after the end of the log was found, so that what was read is lost on its way into the store.
    world.beforeRead = async () => world.faults.always('down');
    await world.collect(collector, [jobOf(1, true)]);
    world.beforeRead = async () => {};
    world.faults.heal();
    t.match(
      world.events.map(({ fields }) => fields.code),
      ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
    );
    await world.collect(collector, [jobOf(1, true)]);
    t.same(await world.lines(1), ['a', 'b', 'c', 'd']);
  });
}

t.test('Given the store is down when a chunk is full, when it is back, then the next one has every line', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  const lines = Array.from({ length: 12 }, (_, index) => String(index).padEnd(9_999, '-'));
  const trace = world.trace(1, lines.map((line) => `${line}\n`).join(''));
  trace.length = 50_000;
  await world.collect(collector, [jobOf(1, false)]);
  trace.length = 120_000;
  world.beforeRead = async () => world.faults.always('down');
  await world.collect(collector, [jobOf(1, false)]);
  world.beforeRead = async () => {};
  world.faults.heal();
  await world.complete(collector, 1);
  t.equal((await world.chunks(1)).length, 2);
  t.same(await world.lines(1), lines);
});

t.test(
  'Given every reply is lost, when it was written all the same, then the next poll goes on behind it',
  async (t) => {
    const world = createLogWorld();
    const collector = world.collector();
    const trace = world.trace(1, 'a\nb\nc\n');
    trace.length = 4;
    await world.collect(collector, [jobOf(1, false)]);
    t.same(await world.lines(1), ['a']);
    trace.length = 6;
    for (let tries = 0; tries < 3; tries += 1) world.faults.once('lose-reply');
    await world.collect(collector, [jobOf(1, false)]);
    t.equal(world.events.length, 1);
    t.same(await world.lines(1), ['a', 'b']);
    await world.complete(collector, 1);
    t.same(await world.lines(1), ['a', 'b', 'c']);
  },
);

t.test('Given a masker that fails, when a line cannot be masked, then the log ends there and says so', async (t) => {
  const failing = () => {
    const masked = createMaskedLines();
    return {
      ...masked,
      write: (chunk: string) => {
        if (chunk.includes('poison')) throw new Error(`cannot mask ${chunk}`);
        return masked.write(chunk);
      },
    };
  };
  const world = createLogWorld();
  const collector = world.collector({ mask: failing });
  world.trace(1, 'one\ntwo\npoison swordfish\nfour\n');
  await world.collect(collector, [jobOf(1, false)]);
  t.same(await world.lines(1), ['one', '[withheld: this part of the log could not be masked]']);
  t.equal(await world.isComplete(1), true);
  const reads = world.reads.length;
  await world.collect(collector, [jobOf(1, true)]);
  t.equal(world.reads.length, reads);
  t.notMatch(JSON.stringify(world.events), /swordfish/);
});

t.test('Given a masker that fails at the very end, when the job is over, then that is withheld too', async (t) => {
  const world = createLogWorld();
  const mask = () => ({
    ...createMaskedLines(),
    end: () => {
      throw new Error('swordfish');
    },
  });
  world.trace(1, 'one\ntwo\nthree');
  await world.collect(world.collector({ mask }), [jobOf(1, true)]);
  t.same(await world.lines(1), ['one', '[withheld: this part of the log could not be masked]']);
  t.equal(await world.isComplete(1), true);
});

t.test('Given a secret that is rotated while a job runs, when it comes up, then the new value is masked', async (t) => {
  const world = createLogWorld();
  let known = ['first-secret-value'];
  const collector = world.collector({ knownSecrets: () => known });
  const trace = world.trace(1, 'a first-secret-value\nb\nc second-secret-value\nd\n');
  trace.length = 25;
  await world.collect(collector, [jobOf(1, false)]);
  known = ['second-secret-value', 'first-secret-value'];
  trace.length = trace.bytes.length;
  await world.complete(collector, 1);
  t.same(await world.lines(1), ['a [MASKED]', 'b', 'c [MASKED]', 'd']);
});

t.test('Given many jobs at once, when they are collected, then GitLab is spared and the rest waits', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  const jobs = Array.from({ length: 20 }, (_, index) => jobOf(index + 1, true));
  for (const { id } of jobs) world.trace(id, 'a\n');
  await world.collect(collector, jobs);
  t.equal(world.reads.length, 9);
  collector.collect(DEPLOYMENT, jobs);
  await collector.idle();
  t.equal(world.reads.length, 9, 'no more without time going by');
  world.clock.advance(1_000);
  collector.collect(DEPLOYMENT, jobs);
  await collector.idle();
  t.equal(world.reads.length, 12, 'three a second');
  for (let polls = 0; polls < 5; polls += 1) await world.collect(collector, jobs);
  for (const { id } of jobs) t.equal(await world.isComplete(id), true);
});

t.test('Given a long log of a job that is over, when another runs, then that one comes first', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  world.trace(1, 'x\n'.repeat(100)).readBytes = 2;
  world.trace(2, 'a\nb\n');
  await world.collect(collector, [jobOf(1, true), jobOf(2, false)]);
  t.equal(world.reads[0]?.jobId, 2);
  t.equal(world.reads.filter(({ jobId }) => jobId === 1).length, 8, 'and one job does not take all reads');
  t.same(await world.lines(2), ['a']);
});

t.test('Given a trace that was erased, when its job is over, then its log ends with what was seen', async (t) => {
  for (const isSuccessor of [false, true]) {
    const world = createLogWorld();
    const collector = world.collector();
    world.trace(1, 'one\ntwo\nthree\n');
    await world.collect(collector, [jobOf(1, false)]);
    world.trace(1, '');
    await world.collect(isSuccessor ? world.collector() : collector, [jobOf(1, true)]);
    t.same((await world.lines(1)).slice(0, 2), ['one', 'two']);
    t.equal(await world.isComplete(1), true);
  }
});

t.test('Given a trace without an end, when it is too long, then it is cut, says so and is read no more', async (t) => {
  const world = createLogWorld();
  const collector = world.collector();
  // Section markers show nothing, so what is stored stays small.
  const hidden = new TextEncoder().encode('section_end:1795165295:step_script\r\u001b[0K\n');
  const bytes = new Uint8Array(8_000_100);
  for (let at = 0; at < bytes.length; at += hidden.length) bytes.set(hidden.subarray(0, bytes.length - at), at);
  bytes.set(new TextEncoder().encode('first\n'), 0);
  const trace = world.trace(1, bytes);
  trace.length = 7_999_999;
  for (let polls = 0; polls < 4; polls += 1) await world.collect(collector, [jobOf(1, false)]);
  t.equal(await world.isComplete(1), false, 'a byte less is not too long');
  trace.length = 8_000_100;
  await world.collect(collector, [jobOf(1, false)]);
  t.equal((await world.lines(1)).at(-1), '[no more is kept: the logs of this demo are too long]');
  t.equal(await world.isComplete(1), true);
});

t.test('Given the old winner sleeps in its read, when another goes on, then it loses without harm', async (t) => {
  const world = createLogWorld();
  const [old, fresh] = [world.collector(), world.collector()];
  const trace = world.trace(1, 'one\ntwo\nthree\nfour\nfive\n');
  trace.length = 8;
  await world.collect(old, [jobOf(1, false)]);
  let wake = (): void => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  trace.length = 14;
  world.beforeRead = () => asleep;
  old.collect(DEPLOYMENT, [jobOf(1, false)]);
  while (world.reads.length < 2) await new Promise(setImmediate);
  world.beforeRead = async () => {};
  trace.length = trace.bytes.length;
  await world.complete(fresh, 1);
  wake();
  await old.idle();
  t.same(await world.lines(1), ['one', 'two', 'three', 'four', 'five']);
  t.same(world.events, [], 'and nothing is wrong with that');
  const reads = world.reads.length;
  await world.collect(old, [jobOf(1, true)]);
  t.equal(world.reads.length, reads, 'it sees that the log is complete');
});

t.test('Given an item that is broken, when jobs are collected, then only its own log stands still', async (t) => {
  const world = createLogWorld();
  world.trace(1, 'a\n');
  world.trace(2, 'b\n');
  const readChunk: typeof world.store.readChunk = async (log, index, now) => {
    if (log.jobId === 1) throw new TypeError('swordfish');
    return world.store.readChunk(log, index, now);
  };
  await world.collect(world.collector({ store: { ...world.store, readChunk } }), [jobOf(1, true), jobOf(2, true)]);
  t.same(await world.lines(2), ['b']);
  t.match(world.events, [{ fields: { jobId: 1, code: 'TypeError' } }]);
});

t.test(
  'Given a long log, when the collector is stopped, then what was read is stored and no more is read',
  async (t) => {
    const world = createLogWorld();
    const collector = world.collector();
    world.trace(1, 'a\nb\nc\nd\n').readBytes = 4;
    collector.collect(DEPLOYMENT, [jobOf(1, true)]);
    while (world.reads.length === 0) await new Promise(setImmediate);
    await collector.stop();
    t.equal(world.reads.length, 1);
    t.same(await world.lines(1), ['a']);
    await world.collect(collector, [jobOf(1, true)]);
    t.equal(world.reads.length, 1, 'and nothing is begun any more');
    await world.complete(world.collector(), 1);
    t.same(await world.lines(1), ['a', 'b', 'c', 'd']);
  },
);
