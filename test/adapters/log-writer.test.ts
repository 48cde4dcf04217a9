import t from 'tap';
import { FULL_BYTES } from '../../src/adapters/log-sampling.ts';
import { createLogWriter, findLogTail, LOG_START } from '../../src/adapters/log-writer.ts';
import { LOG_CHUNK_BYTES, LOG_CHUNKS_PER_JOB, LOG_CHUNKS_PER_RUN } from '../../src/adapters/store-bounds.ts';
import type { LogChunk } from '../../src/lifecycle/ports.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryConditions } from '../fakes/memory-conditions.ts';
import { createMemoryLogs } from '../fakes/memory-logs.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

const CUT_LINE = '[no more is kept: the logs of this demo are too long]';
/** What a chunk takes before the next line goes into another one. */
const CHUNK_ROOM = LOG_CHUNK_BYTES - 200;

const createScene = () => {
  const store = createMemoryLogs(createMemoryConditions(createStoreFaults()));
  const deps = { store, clock: createFakeClock() };
  const logOf = (jobId: number) => ({ deploymentId: 'run', jobId });
  return {
    ...deps,
    logOf,
    open: async (jobId = 1) => {
      const writer = createLogWriter(deps, logOf(jobId), await findLogTail(deps, logOf(jobId), LOG_START));
      let byteOffset = 0;
      return {
        ...writer,
        add: (text: string) => {
          byteOffset += Buffer.byteLength(text) + 1;
          return writer.add({ text, position: { byteOffset, skipLines: 0 } });
        },
      };
    },
    chunks: async (jobId = 1): Promise<readonly LogChunk[]> => {
      const chunks: LogChunk[] = [];
      for (let index = 0; index <= LOG_CHUNKS_PER_JOB; index += 1) {
        const chunk = await store.readChunk(logOf(jobId), index, deps.clock.now());
        if (chunk !== null) chunks.push(chunk);
      }
      return chunks;
    },
  };
};

const bytesOf = (chunks: readonly LogChunk[]): number =>
  chunks.flatMap(({ lines }) => lines).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

t.test('Given lines that just fit, when one more byte comes, then it goes into the next chunk', async (t) => {
  for (const extra of [0, 1]) {
    const scene = createScene();
    const writer = await scene.open();
    await writer.add('x'.repeat(40_000 - 1));
    await writer.add('ü'.repeat(2_000 - 1).concat('y'));
    await writer.add('x'.repeat(CHUNK_ROOM - 44_000 - 1 + extra));
    await writer.save();
    const chunks = await scene.chunks();
    t.equal(chunks.length, 1 + extra);
    t.match(
      chunks.map(({ state, firstLine, lines }) => [state, firstLine, lines.length]),
      extra === 0
        ? [['open', 0, 3]]
        : [
            ['full', 0, 2],
            ['open', 2, 1],
          ],
    );
    t.equal(chunks[0]?.resume.keptBytes, bytesOf(chunks.slice(0, 1)));
  }
});

t.test('Given nothing new, when it is saved, then nothing is written', async (t) => {
  const scene = createScene();
  const writer = await scene.open();
  await writer.save();
  t.same(await scene.chunks(), []);
  await writer.add('one');
  await writer.save();
  const tail = await findLogTail(scene, scene.logOf(1), LOG_START);
  await writer.save();
  t.equal((await findLogTail(scene, scene.logOf(1), LOG_START)).stored?.revision, tail.stored?.revision);
  t.equal(writer.isAt(tail), true);
});

t.test('Given another wrote, when a writer saves, then it is lost and never writes again', async (t) => {
  const scene = createScene();
  const [first, second] = [await scene.open(), await scene.open()];
  await first.add('one');
  await first.save();
  await second.add('other');
  await second.save();
  t.equal(second.state(), 'lost');
  await second.add('more');
  await second.save();
  await second.close('end');
  t.same(
    (await scene.chunks()).flatMap(({ lines }) => lines),
    ['one'],
  );
  t.equal(second.isAt(await findLogTail(scene, scene.logOf(1), LOG_START)), false);
  await first.close(null);
  t.equal(first.state(), 'closed');
});

