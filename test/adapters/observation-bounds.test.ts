import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import t from 'tap';
import { pipelineCodec } from '../../src/adapters/dynamodb-observation-item.ts';
import {
  boundObservation,
  boundPipeline,
  cutToBytes,
  OBSERVATION_BOUNDS,
} from '../../src/adapters/observation-bounds.ts';
import { type ListedPipeline, NOTHING_OBSERVED, type ObservedJob } from '../../src/lifecycle/observation.ts';
import { samplePipeline } from '../fakes/sample-records.ts';
import { arbitraryObservation, arbitraryRecord } from './arbitrary-records.ts';
import { itemSize } from './item-size.ts';
import { largestObservation, largestPipeline } from './largest-observation.ts';

const jobNamed = (name: string, id: number): ObservedJob => ({
  id,
  name,
  stage: 'deploy',
  state: 'succeeded',
  startedAt: null,
  finishedAt: null,
  failureReason: null,
});

const listedWith = (id: number, terminal: boolean): ListedPipeline => ({
  id,
  direction: 'apply',
  requestId: `request-${id}`,
  terminal,
  running: !terminal,
  sha: 'c0ffee',
  webUrl: '',
});

t.test('given a text, when it is cut to bytes, then both sides of the limit hold', async (t) => {
  t.equal(cutToBytes('abc', 3), 'abc');
  t.equal(cutToBytes('abcd', 3), 'abc');
  t.equal(cutToBytes('', 0), '');
  t.equal(cutToBytes('a€', 4), 'a€', 'three bytes fit');
  t.equal(cutToBytes('a€', 3), 'a', 'no half of a character');
  t.equal(cutToBytes('😀😀', 4), '😀', 'no half of a pair');
  t.equal(cutToBytes('😀😀', 7), '😀');
  t.equal(cutToBytes('a\ud83d', 9), 'a\ufffd', 'a lone half becomes what the wire would make of it');
});

t.test('given any text and limit, when it is cut, then it is the longest beginning that fits', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, limit) => {
      const whole = text.toWellFormed();
      const cut = cutToBytes(text, limit);
      t.ok(whole.startsWith(cut));
      t.ok(Buffer.byteLength(cut) <= limit);
      const next = [...whole.slice(cut.length)][0];
      if (next !== undefined) t.ok(Buffer.byteLength(cut + next) > limit);
    }),
  );
});

t.test('given an observation within the bounds, when it is cut, then nothing changes', async (t) => {
  fc.assert(
    fc.property(arbitraryRecord, ({ observation }) => {
      t.strictSame(boundObservation(observation), observation);
    }),
    { numRuns: 50 },
  );
});

t.test('given any observation, when it is cut twice, then the second time changes nothing', async (t) => {
  fc.assert(
    fc.property(arbitraryObservation, (observation) => {
      const once = boundObservation(observation);
      t.strictSame(boundObservation(once), once);
      t.ok((once.listing?.pipelines.length ?? 0) <= OBSERVATION_BOUNDS.listedPipelines);
      t.ok((once.applyPipeline?.jobs.length ?? 0) <= OBSERVATION_BOUNDS.jobs);
      t.ok(once.readings.length <= OBSERVATION_BOUNDS.readings);
    }),
    { numRuns: 30 },
  );
});

t.test('given the largest pipeline, when it is cut, then its jobs take at most 8 KB', async (t) => {
  const { jobs } = boundPipeline(largestPipeline);
  const encoded = marshall(pipelineCodec.encode({ ...samplePipeline(1), jobs }));
  t.ok(itemSize({ jobs: encoded.jobs ?? { NULL: true } }) <= 8 * 1024);
  t.equal(jobs.length, OBSERVATION_BOUNDS.jobs);
});

