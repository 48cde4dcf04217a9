import type { Test } from 'tap';
import {
  LOG_CHUNK_BYTES,
  LOG_CHUNKS_PER_JOB,
  LOG_CHUNKS_PER_RUN,
  LOG_LIFETIME_MS,
} from '../../src/adapters/store-bounds.ts';
import type { LogChunk, LogStore } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { type MakeStore, rejectsAsUnavailable } from './store-under-test.ts';

const LOG = { deploymentId: '01930000-0000-7000-8000-00000000000a', jobId: 41 };

const LAST_MOMENT = SAMPLE_START + LOG_LIFETIME_MS - 1;

const chunkOf = (fields: Partial<LogChunk> = {}): LogChunk => ({
  state: 'open',
  firstLine: 7,
  lines: ['one', '', 'grün \u001b[32m✓\u001b[0m'],
  resume: { byteOffset: 120, skipLines: 2, keptBytes: 30, leftOut: 3 },
  ...fields,
});

const defineReading = (t: Test, name: string, make: MakeStore<LogStore>): void => {
  t.test(`${name}: given no chunk, when it is read, then there is none`, async (t) => {
    const { store } = await make();
    t.equal(await store.readChunk(LOG, 0, SAMPLE_START), null);
  });

  t.test(`${name}: given a chunk, when it is read, then it is what was written, and only under its key`, async (t) => {
    const { store } = await make();
    const revision = await store.writeChunk(LOG, 1, chunkOf(), null, SAMPLE_START);
    t.strictSame(await store.readChunk(LOG, 1, SAMPLE_START), { ...chunkOf(), revision });
    t.equal(await store.readChunk(LOG, 0, SAMPLE_START), null, 'another index');
    t.equal(await store.readChunk({ ...LOG, jobId: 4 }, 1, SAMPLE_START), null, 'another job');
    t.equal(await store.readChunk({ ...LOG, deploymentId: 'other' }, 1, SAMPLE_START), null, 'another deployment');
  });

  t.test(
    `${name}: given chunks without lines or with an empty one, when they are read, then they differ`,
    async (t) => {
      const { store } = await make();
      await store.writeChunk(LOG, 0, chunkOf({ lines: [], state: 'last' }), null, SAMPLE_START);
      await store.writeChunk(LOG, 1, chunkOf({ lines: [''], state: 'full' }), null, SAMPLE_START);
      t.match(await store.readChunk(LOG, 0, SAMPLE_START), { lines: [], state: 'last' });
      t.strictSame((await store.readChunk(LOG, 1, SAMPLE_START))?.lines, ['']);
    },
  );

  t.test(
    `${name}: given a chunk, when a month has passed, then it counts as none and may be written anew`,
    async (t) => {
      const { store } = await make();
      await store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START);
      t.not(await store.readChunk(LOG, 0, LAST_MOMENT), null, 'the last moment');
      t.equal(await store.writeChunk(LOG, 0, chunkOf(), null, LAST_MOMENT), null);
      t.equal(await store.readChunk(LOG, 0, LAST_MOMENT + 1), null, 'the first moment after');
      t.ok(await store.writeChunk(LOG, 0, chunkOf({ firstLine: 0 }), null, LAST_MOMENT + 1));
      t.match(await store.readChunk(LOG, 0, LAST_MOMENT + 1), { firstLine: 0 });
    },
  );

  t.test(`${name}: given a chunk that is continued, when it is kept, then from its latest write on`, async (t) => {
    const { store } = await make();
    const first = await store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START);
    await store.writeChunk(LOG, 0, chunkOf(), first, SAMPLE_START + 1);
    t.not(await store.readChunk(LOG, 0, LAST_MOMENT + 1), null);
    t.equal(await store.readChunk(LOG, 0, LAST_MOMENT + 2), null);
  });
};

