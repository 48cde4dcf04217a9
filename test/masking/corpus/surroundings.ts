import { kept, type Part, type Sample } from './family.ts';
import type { Random } from './random.ts';
import { timestamp } from './traces.ts';

const LINE_START = /\n(?!\d{4}-\d\d-\d\dT)/g;

const stampLines = (random: Random, text: string): string => text.replace(LINE_START, () => `\n${timestamp(random)}`);

/** A text as in a trace: every line behind the time the runner wrote it. */
export const stamp = (random: Random, text: string): string => timestamp(random) + stampLines(random, text);

// The runner's prefix before every line that has none yet.
const timed = (random: Random, parts: readonly Part[]): Part[] => {
  const stamped = parts.map((part) => ({ ...part, text: stampLines(random, part.text) }));
  return /^\d{4}-\d\d-\d\dT/.test(parts[0]?.text ?? '') ? stamped : [kept(timestamp(random)), ...stamped];
};

const BEFORE = ['$ make deploy\n', 'Plan: 3 to add, 0 to change, 0 to destroy.\n', '\n'];
const AFTER = ['\nJob succeeded\n', '\nApply complete!', '\n'];

/** Puts a sample where samples occur: alone, between other lines, or in a trace with the runner's timestamps. */
export const surround = (random: Random, sample: Sample): Sample => {
  const way = random.dice(4);
  if (way < 2) return sample;
  const parts = [kept(random.pick(BEFORE)), ...sample.parts, kept(random.pick(AFTER))];
  return { ...sample, parts: way === 2 ? parts : timed(random, parts) };
};
