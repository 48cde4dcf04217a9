/** Called for every literal found: its number in the list, and where it begins and ends. */
export type OnLiteral = (literal: number, start: number, end: number) => void;

/** Told of a control character and where it stands: answers with where to go on, or -1 to stop there. */
export type OnControl = (text: string, position: number) => number;

/** Finds all literals of a fixed list in one pass. */
export type LiteralAutomaton = {
  scan(text: string, onLiteral: OnLiteral): void;
  /**
   * Goes on from `from` until a literal is found or `onControl` says stop, and answers with the position where that was;
   * with the length of the text if neither came. What `onControl` steps over may stand in the middle of a literal.
   */
  quietTo(text: string, from: number, onControl: OnControl): number;
};

// A row has a column for each ASCII character and one that all others share; whoever needs those exactly compares the
// text at the hit. A power of two makes the place in the table a shift and an or.
const ROW_BITS = 8;
const NON_ASCII = 128;
const MOST_STATES = 65_535;
const TAB = 9;
const SPACE = 32;
const DELETE = 127;

type Trie = {
  /** By state and column, the state that follows; 0, the root, where no literal goes on. */
  readonly next: Uint16Array;
  /** The literals that end in each state. */
  readonly found: number[][];
};

function columnOf(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code >= NON_ASCII) return NON_ASCII;
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function trieOf(literals: readonly string[]): Trie {
  const states = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
  if (states > MOST_STATES) throw new RangeError(`the literals have ${states} characters, ${MOST_STATES} at most`);
  const next = new Uint16Array(states << ROW_BITS);
  const found: number[][] = [[]];
  for (const [literalNumber, literal] of literals.entries()) {
    let state = 0;
    for (let position = 0; position < literal.length; position += 1) {
      const slot = (state << ROW_BITS) | columnOf(literal, position);
      if (next[slot] === 0) {
        next[slot] = found.length;
        found.push([]);
      }
      state = next[slot] ?? 0;
    }
    found[state]?.push(literalNumber);
  }
  return { next: next.subarray(0, found.length << ROW_BITS), found };
}

/** Turns the trie into a complete automaton: every missing edge leads where the longest suffix would have led. */
function linkSuffixes({ next, found }: Trie): void {
  const suffixes = new Uint16Array(found.length);
  const queue: number[] = [];
  for (let column = 0; column <= NON_ASCII; column += 1) {
    const child = next[column] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (const state of queue) {
    const suffix = suffixes[state] ?? 0;
    found[state]?.push(...(found[suffix] ?? []));
    for (let column = 0; column <= NON_ASCII; column += 1) {
      const slot = (state << ROW_BITS) | column;
      const child = next[slot] ?? 0;
      const viaSuffix = next[(suffix << ROW_BITS) | column] ?? 0;
      if (child === 0) {
        next[slot] = viaSuffix;
        continue;
      }
      suffixes[child] = viaSuffix;
      queue.push(child);
    }
  }
}

/** Numbers the states anew, those last in which a literal ends: one comparison then tells a hit. */
function hitsLast({ next, found }: Trie): Trie & { firstHit: number } {
  const order = found.map((_, state) => state).toSorted((a, b) => Number(isHit(found, a)) - Number(isHit(found, b)));
  const numbers = new Uint16Array(found.length);
  for (const [number, state] of order.entries()) numbers[state] = number;
  const renumbered = new Uint16Array(next.length);
  for (const [number, state] of order.entries()) {
    for (let column = 0; column <= NON_ASCII; column += 1) {
      renumbered[(number << ROW_BITS) | column] = numbers[next[(state << ROW_BITS) | column] ?? 0] ?? 0;
    }
    for (let upper = 65; upper <= 90; upper += 1) {
      renumbered[(number << ROW_BITS) | upper] = renumbered[(number << ROW_BITS) | (upper + 32)] ?? 0;
    }
  }
  const hits = order.filter((state) => isHit(found, state)).length;
  return { next: renumbered, found: order.map((state) => found[state] ?? []), firstHit: found.length - hits };
}

function isHit(found: readonly number[][], state: number): boolean {
  return (found[state]?.length ?? 0) > 0;
}

/**
 * Builds an Aho-Corasick automaton that ignores ASCII case. Scanning looks at every character once, whatever the number
 * of literals; hits are reported in the order in which they end.
 *
 * @throws RangeError when the literals have more than 65,534 characters together
 */
export function createLiteralAutomaton(literals: readonly string[]): LiteralAutomaton {
  const trie = trieOf(literals);
  linkSuffixes(trie);
  const { next, found, firstHit } = hitsLast(trie);

  return {
    scan(text, onLiteral) {
      let state = 0;
      for (let position = 0; position < text.length; position += 1) {
        const code = text.charCodeAt(position);
        state = next[(state << ROW_BITS) | (code < NON_ASCII ? code : NON_ASCII)] as number;
        if (state < firstHit) continue;
        for (const literal of found[state] ?? []) {
          onLiteral(literal, position + 1 - (literals[literal]?.length ?? 0), position + 1);
        }
      }
    },
    quietTo(text, from, onControl) {
      let state = 0;
      let position = from;
      while (position < text.length) {
        const code = text.charCodeAt(position);
        if (code < SPACE ? code !== TAB : code === DELETE) {
          const goesOnAt = onControl(text, position);
          if (goesOnAt < 0) return position;
          position = goesOnAt;
          continue;
        }
        state = next[(state << ROW_BITS) | (code < NON_ASCII ? code : NON_ASCII)] as number;
        if (state >= firstHit) return position;
        position += 1;
      }
      return position;
    },
  };
}
