// How well and how fast secrets are masked, next to packages that one could install instead: recall per
// family of the corpus (test/masking/corpus), lines that should have stayed as they are, throughput on a log as the
// simulator writes it, and texts that are as bad as they can be. Run it from the root of the project: node bench/masking.ts [<seed>]
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMasker, maskSecrets } from '../src/masking/mask.ts';
import { FAMILIES } from '../test/masking/corpus/corpus.ts';
import { type Family, type Sample, textOf } from '../test/masking/corpus/family.ts';
import { faultsOf, leaksOf } from '../test/masking/corpus/judge.ts';
import { samplesOf, untouchedLines } from '../test/masking/corpus/run.ts';
import { adversarialCosts, msPerMegabyte, textOfUnit } from './masking-adversarial.ts';
import { writeLog } from './masking-log.ts';
import { loadPeers, type Peer } from './masking-peers.ts';

const SEED = Number(process.argv[2] ?? 1);
const ROUNDS = 5;
const LOG_CHARACTERS = 16_000_000;
const STREAM_CHARACTERS = 200_000_000;
const CHUNK = 65_536;
const REPEATS = 5;
// A peer that needs longer than this for the first mebibyte is not asked for the whole log.
const PATIENCE_MS = 20_000;
const KNOWN = ['VelvetFalcon9098', 'another-known-secret-1'];

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const row = (...cells: readonly (string | number)[]): void => print(`| ${cells.join(' | ')} |`);
const rule = (columns: number): void => print(`|${'---|'.repeat(columns)}`);
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const rate = (characters: number, ms: number): string => (characters / 1_000 / ms).toFixed(1);

const ours: Peer = { name: 'src/masking', mask: (text) => maskSecrets(text) };

type Counts = { readonly samples: number; readonly recalled: readonly number[]; readonly kept: number };

const NOTHING: Counts = { samples: 0, recalled: [], kept: 0 };

const plus = (a: Counts, b: Counts): Counts => ({
  samples: a.samples + b.samples,
  recalled: b.recalled.map((count, at) => count + (a.recalled[at] ?? 0)),
  kept: a.kept + b.kept,
});

const maskedByUs = (sample: Sample): string => maskSecrets(textOf(sample), { known: sample.known });

/** How many samples of a family every masker masks, and how many ours masks without taking anything else away. */
const countsOf = async (family: Family, maskers: readonly Peer[]): Promise<Counts> => {
  const samples = samplesOf(family, SEED, ROUNDS);
  const recalled: number[] = [];
  for (const masker of maskers) {
    let count = 0;
    for (const sample of samples) {
      // The others have no way to be told a value.
      const masked = masker === ours ? maskedByUs(sample) : await masker.mask(textOf(sample));
      if (leaksOf(sample, masked).length === 0) count += 1;
    }
    recalled.push(count);
  }
  const kept = samples.filter((sample) => faultsOf(sample, maskedByUs(sample)).length === 0).length;
  return { samples: samples.length, recalled, kept };
};

const printRecall = async (maskers: readonly Peer[]): Promise<void> => {
  print(
    `\nRecall: samples of which no piece of a secret can be read (seed ${SEED}, core families in bold). *Kept*: nor is a word or a line lost.\n`,
  );
  row('family', 'samples', ...maskers.map(({ name }) => name), 'src/masking, kept');
  rule(maskers.length + 3);
  const printCounts = (name: string, { samples, recalled, kept }: Counts): void =>
    row(name, samples, ...[...recalled, kept].map((count) => percent(count, samples)));
  let [core, all] = [NOTHING, NOTHING];
  for (const family of FAMILIES) {
    const counts = await countsOf(family, maskers);
    all = plus(all, counts);
    if (family.core) core = plus(core, counts);
    printCounts(family.core ? `**${family.name}**` : family.name, counts);
  }
  printCounts('= core', core);
  printCounts('= all', all);
};

const printFalsePositives = async (maskers: readonly Peer[]): Promise<void> => {
  print('\nFalse positives: lines without a secret that were changed.\n');
  row('topic', 'lines', ...maskers.map(({ name }) => name));
  rule(maskers.length + 2);
  let all = 0;
  const sums = maskers.map(() => 0);
  for (const [topic, lines] of Object.entries(untouchedLines(SEED, ROUNDS))) {
    all += lines.length;
    const cells: string[] = [];
    for (const [at, masker] of maskers.entries()) {
      let changed = 0;
      for (const line of lines) if ((await masker.mask(line)) !== line) changed += 1;
      sums[at] = (sums[at] ?? 0) + changed;
      cells.push(percent(changed, lines.length));
    }
    row(topic, lines.length, ...cells);
  }
  row('= all', all, ...sums.map((changed) => `${((100 * changed) / all).toFixed(2)} %`));
};

