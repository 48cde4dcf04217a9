import type { LineIndex } from './line-index.ts';
import { createLiteralAutomaton } from './literal-automaton.ts';
import type { Rule, Span } from './rule.ts';

export type Scanner = {
  scan(line: LineIndex): Span[];
  /** Every literal at which a rule is tried. */
  readonly literals: readonly Literal[];
};

/** A literal, and whether it says nothing behind a letter or a digit. */
export type Literal = { readonly text: string; readonly startsWord: boolean };

/** What may not stand in front of a literal that starts a word. */
export function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

const BEYOND_ASCII = /[^\x00-\x7f]/;

function isExactly(wanted: string, text: string, start: number, end: number): boolean {
  // Cheap, and tells most words of a foreign script apart.
  if (text.charCodeAt(start) === wanted.charCodeAt(0)) return text.slice(start, end).toLowerCase() === wanted;
  const first = text[start] ?? '';
  const lower = first.toLowerCase();
  return lower !== first && lower === wanted[0] && text.slice(start, end).toLowerCase() === wanted;
}

/** Tries one rule where one of its literals begins. */
export function applyRule(rule: Rule, line: LineIndex, start: number, end: number): readonly Span[] {
  if ('find' in rule) return rule.find(line, start, end);
  rule.pattern.lastIndex = start;
  const match = rule.pattern.exec(line.text);
  if (match === null) return [];
  const span = { start: start + (match[1]?.length ?? 0), end: start + match[0].length };
  return span.end > span.start ? [span] : [];
}

/**
 * Builds the scanner for a table of rules. One pass over the line finds the literals; only the rule that owns a literal
 * runs, and only where it was found. A literal inside what the same rule has masked already is skipped, which keeps
 * long runs of one prefix linear.
 */
export function createScanner(rules: readonly Rule[]): Scanner {
  const owners: number[] = [];
  const literals: Literal[] = [];
  // The automaton takes all letters beyond ASCII for one.
  const exact: (string | null)[] = [];
  for (const [ruleNumber, rule] of rules.entries()) {
    for (const literal of rule.literals) {
      owners.push(ruleNumber);
      literals.push({ text: literal, startsWord: 'pattern' in rule && rule.startsWord === true });
      exact.push(BEYOND_ASCII.test(literal) ? literal.toLowerCase() : null);
    }
  }
  const automaton = createLiteralAutomaton(literals.map(({ text }) => text));
  const maskedUpTo = new Int32Array(rules.length);

  return {
    scan(line) {
      const spans: Span[] = [];
      maskedUpTo.fill(0);
      automaton.scan(line.text, (literal, start, end) => {
        const ruleNumber = owners[literal] ?? 0;
        const rule = rules[ruleNumber];
        if (rule === undefined || start < (maskedUpTo[ruleNumber] ?? 0)) return;
        const wanted = exact[literal] ?? null;
        if (literals[literal]?.startsWord === true && isLetterOrDigit(line.text.charCodeAt(start - 1))) return;
        if (wanted !== null && !isExactly(wanted, line.text, start, end)) return;
        for (const span of applyRule(rule, line, start, end)) {
          spans.push(span);
          maskedUpTo[ruleNumber] = Math.max(maskedUpTo[ruleNumber] ?? 0, span.end);
        }
      });
      return spans;
    },
    literals,
  };
}
