import type { LineIndex } from './line-index.ts';
import { createLiteralAutomaton } from './literal-automaton.ts';
import type { Span } from './rule.ts';
import { MASK } from './spans.ts';

/** Finds secrets that are known by value, in whatever usual encoding they are printed. */
export type KnownValues = { find(line: LineIndex): Span[] };

const SHORTEST = 6;
const SHORTEST_LINE = 8;
const LONGEST_VALUE = 65_536;
const BASE64_RUN = /[A-Za-z0-9+/=_-]/;
const BASE64_RUN_LONGEST = 4096;

// Masking these wherever they stand would make a trace unreadable and protect nothing.
const COMMON = new Set(
  'password passwd secret secrets changeme default example master username postgres production staging develop terraform gitlab github amazon kubernetes string number status false-positive'.split(
    ' ',
  ),
);

type Form = { text: string; isBase64: boolean };

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

// Base64 of a text that holds the value begins at one of three offsets in it; only the characters that are the value's
// alone are looked for.
function base64Forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const whole = Math.floor((padded.length * 8) / 6);
    const inner = base64Of(padded).slice(Math.ceil((offset * 8) / 6), whole);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function formsOf(value: string): Form[] {
  const plain = new Set([
    value,
    encodeURIComponent(value.toWellFormed()),
    encodeURIComponent(value.toWellFormed())
      .replaceAll('%20', '+')
      .replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    value.replaceAll("'", "'\\''"),
    value.replaceAll(/[^\w./:@%+=,-]/g, (mark) => `\\${mark}`),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ]);
  const encoded = new Set(base64Forms(value).filter((form) => form.length >= SHORTEST));
  return [
    ...[...plain].map((text) => ({ text, isBase64: false })),
    ...[...encoded].map((text) => ({ text, isBase64: true })),
  ];
}

function isUsable(value: string, shortest: number): boolean {
  return (
    value.length >= shortest &&
    value.length <= LONGEST_VALUE &&
    !COMMON.has(value.toLowerCase()) &&
    !MASK.includes(value)
  );
}

// A value of several lines never stands on one; each line that is long enough is a value of its own.
function valuesOf(known: readonly string[]): Set<string> {
  const values = new Set<string>();
  for (const value of known) {
    const trimmed = value.trim();
    if (isUsable(trimmed, SHORTEST)) values.add(trimmed);
    if (!trimmed.includes('\n')) continue;
    for (const line of trimmed.split('\n').map((part) => part.trim())) {
      if (isUsable(line, SHORTEST_LINE) && !line.startsWith('-----')) values.add(line);
    }
  }
  return values;
}

// The whole run of base64 goes, so that no bits of the value stay visible at its borders.
function widen(text: string, span: Span): Span {
  let { start, end } = span;
  while (start > 0 && span.start - start < BASE64_RUN_LONGEST && BASE64_RUN.test(text[start - 1] ?? '')) start -= 1;
  while (end < text.length && end - span.end < BASE64_RUN_LONGEST && BASE64_RUN.test(text[end] ?? '')) end += 1;
  return { start, end };
}

/**
 * Prepares the search for `known` values: as they are, URL-encoded, JSON-, shell- and XML-escaped, and in base64 at any
 * offset. Values under 6 characters and everyday words are ignored.
 */
export function createKnownValues(known: readonly string[]): KnownValues {
  const forms = [...valuesOf(known)].flatMap(formsOf);
  const automaton = createLiteralAutomaton(forms.map((form) => form.text));
  return {
    find(line) {
      const spans: Span[] = [];
      let widenedTo = 0;
      automaton.scan(line.text, (literal, start, end) => {
        const form = forms[literal];
        if (form === undefined) return;
        const isExact = line.text.startsWith(form.text, start);
        // Percent escapes may be written in either case.
        if (!isExact && !form.text.includes('%')) return;
        if (!form.isBase64) {
          spans.push({ start, end });
        } else if (start >= widenedTo) {
          const wide = widen(line.text, { start, end });
          widenedTo = wide.end;
          spans.push(wide);
        }
      });
      return spans;
    },
  };
}