const chunksOf = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, at) => text.slice(at * CHUNK, (at + 1) * CHUNK));

/** Milliseconds of the whole, and of the slowest call. */
const timed = async (calls: readonly (() => unknown)[]): Promise<{ ms: number; worstMs: number }> => {
  let ms = 0;
  let worstMs = 0;
  for (const call of calls) {
    const start = performance.now();
    await call();
    const took = performance.now() - start;
    ms += took;
    worstMs = Math.max(worstMs, took);
  }
  return { ms, worstMs };
};

const streaming = (chunks: readonly string[], known: readonly string[]): (() => unknown)[] => {
  const masker = createMasker({ known });
  return [...chunks.map((chunk) => () => masker.write(chunk)), () => masker.end()];
};

const bestOf = async (
  run: () => Promise<{ ms: number; worstMs: number }>,
): Promise<{ ms: number; worstMs: number }> => {
  let best = await run();
  for (let repeat = 1; repeat < REPEATS; repeat += 1) {
    const next = await run();
    best = { ms: Math.min(best.ms, next.ms), worstMs: Math.min(best.worstMs, next.worstMs) };
  }
  return best;
};

const printThroughput = async (peers: readonly Peer[], log: string): Promise<void> => {
  const chunks = chunksOf(log);
  print(`\nThroughput: ${log.length / 1e6} MB, ${log.split('\n').length} lines; MB/s on one core, milliseconds.\n`);
  row('masker', 'whole', 'in 64 KiB', 'worst 64 KiB, ms');
  rule(4);
  for (const [name, known] of [
    ['src/masking', []],
    ['src/masking, two known values', KNOWN],
  ] as const) {
    const whole = await bestOf(() => timed([() => maskSecrets(log, { known })]));
    const cut = await bestOf(() => timed(streaming(chunks, known)));
    row(name, rate(log.length, whole.ms), rate(log.length, cut.ms), cut.worstMs.toFixed(1));
  }
  for (const { name, mask } of peers) {
    const first = log.slice(0, 1_048_576);
    const probe = await timed([() => mask(first)]);
    if (probe.ms > PATIENCE_MS) {
      row(name, `${rate(first.length, probe.ms)} (first MiB)`, 'not tried', '');
      continue;
    }
    const whole = await timed([() => mask(log)]);
    const cut = await timed(chunks.map((chunk) => () => mask(chunk)));
    row(name, rate(log.length, whole.ms), rate(log.length, cut.ms), cut.worstMs.toFixed(1));
  }
};

const heapMegabytes = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 1e6;
};

const printMemory = (log: string): void => {
  const chunks = chunksOf(log);
  const masker = createMasker({ known: KNOWN });
  const before = heapMegabytes();
  let [given, most] = [0, 0];
  for (let at = 0; given < STREAM_CHARACTERS; at += 1) {
    const chunk = chunks[at % chunks.length] ?? '';
    masker.write(chunk);
    given += chunk.length;
    if (at % 500 === 0) most = Math.max(most, heapMegabytes());
  }
  const after = heapMegabytes();
  masker.end();
  const [start, top, end] = [before, most, after].map((size) => size.toFixed(1));
  print(`\nHeap of one stream of ${STREAM_CHARACTERS / 1e6} MB: ${start} MB before, at most ${top}, ${end} after it.`);
};

const printAdversarial = (log: string): void => {
  const costs = adversarialCosts();
  const plain = msPerMegabyte(log.slice(0, 4_000_000));
  print(
    `\nAdversarial: ${costs.length} texts of nothing but one literal or mark. The log costs ${plain.toFixed(0)} ms/MB.\n`,
  );
  row('text', 'ms/MB', 'of the log', '4 MB against 1 MB');
  rule(4);
  for (const [name, part] of [
    ['median', 0.5],
    ['95th', 0.95],
    ['worst', 1],
  ] as const) {
    const cost = costs[Math.min(costs.length - 1, Math.floor(costs.length * part))];
    if (cost === undefined) continue;
    const [four, one] = [4_000_000, 1_000_000].map((size) =>
      msPerMegabyte(textOfUnit(cost.unit, cost.isOneLine, size)),
    );
    const growth = (4 * (four ?? 0)) / (one ?? 1);
    row(`${name}: ${cost.name}`, cost.ms.toFixed(0), (cost.ms / plain).toFixed(1), growth.toFixed(1));
  }
};

const { peers, missing } = await loadPeers();
for (const { name, install } of missing) print(`${name} is not installed, so it is not compared with: ${install}`);
const log = writeLog(LOG_CHARACTERS);
// The figures of speed first: a process that has masked ten thousand odd texts runs on code compiled for those.
await printThroughput(peers, log);
printAdversarial(log);
printMemory(log);
await printRecall([ours, ...peers]);
await printFalsePositives([ours, ...peers]);