t.test(
  'Given the longest line there can be, when it is added, then its item holds it, cut between characters',
  async (t) => {
    const scene = createScene();
    const writer = await scene.open();
    await writer.add('x'.repeat(30_000));
    await writer.add('名'.repeat(20_000));
    await writer.save();
    const chunks = await scene.chunks();
    t.equal(chunks.length, 2);
    t.equal(chunks[1]?.lines[0], '名'.repeat(16_666));
  },
);

t.test('Given a log beyond what is kept in full, when it ends, then it is sampled, cut and bounded', async (t) => {
  const scene = createScene();
  const writer = await scene.open();
  const line = 'x'.repeat(999);
  let added = 0;
  while (writer.state() === 'open' && added < 10_000) {
    await writer.add(line);
    added += 1;
    if (added === FULL_BYTES / 1_000) t.equal((await scene.chunks()).at(-1)?.state, 'full', 'whole up to here');
  }
  const chunks = await scene.chunks();
  const lines = chunks.flatMap(({ lines }) => lines);
  t.equal(chunks.length, LOG_CHUNKS_PER_JOB);
  t.same(lines.slice(0, 600), Array(600).fill(line));
  t.same(lines.slice(600, 604), ['[9 lines left out]', line, '[9 lines left out]', line]);
  t.equal(lines.at(-1), CUT_LINE);
  t.equal(chunks.at(-1)?.state, 'last');
  t.ok(chunks.every((chunk) => bytesOf([chunk]) <= LOG_CHUNK_BYTES));
  const end = await scene.open();
  t.match(await findLogTail(scene, scene.logOf(1), LOG_START), { place: { index: LOG_CHUNKS_PER_JOB - 1 } });
  t.equal(end.state(), 'open', 'who opens a closed log has to look at its state first');
});

t.test('Given lines that were left out, when the log ends, then its last line says how many', async (t) => {
  const scene = createScene();
  const writer = await scene.open();
  for (let line = 0; line < 613; line += 1) await writer.add('x'.repeat(999));
  await writer.close('[the end]');
  const lines = (await scene.chunks()).flatMap(({ lines }) => lines);
  t.same(lines.slice(-3), ['x'.repeat(999), '[3 lines left out]', '[the end]']);
});

t.test(
  'Given a run that used up its part, when another job begins, then it keeps one line and the run about 2 MB',
  async (t) => {
    const scene = createScene();
    let jobId = 0;
    const lastLines: (string | undefined)[] = [];
    while (jobId < 8) {
      jobId += 1;
      const writer = await scene.open(jobId);
      for (let line = 0; line < 500 && writer.state() === 'open'; line += 1) await writer.add('x'.repeat(999));
      await writer.close(null);
      lastLines.push((await scene.chunks(jobId)).at(-1)?.lines.at(-1));
    }
    t.same(lastLines.slice(0, 4), Array(4).fill('x'.repeat(999)), 'eight chunks each are whole');
    t.same(lastLines.slice(4), Array(4).fill(CUT_LINE));
    t.match(await scene.chunks(8), [{ state: 'last', firstLine: 0, lines: [CUT_LINE] }]);
    let bytes = 0;
    for (let id = 1; id <= jobId; id += 1) bytes += bytesOf(await scene.chunks(id));
    t.ok(bytes <= LOG_CHUNKS_PER_RUN * LOG_CHUNK_BYTES, `${bytes} bytes`);
  },
);

t.test(
  'Given a crash between a full chunk and the next, when another goes on, then nothing is lost or twice',
  async (t) => {
    const scene = createScene();
    const writer = await scene.open();
    await writer.add('x'.repeat(39_999));
    await writer.add('y'.repeat(39_999));
    t.same(
      (await scene.chunks()).map(({ state }) => state),
      ['full'],
      'what follows was not written',
    );
    const tail = await findLogTail(scene, scene.logOf(1), LOG_START);
    t.same(tail, {
      place: { index: 1, firstLine: 1, resume: { byteOffset: 40_000, skipLines: 0, keptBytes: 40_000, leftOut: 0 } },
      stored: null,
    });
    const next = await scene.open();
    await next.add('y'.repeat(39_999));
    await next.save();
    t.match(await scene.chunks(), [{ firstLine: 0 }, { state: 'open', firstLine: 1, resume: { keptBytes: 80_000 } }]);
  },
);
