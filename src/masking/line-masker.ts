import { createKnownValues, type KnownValues } from './known-values.ts';
import { createLineIndex, type LineIndex } from './line-index.ts';
import { createMultiLine, MULTI_LINE_TRIGGERS } from './multi-line.ts';
import { createQuietLines, type QuietLines } from './quiet-lines.ts';
import type { Span } from './rule.ts';
import { RULES, RULES_WITH_ACCOUNTS } from './rules.ts';
import { createScanner, type Scanner } from './scanner.ts';
import { mergeSpans, trimAtMasks, writeMasked } from './spans.ts';
import { rawPosition, type View, viewOf, viewPosition } from './view.ts';

export type MaskOptions = {
  /** Secrets known by value: masked wherever they stand, also encoded. */
  readonly known?: readonly string[];
  /** Masks AWS account ids too; off by default, because they are no secrets. */
  readonly accountIds?: boolean;
};

/** Masks one logical line after another. A line is handed over in pieces and then closed. */
export type LineMasker = {
  /** Takes the next piece of the line and returns what of it is final already: nothing, as long as it is of usual length. */
  append(piece: string): string;
  /** Ends the line and returns the rest of it. */
  close(): string;
  /** True when nothing of the lines so far has a say in the next one. */
  isSettled(): boolean;
  /**
   * The end of the physical line that begins at `from` if it can be shown as it is: at its newline, or at the end of the
   * text; -1 if it has to be appended and closed. Only to be asked between two lines.
   */
  quietEnd(text: string, from: number): number;
};

// A line longer than the window is masked in overlapping windows. The overlap is longer than any secret that is looked
// for by shape; the context lets a window see the key in front of a value.
const WINDOW = 65_536;
const OVERLAP = 16_384;
const CONTEXT = 4_096;
const ROUNDS = 4;

// Building the automaton takes longer than masking a short text, and the tables never change.
const scanners = new Map<boolean, Scanner>();

function scannerFor(accountIds: boolean): Scanner {
  const scanner = scanners.get(accountIds) ?? createScanner(accountIds ? RULES_WITH_ACCOUNTS : RULES);
  scanners.set(accountIds, scanner);
  return scanner;
}

const NOTHING_KNOWN = {};
const quietLinesOf = new WeakMap<Scanner, WeakMap<object, QuietLines>>();

function quietLinesFor(scanner: Scanner, knownValues: KnownValues | null): QuietLines {
  const ofScanner = quietLinesOf.get(scanner) ?? new WeakMap<object, QuietLines>();
  quietLinesOf.set(scanner, ofScanner);
  const key = knownValues ?? NOTHING_KNOWN;
  const found =
    ofScanner.get(key) ??
    createQuietLines(scanner.literals, [...MULTI_LINE_TRIGGERS, ...(knownValues?.beginnings ?? [])]);
  ofScanner.set(key, found);
  return found;
}

/** Creates the masker for the lines of one trace. What it returns depends on the lines only, not on their pieces. */
export function createLineMasker(options: MaskOptions = {}): LineMasker {
  const scanner = scannerFor(options.accountIds ?? false);
  const knownValues =
    options.known === undefined || options.known.length === 0 ? null : createKnownValues(options.known);
  const multiLine = createMultiLine();
  const quietLines = quietLinesFor(scanner, knownValues);
  let raw = '';
  let written = 0;
  let isStart = true;
  let isCarrying = false;
  // Whether the next line is known to be none that can be shown as it is.
  let isLoud = false;

  function found(line: LineIndex): Span[] {
    const shapes = scanner.scan(line);
    return knownValues === null ? shapes : shapes.concat(knownValues.find(line));
  }

  function spansOf(view: View): Span[] {
    const line = createLineIndex(view.text);
    const spans = found(line).concat(isStart ? multiLine.line(view.text) : []);
    const from = viewPosition(view, written);
    // A secret longer than the window has its mask already; what is left of it ends with the word.
    if (isCarrying) spans.push({ start: from, end: line.wordEnd(from) });
    return trimAtMasks(view.text, mergeSpans(spans));
  }

  // A mask ends a word, so that what stood right behind a secret can now be seen to be one too.
  function maskAgain(masked: string, isWhole: boolean): string {
    let current = masked;
    for (let round = 1; round < ROUNDS; round += 1) {
      const view = viewOf(current, isWhole);
      const spans = trimAtMasks(view.text, mergeSpans(found(createLineIndex(view.text))));
      if (spans.length === 0) break;
      current = writeMasked(current, view, spans, { from: 0, to: current.length, isMaskWritten: false });
    }
    return current;
  }

  // What has a say in this line may demand spans that no literal of its own does.
  function quietEnd(text: string, from: number): number {
    const end = multiLine.isSettled() ? quietLines.endOf(text, from) : -1;
    isLoud = end < 0;
    return end;
  }

  function writeUpTo(view: View, spans: readonly Span[], to: number): string {
    return writeMasked(raw, view, spans, { from: written, to, isMaskWritten: isCarrying });
  }

  function flushWindow(): string {
    const view = viewOf(raw, isStart);
    const spans = spansOf(view);
    const limit = viewPosition(view, raw.length - OVERLAP);
    const rawLimit = limit < view.text.length ? rawPosition(view, limit) : raw.length;
    const across = spans.find((span) => span.start < limit && span.end > limit);
    const acrossStart = across === undefined ? rawLimit : rawPosition(view, across.start);
    // A secret that fits is left to the next window as a whole; of a longer one the mask is written now.
    const canWait = across !== undefined && acrossStart > raw.length / 2 && acrossStart > written;
    const to = canWait ? acrossStart : rawLimit;
    const clipped = spans
      .filter((span) => span.start < limit)
      .map((span) => ({ start: span.start, end: Math.min(span.end, limit) }));
    const output = writeUpTo(
      view,
      canWait ? clipped.filter((span) => rawPosition(view, span.start) < to) : clipped,
      to,
    );
    isCarrying = across !== undefined && !canWait;
    const keepFrom = Math.max(0, to - CONTEXT);
    raw = raw.slice(keepFrom);
    written = to - keepFrom;
    isStart = false;
    return output;
  }

  return {
    append(piece) {
      let output = '';
      let position = 0;
      while (raw.length + piece.length - position >= WINDOW) {
        const taken = WINDOW - raw.length;
        raw += piece.slice(position, position + taken);
        position += taken;
        output += flushWindow();
      }
      raw += piece.slice(position);
      return output;
    },
    close() {
      const mayBeQuiet = isStart && !isLoud;
      if (raw === '') multiLine.line('');
      if (raw === '' || (mayBeQuiet && quietEnd(raw, 0) === raw.length)) {
        const quiet = raw;
        raw = '';
        isLoud = false;
        return quiet;
      }
      isLoud = false;
      const view = viewOf(raw, isStart);
      const spans = spansOf(view);
      const once = writeUpTo(view, spans, raw.length);
      const output = spans.length === 0 ? once : maskAgain(once, isStart);
      raw = '';
      written = 0;
      isStart = true;
      isCarrying = false;
      return output;
    },
    isSettled: () => raw === '' && multiLine.isSettled(),
    quietEnd,
  };
}
