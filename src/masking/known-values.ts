import type { LineIndex } from './line-index.ts';
import { createLiteralAutomaton, type LiteralAutomaton } from './literal-automaton.ts';
import type { Span } from './rule.ts';
import { MASK } from './spans.ts';

/** Finds secrets that are known by value, in whatever usual encoding they are printed. */
export type KnownValues = {
  find(line: LineIndex): Span[];
  /** A text without any of these, in any case, has none of the values in it. */
  readonly beginnings: readonly string[];
};

const SHORTEST = 6;
const SHORTEST_LINE = 8;
const LONGEST_VALUE = 65_536;
const BASE64_RUN = /[A-Za-z0-9+/=_-]/;
const BASE64_RUN_LONGEST = 4096;
const LOOKED_FOR = 16;
const FORMS_IN_A_SEARCH = 2_000;

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

// Which marks are escaped besides those that must be, and whether a blank becomes a plus, is everybody's own choice.
function urlForms(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const strict = encoded.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return [encoded, strict].flatMap((form) => [form, form.replaceAll('%20', '+')]);
}

function formsOf(value: string): Form[] {
  const plain = new Set([
    value,
    ...urlForms(value),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    value.replaceAll("'", "'\\''"),
    value.replaceAll(/["$`\\]/g, (mark) => `\\${mark}`),
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

// A search for the beginnings of the forms, which are compared as a whole where one is found: the automaton stays small
// however long the values are.
type Search = { forms: readonly Form[]; automaton: LiteralAutomaton };

const beginningOf = (form: Form): string => form.text.slice(0, LOOKED_FOR);

function searchesOf(forms: readonly Form[]): Search[] {
  const groups = Array.from({ length: Math.ceil(forms.length / FORMS_IN_A_SEARCH) }, (_, group) =>
    forms.slice(group * FORMS_IN_A_SEARCH, (group + 1) * FORMS_IN_A_SEARCH),
  );
  return groups.map((group) => ({
    forms: group,
    automaton: createLiteralAutomaton(group.map(beginningOf)),
  }));
}

function standsAt(text: string, start: number, form: Form): boolean {
  if (text.startsWith(form.text, start)) return true;
  // Percent escapes may be written in either case.
  return (
    form.text.includes('%') && text.slice(start, start + form.text.length).toLowerCase() === form.text.toLowerCase()
  );
}

function build(known: readonly string[]): KnownValues {
  const forms = [...valuesOf(known)].flatMap(formsOf);
  const searches = searchesOf(forms);
  return {
    find(line) {
      const spans: Span[] = [];
      for (const { forms, automaton } of searches) {
        let widenedTo = 0;
        automaton.scan(line.text, (literal, start) => {
          const form = forms[literal];
          if (form === undefined || !standsAt(line.text, start, form)) return;
          const span = { start, end: start + form.text.length };
          if (!form.isBase64) {
            spans.push(span);
          } else if (start >= widenedTo) {
            const wide = widen(line.text, span);
            widenedTo = wide.end;
            spans.push(wide);
          }
        });
      }
      return spans;
    },
    beginnings: forms.map(beginningOf),
  };
}

// One set at a time is in use, and another one for as long as a secret is being rotated.
const RECENT = 2;
const recent = new Map<string, KnownValues>();

/**
 * Prepares the search for `known` values: as they are, URL-encoded, JSON-, shell- and XML-escaped, and in base64 at any
 * offset. Values under 6 characters and everyday words are ignored. The latest sets are remembered: preparing one takes
 * longer than masking a line.
 */
export function createKnownValues(known: readonly string[]): KnownValues {
  const key = JSON.stringify(known);
  const prepared = recent.get(key) ?? build(known);
  recent.delete(key);
  recent.set(key, prepared);
  for (const oldest of recent.keys()) if (recent.size > RECENT) recent.delete(oldest);
  return prepared;
}
