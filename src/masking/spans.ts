import type { Span } from './rule.ts';
import { rawPosition, segmentAt, type View } from './view.ts';

/** What stands for every secret: a constant, so that it tells nothing about length or kind. The runner uses the same. */
export const MASK = '[MASKED]';

/** Sorts spans and merges those that overlap or touch, so that one secret found twice is masked once. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  if (spans.length === 0) return [];
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else if (span.end > span.start) merged.push({ start: span.start, end: span.end });
  }
  return merged;
}

function maskAround(text: string, position: number): number {
  for (let start = Math.max(0, position - MASK.length + 1); start <= position; start += 1) {
    if (text.startsWith(MASK, start)) return start;
  }
  return -1;
}

/**
 * Keeps spans off masks that stand in the text already, whoever put them there: what begins or ends inside one is
 * trimmed to its border. This is what makes masking twice the same as masking once.
 */
export function trimAtMasks(text: string, spans: readonly Span[]): Span[] {
  if (spans.length === 0 || !text.includes(MASK)) return [...spans];
  return spans.flatMap((span) => {
    let { start, end } = span;
    for (let mask = maskAround(text, start); mask >= 0 && start < end; mask = maskAround(text, start))
      start = mask + MASK.length;
    for (let mask = maskAround(text, end - 1); mask >= 0 && start < end; mask = maskAround(text, end - 1)) end = mask;
    return start < end ? [{ start, end }] : [];
  });
}

/** The part of a raw line to write out; `isMaskWritten` says that the mask of a span at its very start stands already. */
export type RawPart = { from: number; to: number; isMaskWritten: boolean };

/**
 * Writes a part of a raw line with the spans of its view masked. Colours, section markers and line joints that lay
 * inside a masked span stay, so line counts and colours do not change.
 */
export function writeMasked(raw: string, view: View, spans: readonly Span[], part: RawPart): string {
  let output = '';
  let position = part.from;
  let isMaskWritten = part.isMaskWritten;
  for (const span of spans) {
    const start = rawPosition(view, span.start);
    const end = rawPosition(view, span.end - 1) + 1;
    if (end <= part.from || start >= part.to) continue;
    if (start > position) {
      output += withoutLoneEscape(raw.slice(position, start));
      isMaskWritten = false;
    }
    if (!isMaskWritten) output += MASK;
    isMaskWritten = false;
    output += withoutLoneEscape(hiddenInside(raw, view, span));
    position = end;
  }
  return output + raw.slice(Math.min(position, part.to), part.to);
}

// An escape that stood alone would make a colour code of the bracket of a mask behind it.
function withoutLoneEscape(piece: string): string {
  let end = piece.length;
  while (end > 0 && piece[end - 1] === '\x1b') end -= 1;
  return end === piece.length ? piece : piece.slice(0, end);
}

function hiddenInside(raw: string, view: View, span: Span): string {
  const first = segmentAt(view.viewStarts, span.start);
  const last = segmentAt(view.viewStarts, span.end - 1);
  let hidden = '';
  for (let segment = first; segment < last; segment += 1) {
    const length = (view.viewStarts[segment + 1] ?? 0) - (view.viewStarts[segment] ?? 0);
    hidden += raw.slice((view.rawStarts[segment] ?? 0) + length, view.rawStarts[segment + 1]);
  }
  return hidden;
}
