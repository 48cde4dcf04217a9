import { BEYOND_ASCII, LOWEST_BITS, ROW_BITS, type Trie, trieOf } from './literal-trie.ts';

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

const TAB = 9;
const SPACE = 32;
const DELETE = 127;

/** Numbers the states so that those in which a literal ends come last: one comparison then tells a hit. */
function numberHitsLast(found: readonly (readonly number[])[]): { numbers: Uint16Array; firstHit: number } {
  const numbers = new Uint16Array(found.length);
  let quiet = 0;
  let hits = found.length;
  for (const [state, literals] of found.entries()) {
    if (literals.length === 0) numbers[state] = quiet++;
    else numbers[state] = --hits;
  }
  return { numbers, firstHit: quiet };
}

/**
 * The complete table: a row is that of its suffix, but where the state has an edge of its own. Rows are copied whole, since
 * a process builds this before it writes the first line of its log.
 */
function tableOf({ levels, parents, columns, suffixes, found }: Trie, numbers: Uint16Array): Uint16Array {
  const next = new Uint16Array(found.length << ROW_BITS);
  const rowOf = (state: number): number => (numbers[state] ?? 0) << ROW_BITS;
  for (const level of levels.slice(1)) {
    // First all edges into a level, so that every row above it is complete when rows of the level are copied from it.
    for (const state of level) {
      const row = rowOf(parents[state] ?? 0);
      const column = columns[state] ?? 0;
      next[row | column] = numbers[state] ?? 0;
      if (column >= 97 && column <= 122) next[row | (column - 32)] = numbers[state] ?? 0;
    }
    for (const state of level) {
      const from = rowOf(suffixes[state] ?? 0);
      next.copyWithin(rowOf(state), from, from + (1 << ROW_BITS));
    }
  }
  return next;
}

/** What ends in each state, by the new numbers. */
function renumber(found: readonly number[][], numbers: Uint16Array): readonly (readonly number[])[] {
  const renumbered: number[][] = [];
  for (const [state, literals] of found.entries()) renumbered[numbers[state] ?? 0] = literals;
  return renumbered;
}

/**
 * Builds an Aho-Corasick automaton that ignores ASCII case, and knows the usual spellings of other words. Scanning looks at every character once, whatever the number
 * of literals; hits are reported in the order in which they end.
 *
 * @throws RangeError when the literals are too many; see `trieOf`
 */
export function createLiteralAutomaton(literals: readonly string[]): LiteralAutomaton {
  const trie = trieOf(literals);
  const { numbers, firstHit } = numberHitsLast(trie.found);
  const next = tableOf(trie, numbers);
  const found = renumber(trie.found, numbers);

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
