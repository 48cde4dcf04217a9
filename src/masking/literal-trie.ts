// A row of the table has a column for each ASCII character, and all others share the rest by their lowest bits; whoever needs
// those exactly compares the text at the hit. A power of two makes the place in the table a shift and an or.
export const ROW_BITS = 8;
export const BEYOND_ASCII = 128;
export const LOWEST_BITS = 127;
const MOST_STATES = 65_535;

/** The literals of a list by their beginnings; each beginning is a state. */
export type Trie = {
  /** By state and column, the state that follows; nothing where no literal goes on. */
  readonly edges: ReadonlyMap<number, number>;
  /** The states by the length of what was read: the root, then those of one character, and so on. */
  readonly levels: readonly (readonly number[])[];
  /** From which state each is reached, and by which column. */
  readonly parents: readonly number[];
  readonly columns: readonly number[];
  /** For each state the one of the longest suffix that is also a beginning. */
  readonly suffixes: Uint16Array;
  /** The literals that end in each state, and in its suffixes. */
  readonly found: readonly number[][];
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

// The place of an edge in a map, as it is in the table.
const slotOf = (state: number, column: number): number => (state << ROW_BITS) | column;

function suffixesOf(
  { edges, levels, parents, columns }: Omit<Trie, 'suffixes' | 'found'>,
  states: number,
): Uint16Array {
  const suffixes = new Uint16Array(states);
  const longestSuffix = (state: number): number => {
    const column = columns[state] ?? 0;
    for (let from = parents[state] ?? 0; from !== 0; ) {
      from = suffixes[from] ?? 0;
      const next = edges.get(slotOf(from, column));
      if (next !== undefined) return next;
    }
    return 0;
  };
  for (const state of levels.slice(1).flat()) suffixes[state] = longestSuffix(state);
  return suffixes;
}

/**
 * Puts the literals together. ASCII case is ignored; of other words the usual spellings are put in.
 *
 * @throws RangeError when they need more than 65,535 states
 */
export function trieOf(literals: readonly string[]): Trie {
  const edges = new Map<number, number>();
  const levels: number[][] = [[0]];
  const parents = [0];
  const columns = [0];
  const found: number[][] = [[]];
  const grow = (parent: number, column: number, depth: number): number => {
    const state = found.push([]) - 1;
    edges.set(slotOf(parent, column), state);
    parents.push(parent);
    columns.push(column);
    levels[depth] ??= [];
    levels[depth].push(state);
    return state;
  };
  for (const [number, literal] of literals.entries()) {
    for (const text of spellingsOf(literal)) {
      let state = 0;
      for (let position = 0; position < text.length; position += 1) {
        const column = columnOf(text, position);
        state = edges.get(slotOf(state, column)) ?? grow(state, column, position + 1);
      }
      if (found[state]?.includes(number) === false) found[state]?.push(number);
    }
  }
  if (found.length > MOST_STATES)
    throw new RangeError(`the literals need ${found.length} states, ${MOST_STATES} at most`);
  const trie = { edges, levels, parents, columns };
  const suffixes = suffixesOf(trie, found.length);
  // What ends in a suffix ends here as well; suffixes are shorter, so theirs is complete by then.
  for (const state of levels.slice(1).flat()) found[state]?.push(...(found[suffixes[state] ?? 0] ?? []));
  return { ...trie, suffixes, found };
}
