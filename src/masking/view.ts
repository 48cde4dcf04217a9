import { TIMESTAMP, TIMESTAMP_LENGTH } from './logical-lines.ts';

/**
 * The text of a logical line as a reader would put it together, without colours, section markers, timestamp prefixes
 * and line joints, and the way back: segment `i` begins at `viewStarts[i]` in the text and at `rawStarts[i]` in the raw line.
 */
export type View = {
  readonly text: string;
  readonly viewStarts: readonly number[];
  readonly rawStarts: readonly number[];
};

/** How a runner marks where a part of its log begins or ends; GitLab shows nothing of it. */
export const SECTION_MARKER = /section_(?:start|end):\d{1,20}:[\w.-]{1,200}(?:\[[^\]\r\n]{0,200}\])?\r\x1b\[0K/;

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

// A hyperlink's target stays in the view, because it may carry a secret: of an OSC sequence only the opening is hidden,
// and its end (BEL, or ESC and a backslash) stays as a delimiter.
const HIDDEN = new RegExp(
  [
    '\\x1b\\[[0-?]{0,64}[ -/]{0,8}[@-~]',
    '\\x1b\\][0-9]{0,4};?',
    '\\x1b[()*+][0-9A-Za-z]',
    '\\x1b(?!\\\\)[78=>cDEHMNOZ]?',
    SECTION_MARKER.source,
    `\\n(?:${TIMESTAMP.source})?`,
    '[\\x00-\\x06\\x08\\x0b\\x0c\\x0e-\\x1a\\x1c-\\x1f\\x7f]',
  ].join('|'),
  'g',
);

/** Makes the view of one logical line; `isStart` says that the raw text begins at the start of the line. */
export function viewOf(raw: string, isStart: boolean): View {
  const from = isStart ? prefixLength(raw) : 0;
  if (!CONTROL.test(raw)) return { text: from === 0 ? raw : raw.slice(from), viewStarts: [0], rawStarts: [from] };

  const viewStarts: number[] = [];
  const rawStarts: number[] = [];
  let text = '';
  let position = from;
  const keep = (end: number): void => {
    if (end <= position) return;
    viewStarts.push(text.length);
    rawStarts.push(position);
    text += raw.slice(position, end);
  };
  HIDDEN.lastIndex = from;
  for (let hidden = HIDDEN.exec(raw); hidden !== null; hidden = HIDDEN.exec(raw)) {
    keep(hidden.index);
    position = HIDDEN.lastIndex;
  }
  keep(raw.length);
  return { text, viewStarts, rawStarts };
}

function prefixLength(raw: string): number {
  TIMESTAMP.lastIndex = 0;
  return TIMESTAMP.test(raw) ? TIMESTAMP_LENGTH : 0;
}

/** The segment that holds a view position: the last one that begins at or before it. */
export function segmentAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the view's character at `position` stands in the raw line; positions past the end lead past the last character. */
export function rawPosition(view: View, position: number): number {
  const segment = segmentAt(view.viewStarts, position);
  return (view.rawStarts[segment] ?? 0) + position - (view.viewStarts[segment] ?? 0);
}

/** The first view position that stands at or after `raw` in the raw line, at most the length of the view. */
export function viewPosition(view: View, raw: number): number {
  if (view.text === '') return 0;
  const segment = segmentAt(view.rawStarts, raw);
  const start = view.viewStarts[segment] ?? 0;
  const end = view.viewStarts[segment + 1] ?? view.text.length;
  return Math.min(end, start + Math.max(0, raw - (view.rawStarts[segment] ?? 0)));
}
