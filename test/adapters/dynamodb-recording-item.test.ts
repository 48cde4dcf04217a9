import { gzipSync } from 'node:zlib';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import t from 'tap';
import {
  decodeRecording,
  encodeRecording,
  recordingItemOf,
  recordingOfItem,
} from '../../src/adapters/dynamodb-recording-item.ts';
import { keepOf } from '../../src/lifecycle/recorded-lines.ts';
import { recordedJobs, recordingOf } from '../../src/lifecycle/recording.ts';
import { createDice } from '../fakes/dice.ts';
import { jobOf, minute, pipelineOf, tombstoneOfRun } from '../fakes/records.ts';
import { recordingOfRun } from '../fakes/sample-recordings.ts';
import { itemSize } from './item-size.ts';

/** Well under the 400 KB of an item, whatever was logged. */
const MOST_BYTES = 120_000;

const RUN = tombstoneOfRun({
  applyPipeline: pipelineOf('apply', 'succeeded', {
    jobs: Array.from({ length: 32 }, (_, id) =>
      jobOf(`${'j'.repeat(60)}${id}`, 'succeeded', { id, startedAt: minute(id), stage: `${'é'.repeat(14)}${id}` }),
    ),
  }),
});

/** A recording of as many jobs as there can be, whose logs are made of these lines. */
const recordingOfLogs = (lineOf: (job: number, index: number) => string, count: number) => {
  const jobs = recordedJobs(RUN);
  const logs = jobs.map((_, job) => keepOf(Array.from({ length: count }, (_line, index) => lineOf(job, index))));
  return recordingOf(
    RUN,
    jobs,
    logs.map((lines) => ({ lines, total: count })),
  );
};

const contentBytes = async (recording: ReturnType<typeof recordingOfLogs>): Promise<number> =>
  (await encodeRecording(recording)).length;

t.test('given a recording, when it is stored and read, then it is the same', async (t) => {
  const recording = recordingOfRun();
  const item = await recordingItemOf(recording);
  t.match(item, { deployment_id: 'replay', format: 1, created_at: recording.createdAt });
  t.notOk('expires_epoch_seconds' in item);
  t.strictSame(await recordingOfItem(item), recording);
  t.strictSame(await decodeRecording(new Uint8Array(await encodeRecording(recording))), recording);
});

t.test('given any lines, when they are stored and read, then they are the same', async (t) => {
  const line = fc.record(
    {
      atMs: fc.nat(10_000_000),
      stage: fc.constantFrom('plan', 'apply', '', '__proto__'),
      text: fc.string({ unit: 'binary' }),
    },
    { noNullPrototype: true },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.nat(), async (lines, linesTotal) => {
      const recording = recordingOfRun({ lines, linesTotal });
      t.strictSame(await recordingOfItem(await recordingItemOf(recording)), recording);
    }),
    { seed: 2026, numRuns: 100 },
  );
});

t.test('given logs that hardly compress, when they are stored, then the item stays small', async (t) => {
  const dice = createDice(7);
  const random = (characters: number, from: number, to: number): string =>
    Array.from({ length: characters }, () => String.fromCodePoint(from + dice(to - from))).join('');
  const worst = {
    'printable text': recordingOfLogs(() => random(580, 0x20, 0x7f), 30),
    'short lines': recordingOfLogs(() => random(10, 0x20, 0x7f), 300),
    'two bytes each': recordingOfLogs(() => random(290, 0xa1, 0x7ff), 30),
    'three bytes each': recordingOfLogs(() => random(190, 0x4e00, 0x9fff), 30),
    'four bytes each': recordingOfLogs(() => random(145, 0x20000, 0x2a6df), 30),
    'quotes and backslashes': recordingOfLogs(
      () => random(580, 0, 2).replaceAll('\0', '"').replaceAll('\x01', '\\'),
      30,
    ),
    colours: recordingOfLogs(() => Array.from({ length: 70 }, () => `\x1b[${dice(108)}m`).join(''), 60),
    'empty lines': recordingOfLogs(() => '', 3_000),
    'a usual log': recordingOfLogs((job, index) => `aws_subnet.a${job}: Creation complete after ${index}s`, 300),
  };
  for (const [name, recording] of Object.entries(worst)) {
    const bytes = await contentBytes(recording);
    t.ok(bytes <= MOST_BYTES, `${name}: ${bytes} bytes of ${recording.lines.length} lines`);
    t.strictSame(await decodeRecording(await encodeRecording(recording)), recording, name);
    t.ok(itemSize(marshall(await recordingItemOf(recording))) < MOST_BYTES + 200);
  }
});

t.test('given an item of a later version, when it is read, then there is none for this one', async (t) => {
  t.equal(await recordingOfItem({ format: 2, created_at: 'whenever' }), null);
});

t.test(
  'given an item that we did not write, when it is read, then it says where it is broken and quotes nothing',
  async (t) => {
    const item = await recordingItemOf(recordingOfRun());
    const zipped = (value: unknown) => ({ ...item, content: gzipSync(JSON.stringify(value)) });
    const whole = JSON.parse(
      (await import('node:zlib')).gunzipSync(item.content as Uint8Array).toString('utf8'),
    ) as Record<string, unknown>;
    const broken: readonly [string, Readonly<Record<string, unknown>>][] = [
      ['replay.format is not a whole number', { ...item, format: undefined }],
      ['replay.content is not bytes', { ...item, content: 'secret' }],
      ['replay.content is not a compressed recording', { ...item, content: Buffer.from('secret') }],
      ['replay.content is not a compressed recording', { ...item, content: gzipSync('secret') }],
      ['replay.content is not a compressed recording', { ...item, content: gzipSync('7') }],
      ['replay.content is not a compressed recording', { ...item, content: gzipSync(Buffer.alloc(3_000_000, 0x20)) }],
      ['replay.id is not a text', zipped({ ...whole, id: 7 })],
      ['replay.texts is not a list', zipped({ ...whole, texts: 'secret' })],
      [
        'replay.stages[0].direction is not one of up, down',
        zipped({ ...whole, stages: [{ ...(whole.stages as object[])[0], direction: 'x' }] }),
      ],
      ['replay is not lists of one length', zipped({ ...whole, texts: ['secret', 'x', 'y', 'z'] })],
      ['replay is not lists of one length', zipped({ ...whole, line_stages: [9, 9, 9] })],
    ];
    for (const [message, raw] of broken) {
      await t.rejects(recordingOfItem(raw), { name: 'BrokenItem', message: `The stored ${message}` });
    }
  },
);
