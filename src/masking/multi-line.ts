import { type Block, ENCODED_KEY_TRIGGERS, NO_BLOCK, openedBlock } from './block-openers.ts';
import { isPlausibleSecret } from './plausible-value.ts';
import type { Span } from './rule.ts';
import { createManifest, MANIFEST_TRIGGERS } from './secret-manifest.ts';
import { isGenerated } from './sentence-values.ts';
import { MASK } from './spans.ts';

/** Follows what spans several lines. It sees every logical line once and in order, and never looks ahead. */
export type MultiLine = {
  /** The spans that earlier lines demand in this one. */
  line(text: string): Span[];
  /** True when no earlier line has a say in the next one. */
  isSettled(): boolean;
};

/**
 * A line that has none of these, and no literal of a rule, opens nothing for the lines behind it: every opener has
 * the name of a secret, the header of a key, or one of these.
 */
export const MULTI_LINE_TRIGGERS = [...ENCODED_KEY_TRIGGERS, ...MANIFEST_TRIGGERS];

const END = '-----END ';
// What may stand around a line of a key: indentation, a plan's markers, a box, quotes and escapes.
const DECORATION = /^[\s+~\-|│"'`,\\]*/;
const KEY_LINE =
  /^(?:[A-Za-z0-9+/=]+|[A-Za-z0-9+/]{16,}.*|(?:Proc-Type|DEK-Info|Comment|Version|Hash): ?.*|=[A-Za-z0-9+/]{4})(?:\\+[nrt]|["'`,\s\\│])*$/;
const IN_QUOTES = { isBare: false, isProse: false };
const VALUE_LINE_LONGEST = 8_192;
const VALUE = /^([\s\-+~]*["']?(?:value|parametervalue)["']?\s*[:=]\s*)(["']?)(.*)$/i;
function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function contentSpan(text: string, from: number): Span[] {
  const end = text.trimEnd().length;
  const isMasked = text.slice(from, end) === MASK;
  return end > from && !isMasked ? [{ start: from, end }] : [];
}

type Step = { spans: Span[]; isOver: boolean; isConsumed: boolean };

const LEFT: Step = { spans: [], isOver: true, isConsumed: false };

function keyStep(text: string, before: string): Step {
  const from = text.startsWith(before) ? before.length : 0;
  const start = from + (DECORATION.exec(text.slice(from))?.[0].length ?? 0);
  const end = text.indexOf(END);
  // Also on the last line of a key something may stand before the end marker, and behind it something may begin: it would
  // be seen if the key were masked already.
  if (end >= 0) return { spans: end > start ? [{ start, end }] : [], isOver: true, isConsumed: false };
  if (text.trim() === '' || start === text.length) return { spans: [], isOver: false, isConsumed: true };
  if (!KEY_LINE.test(text.slice(start))) return LEFT;
  return { spans: contentSpan(text, start), isOver: false, isConsumed: true };
}

function valueStep(text: string): Step {
  const value = VALUE.exec(text.slice(0, VALUE_LINE_LONGEST));
  if (value === null) return { spans: [], isOver: false, isConsumed: false };
  const start = (value[1] ?? '').length + (value[2] ?? '').length;
  const tail = /["']?(?:\s+->\s+null)?\s*,?\s*$/.exec(value[3] ?? '')?.[0].length ?? 0;
  const span = { start, end: start + (value[3] ?? '').length - tail };
  const content = text.slice(span.start, span.end);
  return { spans: isPlausibleSecret(content, 'password', IN_QUOTES) ? [span] : [], isOver: true, isConsumed: true };
}

// RFC 7518: of an asymmetric key these members are private, and `k` is the whole of a symmetric one.
const MEMBER = /^\s*"(?:d|p|q|dp|dq|qi|k)"\s*:\s*"([\w-]{10,4096})"\s*,?\s*$/;

function memberStep(text: string): Step {
  if (/^\s*\}/.test(text)) return LEFT;
  const value = MEMBER.exec(text)?.[1];
  if (value === undefined) return { spans: [], isOver: false, isConsumed: false };
  const start = text.lastIndexOf(value);
  return { spans: [{ start, end: start + value.length }], isOver: false, isConsumed: true };
}

// A scalar that does not fit behind its key. What has a key of its own is no scalar.
const SCALAR = /^\s+(["']?)([^\s"'#:-][^"':]{3,4096}|[^\s"'#-][^\s"']{3,4096})\1\s*$/;

function belowStep(text: string, indent: number): Step {
  const scalar = SCALAR.exec(text);
  const value = scalar?.[2] ?? '';
  if (scalar === null || indentOf(text) <= indent || value === MASK || value.endsWith(':')) return LEFT;
  const isQuoted = scalar[1] !== '';
  if (!isPlausibleSecret(value, isQuoted ? 'password' : 'token', IN_QUOTES)) return LEFT;
  const start = text.lastIndexOf(value);
  return { spans: [{ start, end: start + value.length }], isOver: true, isConsumed: true };
}

function wordStep(text: string): Step {
  if (text.trim() === '') return { spans: [], isOver: false, isConsumed: true };
  const word = text.trim();
  const isSecret = !/\s/.test(word) && (isGenerated(word, true) || /^[0-9a-f]{16,128}$/.test(word));
  return isSecret ? { spans: contentSpan(text, indentOf(text)), isOver: true, isConsumed: true } : LEFT;
}

function stepOf(block: Block, text: string): Step {
  switch (block.kind) {
    case 'private-key':
      return keyStep(text, block.before);
    case 'json-web-key':
      return memberStep(text);
    case 'word-below':
      return wordStep(text);
    case 'value-below':
      return belowStep(text, block.indent);
    case 'indented':
      if (text.trim() === '') return { spans: [], isOver: false, isConsumed: true };
      if (indentOf(text) <= block.indent) return LEFT;
      return { spans: contentSpan(text, indentOf(text)), isOver: false, isConsumed: true };
    case 'heredoc':
      if (text.trim() === block.terminator) return { spans: [], isOver: true, isConsumed: true };
      return { spans: contentSpan(text, indentOf(text)), isOver: false, isConsumed: true };
    case 'value-of-name':
      return valueStep(text);
    case 'none':
      return LEFT;
  }
}

/** The block as it stands one line later. */
function aged(block: Block): Block {
  return block.kind === 'none' || block.linesLeft <= 1 ? NO_BLOCK : { ...block, linesLeft: block.linesLeft - 1 };
}

/** Creates the state for one trace. */
export function createMultiLine(): MultiLine {
  const manifest = createManifest();
  let block: Block = NO_BLOCK;
  // A name that waits for its value, while a line between them has begun something else. What a mask hides of that line
  // the next time must not change what becomes of the value.
  let waiting: Block = NO_BLOCK;

  function stepInto(text: string): Step {
    const step = stepOf(block, text);
    if (step.isConsumed || !step.isOver || waiting.kind === 'none') return step;
    block = waiting;
    waiting = NO_BLOCK;
    const next = stepOf(block, text);
    return { ...next, spans: [...step.spans, ...next.spans] };
  }

  return {
    line(text) {
      const step = stepInto(text);
      block = step.isOver ? NO_BLOCK : aged(block);
      waiting = aged(waiting);
      const inManifest = manifest.line(text);
      const spans = [...step.spans, ...inManifest];
      if (step.isConsumed) return spans;
      const opening = openedBlock(text);
      if (opening.kind !== 'none') {
        if (block.kind === 'value-of-name') waiting = block;
        block = opening;
      }
      return spans;
    },
    isSettled: () => block.kind === 'none' && waiting.kind === 'none' && manifest.isSettled(),
  };
}
