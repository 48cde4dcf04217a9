/** Called for every literal found: its number in the list, and where it begins and ends. */
export type OnLiteral = (literal: number, start: number, end: number) => void;

/** Told of a control character and where it stands: answers with where to go on, or -1 to stop there. */
export type OnControl = (text: string, position: number) => number;

/** Asked of a literal and the place where it ends: true to go on as if it were not there. */
export type IsMute = (text: string, literal: number, end: number) => boolean;

/** Finds all literals of a fixed list in one pass. */
export type LiteralAutomaton = {
  scan(text: string, onLiteral: OnLiteral): void;
  /**
   * Goes on from `from` until a literal is found that is not mute or `onControl` says stop, and answers with the position where that was;
   * with the length of the text if neither came. What `onControl` steps over may stand in the middle of a literal.
   */
  quietTo(text: string, from: number, onControl: OnControl, isMute: IsMute): number;
};

// A row has a column for each ASCII character, and all others share the rest by their lowest bits; whoever needs those
// exactly compares the text at the hit. A power of two makes the place in the table a shift and an or.
const ROW_BITS = 8;
const BEYOND_ASCII = 128;
const LOWEST_BITS = 127;
const MOST_STATES = 65_535;
const TAB = 9;
const SPACE = 32;
const DELETE = 127;

type Trie = {
  /** By state and column, the state that follows; 0, the root, where no literal goes on. */
  readonly next: Uint16Array;
  /** The literals that end in each state. */
  readonly found: number[][];
  /** The columns that any literal has. In every other one the way leads back to the root. */
  readonly columns: readonly number[];
};

function columnOf(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code >= BEYOND_ASCII) return BEYOND_ASCII | (code & LOWEST_BITS);
  return code >= 65 && code <= 90 ? code + 32 : code;
}

// Letters beyond ASCII have no case in the table, so that their usual spellings are words of their own.
function spellingsOf(literal: string): string[] {
  if (!/[^\x00-\x7f]/.test(literal)) return [literal];
  const lower = literal.toLowerCase();
  const upper = literal.toUpperCase();
  const spellings = [literal, lower, upper, upper.slice(0, 1) + lower.slice(1)];
  return [...new Set(spellings)].filter((spelling) => spelling.length === literal.length);
}

function trieOf(literals: readonly string[]): Trie {
  const words = literals.flatMap((literal, number) => spellingsOf(literal).map((text) => ({ text, number })));
  const states = 1 + words.reduce((sum, { text }) => sum + text.length, 0);
  if (states > MOST_STATES) throw new RangeError(`the literals have ${states} characters, ${MOST_STATES} at most`);
  const next = new Uint16Array(states << ROW_BITS);
  const found: number[][] = [[]];
  const columns = new Set<number>();
  for (const { text, number } of words) {
    let state = 0;
    for (let position = 0; position < text.length; position += 1) {
      const column = columnOf(text, position);
      columns.add(column);
      const slot = (state << ROW_BITS) | column;
      if (next[slot] === 0) {
        next[slot] = found.length;
        found.push([]);
      }
      state = next[slot] ?? 0;
    }
    if (found[state]?.includes(number) === false) found[state]?.push(number);
  }
  return { next: next.subarray(0, found.length << ROW_BITS), found, columns: [...columns] };
}

/** Turns the trie into a complete automaton: every missing edge leads where the longest suffix would have led. */
function linkSuffixes({ next, found, columns }: Trie): void {
  const suffixes = new Uint16Array(found.length);
  const queue: number[] = [];
  for (const column of columns) {
    const child = next[column] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (const state of queue) {
    const suffix = suffixes[state] ?? 0;
    found[state]?.push(...(found[suffix] ?? []));
    for (const column of columns) {
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
function hitsLast({ next, found, columns }: Trie): Trie & { firstHit: number } {
  const order = found.map((_, state) => state).toSorted((a, b) => Number(isHit(found, a)) - Number(isHit(found, b)));
  const numbers = new Uint16Array(found.length);
  for (const [number, state] of order.entries()) numbers[state] = number;
  const renumbered = new Uint16Array(next.length);
  for (const [number, state] of order.entries()) {
    for (const column of columns) {
      const target = numbers[next[(state << ROW_BITS) | column] ?? 0] ?? 0;
      renumbered[(number << ROW_BITS) | column] = target;
      if (column >= 97 && column <= 122) renumbered[(number << ROW_BITS) | (column - 32)] = target;
    }
  }
  const hits = order.filter((state) => isHit(found, state)).length;
  return { next: renumbered, found: order.map((state) => found[state] ?? []), firstHit: found.length - hits, columns };
}

function isHit(found: readonly number[][], state: number): boolean {
  return (found[state]?.length ?? 0) > 0;
}

/**
 * Builds an Aho-Corasick automaton that ignores ASCII case, and knows the usual spellings of other words. Scanning looks at every character once, whatever the number
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
        state = next[
          (state << ROW_BITS) | (code < BEYOND_ASCII ? code : BEYOND_ASCII | (code & LOWEST_BITS))
        ] as number;
        if (state < firstHit) continue;
        for (const literal of found[state] ?? []) {
          onLiteral(literal, position + 1 - (literals[literal]?.length ?? 0), position + 1);
        }
      }
    },
    quietTo(text, from, onControl, isMute) {
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
        state = next[
          (state << ROW_BITS) | (code < BEYOND_ASCII ? code : BEYOND_ASCII | (code & LOWEST_BITS))
        ] as number;
        position += 1;
        if (state < firstHit) continue;
        for (const literal of found[state] ?? []) if (!isMute(text, literal, position)) return position - 1;
      }
      return position;
    },
  };
}