const defineWriting = (t: Test, name: string, make: MakeStore<LogStore>): void => {
  t.test(`${name}: given a chunk, when two continue what they read, then only the first one does`, async (t) => {
    const { store } = await make();
    const first = await store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START);
    t.ok(first);
    t.equal(await store.writeChunk(LOG, 0, chunkOf({ lines: ['late'] }), null, SAMPLE_START), null, 'it is there');
    const second = await store.writeChunk(LOG, 0, chunkOf({ lines: ['a'] }), first, SAMPLE_START);
    t.ok(second);
    t.not(second, first);
    t.equal(await store.writeChunk(LOG, 0, chunkOf({ lines: ['b'] }), first, SAMPLE_START), null);
    t.strictSame((await store.readChunk(LOG, 0, SAMPLE_START))?.lines, ['a']);
    t.equal(await store.writeChunk(LOG, 1, chunkOf(), first, SAMPLE_START), null, 'nothing there to replace');
  });

  for (const isThere of [false, true]) {
    t.test(`${name}: given ${isThere ? 'a' : 'no'} chunk, when 20 write at once, then exactly one does`, async (t) => {
      const { store } = await make();
      const replaces = isThere ? await store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START) : null;
      const revisions = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.writeChunk(LOG, 0, chunkOf({ lines: [`line of ${index}`] }), replaces, SAMPLE_START),
        ),
      );
      const winner = revisions.findIndex((revision) => revision !== null);
      t.equal(revisions.filter((revision) => revision !== null).length, 1);
      const stands = await store.readChunk(LOG, 0, SAMPLE_START);
      t.match(stands, { revision: revisions[winner], lines: [`line of ${winner}`] });
    });
  }

  t.test(`${name}: given its reply is lost, when a write meets itself, then it took effect`, async (t) => {
    const { store, faults } = await make();
    faults.once('lose-reply');
    const first = await store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START);
    t.ok(first);
    faults.once('lose-reply');
    const second = await store.writeChunk(LOG, 0, chunkOf({ lines: ['a'] }), first, SAMPLE_START);
    t.match(await store.readChunk(LOG, 0, SAMPLE_START), { revision: second, lines: ['a'] });
    faults.once('lose-reply');
    t.equal(await store.writeChunk(LOG, 0, chunkOf(), first, SAMPLE_START), null, "another's is not taken for ours");
    faults.once('lose-request');
    t.ok(await store.writeChunk(LOG, 0, chunkOf(), second, SAMPLE_START));
  });

  t.test(`${name}: given what no chunk may be, when it is written, then it is refused`, async (t) => {
    const { store } = await make();
    const ofBytes = (bytes: number) => chunkOf({ lines: ['ü'.repeat(100), 'x'.repeat(bytes - 202)] });
    await t.rejects(store.writeChunk(LOG, 0, ofBytes(LOG_CHUNK_BYTES + 1), null, SAMPLE_START), RangeError);
    await t.rejects(store.writeChunk(LOG, 0, chunkOf({ lines: ['a\nb'] }), null, SAMPLE_START), RangeError);
    t.equal(await store.readChunk(LOG, 0, SAMPLE_START), null);
    t.ok(await store.writeChunk(LOG, 0, ofBytes(LOG_CHUNK_BYTES), null, SAMPLE_START));
  });
};

/** What every `LogStore` promises. `make` gives an empty store per test. */
export const defineLogStoreContract = (t: Test, name: string, make: MakeStore<LogStore>): void => {
  defineReading(t, name, make);
  defineWriting(t, name, make);

  t.test(`${name}: given a run, when its chunks are booked at once, then as many as it may have are`, async (t) => {
    const { store } = await make();
    const chunks = Array.from({ length: LOG_CHUNKS_PER_RUN + 8 }, (_, index) => ({
      log: { ...LOG, jobId: 1 + (index % 8) },
      index: Math.floor(index / 8),
    }));
    const answers = await Promise.all(chunks.map(({ log, index }) => store.bookChunk(log, index, SAMPLE_START)));
    t.equal(answers.filter(Boolean).length, LOG_CHUNKS_PER_RUN);
    const again = await Promise.all(chunks.map(({ log, index }) => store.bookChunk(log, index, SAMPLE_START)));
    t.strictSame(again, answers, 'what was booked stays so, and what was refused too');
    t.equal(await store.bookChunk({ ...LOG, deploymentId: 'other' }, 0, SAMPLE_START), true, 'of another run');
  });

  t.test(`${name}: given a job, when its chunks are booked, then no more than one job may have`, async (t) => {
    const { store } = await make();
    t.equal(await store.bookChunk(LOG, LOG_CHUNKS_PER_JOB - 1, SAMPLE_START), true);
    t.equal(await store.bookChunk(LOG, LOG_CHUNKS_PER_JOB, SAMPLE_START), false);
  });

  t.test(`${name}: given the last room, when the reply to its booking is lost, then it is booked`, async (t) => {
    const { store, faults } = await make();
    const bookNth = (index: number) => store.bookChunk({ ...LOG, jobId: 1 + index }, 0, SAMPLE_START);
    for (let index = 0; index < LOG_CHUNKS_PER_RUN - 1; index += 1) await bookNth(index);
    faults.once('lose-reply');
    t.equal(await bookNth(LOG_CHUNKS_PER_RUN - 1), true);
    t.equal(await bookNth(LOG_CHUNKS_PER_RUN), false);
  });

  t.test(`${name}: given the store is down, when it is asked, then it is unavailable`, async (t) => {
    const { store, faults } = await make();
    faults.always('down');
    await rejectsAsUnavailable(t, store.readChunk(LOG, 0, SAMPLE_START), 'a read');
    await rejectsAsUnavailable(t, store.writeChunk(LOG, 0, chunkOf(), null, SAMPLE_START), 'a write');
    await rejectsAsUnavailable(t, store.bookChunk(LOG, 0, SAMPLE_START), 'a booking');
  });
};
