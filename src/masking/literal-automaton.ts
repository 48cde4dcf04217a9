/** Called for every literal found: its number in the list, and where it begins and ends. */
export type OnLiteral = (literal: number, start: number, end: number) => void;

/** Finds all literals of a fixed list in one pass. */
export type LiteralAutomaton = { scan(text: string, onLiteral: OnLiteral): void };

// Characters outside ASCII share one class; whoever needs them exactly compares the text at the hit.
const NON_ASCII_CLASS = 1;
const ASCII_SIZE = 128;

function foldedCode(text: string, position: number): number {
  const code = text.charCodeAt(position);
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function characterClasses(literals: readonly string[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(ASCII_SIZE);
  let count = NON_ASCII_CLASS + 1;
  for (const literal of literals) {
    for (let position = 0; position < literal.length; position += 1) {
      const code = foldedCode(literal, position);
      if (code >= ASCII_SIZE || classes[code] !== 0) continue;
      classes[code] = count;
      count += 1;
    }
  }
  for (let upper = 65; upper <= 90; upper += 1) classes[upper] = classes[upper + 32] ?? 0;
  return { classes, count };
}

/**
 * Builds an Aho-Corasick automaton that ignores ASCII case. Scanning looks at every character once, whatever the number
 * of literals; hits are reported in the order in which they end.
 */
export function createLiteralAutomaton(literals: readonly string[]): LiteralAutomaton {
  const { classes, count } = characterClasses(literals);
  const states = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
  // States are stored as row offsets, which saves a multiplication per character.
  const next = new Int32Array(states * count);
  const found: number[][] = [[]];

  const classOf = (text: string, position: number): number => {
    const code = text.charCodeAt(position);
    return code < ASCII_SIZE ? (classes[code] ?? 0) : NON_ASCII_CLASS;
  };

  for (const [literalNumber, literal] of literals.entries()) {
    let state = 0;
    for (let position = 0; position < literal.length; position += 1) {
      const slot = state * count + classOf(literal, position);
      if (next[slot] === 0) {
        next[slot] = found.length;
        found.push([]);
      }
      state = next[slot] ?? 0;
    }
    found[state]?.push(literalNumber);
  }
  linkSuffixes(next, found, count);
  for (let slot = 0; slot < next.length; slot += 1) next[slot] = (next[slot] ?? 0) * count;
  const hasOutput = new Uint8Array(next.length);
  for (const [state, output] of found.entries()) hasOutput[state * count] = output.length > 0 ? 1 : 0;

  return {
    scan(text, onLiteral) {
      let row = 0;
      for (let position = 0; position < text.length; position += 1) {
        const code = text.charCodeAt(position);
        row = next[row + (code < ASCII_SIZE ? (classes[code] ?? 0) : NON_ASCII_CLASS)] ?? 0;
        if (hasOutput[row] === 0) continue;
        for (const literal of found[row / count] ?? []) {
          onLiteral(literal, position + 1 - (literals[literal]?.length ?? 0), position + 1);
        }
      }
    },
  };
}

/** Turns the trie into a complete automaton: every missing edge leads where the longest suffix would have led. */
function linkSuffixes(next: Int32Array, found: number[][], count: number): void {
  const suffixes = new Int32Array(found.length);
  const queue: number[] = [];
  for (let cls = 0; cls < count; cls += 1) {
    const child = next[cls] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (const state of queue) {
    const suffix = suffixes[state] ?? 0;
    found[state]?.push(...(found[suffix] ?? []));
    for (let cls = 0; cls < count; cls += 1) {
      const slot = state * count + cls;
      const child = next[slot] ?? 0;
      const viaSuffix = next[suffix * count + cls] ?? 0;
      if (child === 0) {
        next[slot] = viaSuffix;
        continue;
      }
      suffixes[child] = viaSuffix;
      queue.push(child);
    }
  }
}
