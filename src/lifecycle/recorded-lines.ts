import { earliestSeconds, tellsCompletion } from './recorded-times.ts';

/** A line of a job's log that is kept, and what is known of when it came. */
export interface KeptLine {
  readonly text: string;
  /** At least so many seconds after the first line of its job. */
  readonly earliestSeconds: number;
}

/**
 * All lines of a recording together cost at most this: their UTF-8 bytes, and for each its time and its stage. Some
 * 1,500 lines of a usual length, which is more than anybody reads in 90 seconds.
 */
export const RECORDING_COST = 128_000;
const COST_PER_LINE = 20;
/** More of one line is not kept: twice what fits beside a player. UTF-8 bytes. */
export const KEPT_LINE_BYTES = 600;

const CUT = ' …';
const RESET = '\x1b[0m';
/** Kept free for how a cut line ends. */
const ENDING_BYTES = 8;
/** What a line must not be cut within: a colour, a mask (`[MASKED]`, see src/masking/render.ts), a character. */
const ATOM = /\x1b\[[0-9;:]*m|\[MASKED\]|[\s\S]/gu;

const characterBytes = (character: string): number => {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
};

/** The bytes of a text in UTF-8. */
const bytesOf = (text: string): number => {
  let bytes = 0;
  for (const character of text) bytes += characterBytes(character);
  return bytes;
};

/** The line, or as much of its beginning as is kept; a colour, a mask or a character is never halved. */
export const cutLine = (text: string): string => {
  // A UTF-16 unit never needs more than three bytes.
  if (text.length * 3 <= KEPT_LINE_BYTES || bytesOf(text) <= KEPT_LINE_BYTES) return text;
  let head = '';
  let bytes = 0;
  for (const [atom] of text.matchAll(ATOM)) {
    bytes += bytesOf(atom);
    if (bytes > KEPT_LINE_BYTES - ENDING_BYTES) break;
    head += atom;
  }
  return head + (head.includes('\x1b') ? RESET : '') + CUT;
};

const costOf = ({ text }: KeptLine): number => bytesOf(text) + COST_PER_LINE;

const costOfAll = (lines: readonly KeptLine[]): number => lines.reduce((sum, line) => sum + costOf(line), 0);

interface Placed {
  readonly index: number;
  readonly cost: number;
}

/** As many of them as fit, evenly from all over. */
const thinned = (places: readonly Placed[], room: number): readonly Placed[] => {
  const most = Math.min(places.length, Math.floor(room / COST_PER_LINE));
  for (let count = most; count > 0; count = Math.floor(count * 0.9)) {
    const some = Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * places.length) / count));
    const chosen = some.flatMap((index) => places[index] ?? []);
    if (chosen.reduce((sum, { cost }) => sum + cost, 0) <= room) return chosen;
  }
  return [];
};

/**
 * What is kept of the lines of a job, in their order, for so much cost: the first and the last one, then lines that
 * tell that something is complete, then others, in both cases evenly from all over.
 */
const keepWithin = (lines: readonly KeptLine[], cost: number): readonly KeptLine[] => {
  if (costOfAll(lines) <= cost) return lines;
  const places = lines.map((line, index) => ({ index, cost: costOf(line) }));
  const ends = places.filter(({ index }) => index === 0 || index === lines.length - 1);
  const between = places.slice(1, -1);
  const isCompletion = ({ index }: Placed): boolean => tellsCompletion(lines[index]?.text ?? '');
  let room = cost - ends.reduce((sum, end) => sum + end.cost, 0);
  const completions = thinned(between.filter(isCompletion), room);
  room -= completions.reduce((sum, completion) => sum + completion.cost, 0);
  const others = thinned(
    between.filter((place) => !isCompletion(place)),
    room,
  );
  const kept = new Set([...ends, ...completions, ...others].map(({ index }) => index));
  return lines.filter((_, index) => kept.has(index));
};

/** What is kept of a job's whole log at first, before the jobs of its run share the room. Bounded for any log. */
export const keepOf = (lines: readonly string[]): readonly KeptLine[] => {
  const seconds = earliestSeconds(lines);
  const kept = lines.map((text, index) => ({ text: cutLine(text), earliestSeconds: seconds[index] ?? 0 }));
  return keepWithin(kept, RECORDING_COST);
};

/**
 * Shares the room of a recording out among its jobs: each gets what it needs, up to an equal part of what is left, so a
 * long plan never crowds out a short check. With at most 64 jobs (32 of each pipeline are stored) everybody's part has
 * room for its first and last line.
 */
export const shareOut = (jobs: readonly (readonly KeptLine[])[]): readonly (readonly KeptLine[])[] => {
  const costs = jobs.map(costOfAll);
  const modest = costs.map((cost, job) => ({ cost, job })).toSorted((a, b) => a.cost - b.cost);
  const parts = costs.map(() => 0);
  let left = RECORDING_COST;
  modest.forEach(({ cost, job }, index) => {
    parts[job] = Math.min(cost, Math.floor(left / (modest.length - index)));
    left -= parts[job] ?? 0;
  });
  return jobs.map((lines, job) => keepWithin(lines, parts[job] ?? 0));
};
