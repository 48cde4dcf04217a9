/** Answers "where is the next …" about one line. Answers are remembered, so that asking at every position stays linear. */
export type LineIndex = {
  readonly text: string;
  /** The position of the next `character` at or after `from`, or the length of the text. */
  next(character: string, from: number): number;
  /** The end of the run of characters that are neither blanks, quotes, angle brackets nor control characters. */
  wordEnd(from: number): number;
  /** The end of the run of characters that tokens are made of: letters, digits and `_ - . = + / ~`. */
  tokenEnd(from: number): number;
  /**
   * The end of a run as `measure` finds it, for runs that end at the same place wherever inside them one begins.
   * `kind` names the sort of run.
   */
  runEnd(kind: string, from: number, measure: (from: number) => number): number;
  /** True the first time it is asked about `topic`, for work that is worth doing once per line. */
  once(topic: string): boolean;
};

type Remembered = { from: number; at: number };

const WORD = /[^\s"'`<>\x00-\x1f\x7f]*/y;
// Five dashes are the fence of a key block.
const TOKEN = /(?:[A-Za-z0-9_.=+/~]|-(?!----))*/y;

/** Indexes one line. All methods together cost time linear in the line, as long as they are asked from left to right. */
export function createLineIndex(text: string): LineIndex {
  // Most lines are never asked anything.
  let nextOf: Map<string, Remembered> | null = null;
  let runs: Map<string, Remembered> | null = null;
  let topics: Set<string> | null = null;

  function runEnd(kind: string, from: number, measure: (from: number) => number): number {
    const known = runs?.get(kind);
    if (known !== undefined && from >= known.from && from < known.at) return known.at;
    const at = measure(from);
    runs ??= new Map();
    runs.set(kind, { from, at });
    return at;
  }

  function patternEnd(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    pattern.exec(text);
    return Math.max(from, pattern.lastIndex);
  }

  return {
    text,
    next(character, from) {
      const known = nextOf?.get(character);
      if (known !== undefined && from >= known.from && from <= known.at) return known.at;
      const found = text.indexOf(character, from);
      const at = found < 0 ? text.length : found;
      nextOf ??= new Map();
      nextOf.set(character, { from, at });
      return at;
    },
    wordEnd: (from) => runEnd('word', from, (start) => patternEnd(WORD, start)),
    tokenEnd: (from) => runEnd('token', from, (start) => patternEnd(TOKEN, start)),
    runEnd,
    once(topic) {
      topics ??= new Set();
      if (topics.has(topic)) return false;
      topics.add(topic);
      return true;
    },
  };
}