t.test('given too many jobs, when they are cut, then those that decide stay and the order too', async (t) => {
  const others = Array.from({ length: 40 }, (_, id) => jobNamed(`plan-${id}`, id));
  const jobs = [...others, jobNamed('apply', 100), jobNamed('inventory', 101), jobNamed('stop', 102)];
  const kept = boundPipeline({ ...samplePipeline(1), jobs }).jobs;
  t.strictSame(
    kept.map(({ id }) => id),
    [...Array.from({ length: 29 }, (_, id) => id), 100, 101, 102],
  );
  const exact = boundPipeline({ ...samplePipeline(1), jobs: others.slice(0, OBSERVATION_BOUNDS.jobs) }).jobs;
  t.equal(exact.length, OBSERVATION_BOUNDS.jobs);
});

t.test('given too many pipelines, when the list is cut, then what has not ended and the newest stay', async (t) => {
  // Newest first, as GitLab lists; the oldest of all has not ended.
  const ended = Array.from({ length: 40 }, (_, index) => listedWith(140 - index, true));
  const pipelines = [...ended, listedWith(1, false)];
  const kept = boundObservation({ ...NOTHING_OBSERVED, listing: { at: 5, pipelines } }).listing?.pipelines ?? [];
  t.strictSame(
    kept.map(({ id }) => id),
    [...Array.from({ length: 31 }, (_, index) => 140 - index), 1],
  );
  const allRunning = Array.from({ length: 40 }, (_, index) => listedWith(index, false));
  const cut = boundObservation({ ...NOTHING_OBSERVED, listing: { at: 5, pipelines: allRunning } }).listing;
  t.notOk(cut?.pipelines.some(({ terminal }) => terminal));
  t.equal(cut?.pipelines.length, OBSERVATION_BOUNDS.listedPipelines);
});

t.test('given a link, when it is too long, then there is none instead of half of one', async (t) => {
  const fits = `https://${'a'.repeat(OBSERVATION_BOUNDS.linkBytes - 8)}`;
  t.equal(boundPipeline({ ...samplePipeline(1), webUrl: fits }).webUrl, fits);
  t.equal(boundPipeline({ ...samplePipeline(1), webUrl: `${fits}a` }).webUrl, '');
  const outputs = (url: string) =>
    boundObservation({ ...NOTHING_OBSERVED, outputs: { at: 5, url, problem: null } }).outputs;
  t.strictSame(outputs(fits), { at: 5, url: fits, problem: null });
  t.strictSame(outputs(`${fits}a`), { at: 5, url: null, problem: 'The link is too long to be stored' });
});

t.test('given many readings, when they are cut, then the latest stay, each with its first details', async (t) => {
  const readings = Array.from({ length: 6 }, (_, at) => ({
    at,
    answer: 'leftovers' as const,
    count: 12,
    detail: Array.from({ length: 12 }, (_unused, index) => `thing-${index}`),
    pipelinesQuiet: true,
    deletingSince: null,
  }));
  const kept = boundObservation({ ...NOTHING_OBSERVED, readings }).readings;
  t.strictSame(
    kept.map(({ at }) => at),
    [2, 3, 4, 5],
  );
  t.equal(kept[0]?.detail.length, OBSERVATION_BOUNDS.readingDetails);
  t.equal(kept[0]?.detail[0], 'thing-0');
  t.equal(kept[0]?.count, 12, 'how many there were is not forgotten');
});

t.test('given all bounds are reached, when it is cut, then each text is within its own', async (t) => {
  const bound = boundObservation(largestObservation);
  const bytes = (text: string | null | undefined): number => Buffer.byteLength(text ?? '');
  t.ok(bytes(bound.applyPipeline?.name) <= OBSERVATION_BOUNDS.pipelineNameBytes);
  t.ok(bytes(bound.applyPipeline?.status) <= OBSERVATION_BOUNDS.statusBytes);
  t.ok(bytes(bound.look?.pipeline?.sha) <= OBSERVATION_BOUNDS.shaBytes);
  t.ok(bytes(bound.listing?.pipelines[0]?.requestId) <= OBSERVATION_BOUNDS.requestIdBytes);
  t.ok(bytes(bound.readings[0]?.detail[0]) <= OBSERVATION_BOUNDS.readingDetailBytes);
});
