import { randomInt } from 'node:crypto';
import t from 'tap';
import { createMasker, MASK, type MaskOptions, maskSecrets } from '../../src/masking/mask.ts';
import { FAMILIES } from './corpus/corpus.ts';
import { kept, type Sample, secret, textOf } from './corpus/family.ts';
import { faultsOf } from './corpus/judge.ts';
import { createRandom, type Random } from './corpus/random.ts';
import { type FamilyResult, judgeFamilies, type Mask, samplesOf, untouchedLines } from './corpus/run.ts';

/** The fixed seed finds what was broken; the other one, new in every run, finds what was never right. */
const SEEDS = [
  { named: 'of the fixed seed', seed: 1, mostCoreFaults: 0 },
  // One in 200,000 random passwords happens to look like a name; a run has 2,300 samples of the core.
  { named: 'of a new seed', seed: Number(process.env.CORPUS_SEED ?? randomInt(2 ** 31)), mostCoreFaults: 1 },
];
const ROUNDS = 2;
const LEAST_RECALL = 0.99;
const MOST_FALSE_POSITIVES = 0.003;
// Enough to see what is wrong, when much is.
const SHOWN = 25;
const SHOWN_CHARACTERS = 400;

const optionsOf = (known: readonly string[]): MaskOptions => (known.length > 0 ? { known } : {});
const mask: Mask = (text, known) => maskSecrets(text, optionsOf(known));

const brief = (text: string): string => JSON.stringify(text).slice(0, SHOWN_CHARACTERS);

/** One line for each family with a fault: how many samples, and one of them with what is wrong with it. */
const faultsIn = (results: readonly FamilyResult[]): string[] =>
  results.flatMap(({ name, samples, faults }) => {
    const [first] = faults;
    if (first === undefined) return [];
    return [`${name}, ${faults.length} of ${samples}: ${brief(first.text)} ${first.what.slice(0, SHOWN_CHARACTERS)}`];
  });

const recallOf = (results: readonly FamilyResult[]): number => {
  const samples = results.reduce((sum, family) => sum + family.samples, 0);
  return 1 - results.reduce((sum, { faults }) => sum + faults.length, 0) / samples;
};

/** The text in pieces of 1 to 30 characters, now and then of many more. */
const inPieces = (random: Random, text: string): string[] => {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = random.between(1, random.dice(5) === 0 ? 400 : 30);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
};

const allSamples = (seed: number): { family: string; sample: Sample }[] =>
  FAMILIES.flatMap((family) => samplesOf(family, seed, 1).map((sample) => ({ family: family.name, sample })));

for (const { named, seed, mostCoreFaults } of SEEDS) {
  t.test(`Given the corpus ${named}, when it is masked, then what is secret goes and what is not stays`, async (t) => {
    t.comment(`CORPUS_SEED=${seed}`);
    const results = judgeFamilies(mask, seed, ROUNDS);
    const faults = faultsIn(results);
    const core = results.filter((result) => result.core);
    const coreFaults = core.reduce((sum, family) => sum + family.faults.length, 0);
    t.ok(coreFaults <= mostCoreFaults, 'the core families have no fault', { found: faultsIn(core).slice(0, SHOWN) });
    t.ok(recallOf(results) >= LEAST_RECALL, `of all samples ${recallOf(results)} are masked`, {
      faults: faults.slice(0, SHOWN),
    });
  });

  t.test(`Given lines ${named} without a secret, when they are masked, then they are as before`, async (t) => {
    t.comment(`CORPUS_SEED=${seed}`);
    const lines = Object.values(untouchedLines(seed, ROUNDS)).flat();
    t.ok(lines.length > 600);
    const changed = lines.filter((line) => maskSecrets(line) !== line);
    t.ok(changed.length / lines.length < MOST_FALSE_POSITIVES, `${changed.length} of ${lines.length} were changed`, {
      changed: changed.slice(0, SHOWN).map((line) => `${brief(line)} became ${brief(maskSecrets(line))}`),
    });
  });

  t.test(`Given samples ${named} in pieces, when they are masked one by one, then it is as in one piece`, async (t) => {
    t.comment(`CORPUS_SEED=${seed}`);
    const random = createRandom(seed);
    const differing = allSamples(seed).filter(({ sample }) => {
      const masker = createMasker(optionsOf(sample.known));
      const text = textOf(sample);
      const masked = inPieces(random, text).map((piece) => masker.write(piece));
      return masked.join('') + masker.end() !== mask(text, sample.known);
    });
    t.strictSame(
      differing.slice(0, SHOWN).map(({ family, sample }) => `${family}: ${brief(textOf(sample))}`),
      [],
    );
  });

  t.test(`Given masked samples ${named}, when they are masked again, then nothing changes`, async (t) => {
    t.comment(`CORPUS_SEED=${seed}`);
    const changing = allSamples(seed).flatMap(({ family, sample: { parts, known } }) => {
      const once = mask(textOf({ parts, known }), known);
      const twice = mask(once, known);
      return once === twice ? [] : [`${family}: ${brief(once)} became ${brief(twice)}`];
    });
    t.strictSame(changing.slice(0, SHOWN), []);
  });
}

t.test('Given maskers that do nothing or everything, when they are judged, then no sample passes', async (t) => {
  const passing = (poor: Mask): string[] =>
    judgeFamilies(poor, 1, 1).flatMap(({ name, samples, faults }) => (faults.length === samples ? [] : [name]));
  t.strictSame(
    passing((text) => text),
    [],
    'nothing masked',
  );
  t.strictSame(
    passing((text) => `${text}\n`),
    [],
    'a line more',
  );
  const results = judgeFamilies(() => MASK, 1, 1);
  const bare = 'samples that are only a secret';
  t.ok(recallOf(results) < 0.05, bare);
});

t.test('Given a sample, when its masked text is judged, then pieces, words and lines count', async (t) => {
  const sample: Sample = { parts: [kept('user demo, key '), secret('abcdefghijkl'), kept('\nend')], known: [] };
  t.strictSame(faultsOf(sample, `user demo, key ${MASK}\nend`), []);
  t.strictSame(faultsOf(sample, `user demo, key ${MASK}hijkl\nend`), [], 'five characters tell nothing');
  t.strictSame(faultsOf(sample, `user demo, key ${MASK}ghijkl\nend`), ['shows ["ghijkl"]']);
  t.strictSame(faultsOf(sample, `user demo, key abc\x1b[0mdef${MASK}\nend`), ['shows ["abcdef"]'], 'as it is read');
  t.strictSame(faultsOf(sample, `user ${MASK}\nend`), ['has lost ["demo","key"]']);
  t.strictSame(faultsOf(sample, `user demo, key ${MASK} end`), ['has 1 lines of 2']);
});

t.test('Given the corpus, when it is read, then its families have names of their own and secrets', async (t) => {
  const names = FAMILIES.map(({ name }) => name);
  t.equal(new Set(names).size, names.length);
  t.ok(names.length > 130);
  const without = allSamples(1).filter(({ sample }) => !sample.parts.some(({ role }) => role === 'secret'));
  t.strictSame(without, []);
});
