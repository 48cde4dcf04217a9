// @ts-check
/** Colour codes (SGR, ECMA-48 section 8.3.117) of a log line as spans with class names; everything else is text. Pure. */

/** @typedef {{ text: string, classes: string }} Span */

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** @typedef {{ colour: string, bold: boolean, dim: boolean, italic: boolean, underline: boolean }} Style */

/** @type {Style} */
const PLAIN = { colour: '', bold: false, dim: false, italic: false, underline: false };

/** @type {Readonly<Record<number, Partial<Style>>>} */
const SWITCHES = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  39: { colour: '' },
};

/**
 * How many parameters the extended colours 38 and 48 take with them: `5;n` or `2;r;g;b`. They are skipped, because
 * the page has no such colours.
 *
 * @param {readonly number[]} codes
 * @param {number} index of the 38 or 48
 */
const extendedLength = (codes, index) => (codes[index + 1] === 5 ? 2 : codes[index + 1] === 2 ? 4 : 0);

/** @param {Style} style @param {string} parameters @returns {Style} */
const applied = (style, parameters) => {
  const codes = parameters.split(';').map(Number);
  let next = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) index += extendedLength(codes, index);
    else if (code >= 30 && code <= 37) next = { ...next, colour: NAMES[code - 30] ?? '' };
    else if (code >= 90 && code <= 97) next = { ...next, colour: NAMES[code - 90] ?? '' };
    else next = { ...next, ...SWITCHES[code] };
  }
  return next;
};

/** @param {Style} style */
const classesOf = ({ colour, bold, dim, italic, underline }) =>
  [
    colour && `sgr-${colour}`,
    bold && 'sgr-bold',
    dim && 'sgr-dim',
    italic && 'sgr-italic',
    underline && 'sgr-underline',
  ]
    .filter(Boolean)
    .join(' ');

/** Sequences that are more than a colour: titles, hyperlinks (OSC 8), movements of the cursor. They go with what is in them. */
const SEQUENCES = new RegExp(
  [
    // ECMA-48 section 5.6: control strings, to their end or that of the line; with ESC, or in one character.
    String.raw`(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)?`,
    // Section 5.4: control sequences.
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`,
    // Everything else that begins with ESC.
    String.raw`\x1b[ -/]*[0-~]`,
  ].join('|'),
  'g',
);
/** What has no look of its own, and tabs stay. */
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;
/** What turns the direction of writing round or hides in a text: it is named, so that a line is what it seems to be. */
const DECEIVERS = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** @param {string} character */
const named = (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`;

/**
 * A line as plain text: without colours, control characters and what deceives the eye.
 *
 * @param {string} line
 * @returns {string}
 */
export const plainText = (line) => line.replace(SEQUENCES, '').replace(CONTROLS, '').replace(DECEIVERS, named);

/** A line is cut here; the whole of it is in the file to download. */
const LONGEST_SHOWN = 4_000;
/** A line with more changes of style goes on in the last one. */
const MOST_SPANS = 100;

/** @param {string} line */
const cut = (line) =>
  line.length <= LONGEST_SHOWN
    ? line
    : `${line.slice(0, LONGEST_SHOWN)} … (${line.length - LONGEST_SHOWN} more characters)`;

/**
 * Splits a line into spans of one style. Every other sequence and control character is dropped. Styles end with their
 * line, and what is too long or too colourful for a page is cut.
 *
 * @param {string} line
 * @returns {Span[]}
 */
export const spansOf = (line) => {
  /** @type {Span[]} */
  const spans = [];
  const whole = cut(line);
  let style = PLAIN;
  let from = 0;
  /** @param {string} raw */
  const push = (raw) => {
    const text = plainText(raw);
    if (text !== '') spans.push({ text, classes: classesOf(style) });
  };
  for (const match of whole.matchAll(/\x1b\[([0-9;]{0,64})m/g)) {
    if (spans.length >= MOST_SPANS) break;
    push(whole.slice(from, match.index));
    style = applied(style, match[1] ?? '');
    from = match.index + match[0].length;
  }
  push(whole.slice(from));
  return spans;
};
