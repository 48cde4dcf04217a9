import type { LineIndex } from './line-index.ts';

/** A part of a line, as positions in the text that was scanned; `end` is exclusive. */
export type Span = { start: number; end: number };

type RuleCommon = {
  readonly name: string;
  /** The literals, in any case, at which the rule is tried. Nothing else makes it run. */
  readonly literals: readonly string[];
  /** Lines in which exactly the parts between « and » must be masked. */
  readonly matches: readonly string[];
  /** Lines that must come out unchanged. */
  readonly leaves: readonly string[];
};

/**
 * A rule that knows its secret by shape. The pattern is sticky and tried where a literal begins; its first group, if it
 * has one, stays visible and the rest of the match is masked. Every quantifier is bounded.
 */
export type PatternRule = RuleCommon & {
  readonly pattern: RegExp;
  /** The literal begins the secret, and neither a letter nor a digit may stand in front of it. */
  readonly startsWord?: true;
};

/** A rule that needs more than a pattern: it gets the indexed line and the literal's place and answers with spans. */
export type ScanRule = RuleCommon & {
  readonly find: (line: LineIndex, start: number, end: number) => readonly Span[];
};

export type Rule = PatternRule | ScanRule;

/** Joins an example from pieces, so that scanners for committed secrets do not take the table for a leak. */
export function pieces(...parts: readonly string[]): string {
  return parts.join('');
}
