import type { KnownValues } from './known-values.ts';
import { isTimestampAt, TIMESTAMP, TIMESTAMP_LENGTH } from './logical-lines.ts';
import type { Scanner } from './scanner.ts';
import { SECTION_MARKER } from './view.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ESCAPE = 0x1b;
const BRACKET = 0x5b;
const PARAMETERS_LONGEST = 64;
const STOPPED_AT_RETURN = -2;

/** What stands in front of a line and leaves its view: nothing of a secret can be in front of it. */
const SECTION = `${SECTION_MARKER.source}|\\x1b\\[[0-?]{0,64}[@-~]`;
const PREAMBLE = new RegExp(`(?:${TIMESTAMP.source})?(?:${SECTION}){0,16}`, 'y');

/**
 * Where the text goes on behind a colour code or the like; -1 for the end of the line and for whatever else is not seen
 * by a reader. The same sequences leave the view of a line, so a secret cut by them is still seen.
 */
const behindColour = (text: string, position: number): number => {
  const control = text.charCodeAt(position);
  // A carriage return is a character like any other, unless it may end a section marker.
  if (control === RETURN) return text.charCodeAt(position + 1) === ESCAPE ? -1 : position + 1;
  if (control !== ESCAPE || text.charCodeAt(position + 1) !== BRACKET) return -1;
  const longest = position + 2 + PARAMETERS_LONGEST;
  for (let at = position + 2; at <= longest; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x40 && code <= 0x7e) return at + 1;
    // Anything but parameters is rare enough to be looked at closely.
    if (!(code >= 0x30 && code <= 0x3f)) return -1;
  }
  return -1;
};

/** Finds the lines that no rule could have to do with, which are nearly all of them, in one pass over the text. */
export type QuietLines = {
  /** The end of the physical line that begins at `from`, its newline or the end of the text; -1 if it has to be looked at. */
  endOf(text: string, from: number): number;
};

/** Makes the search for quiet lines, by the literals at which rules are tried and by those of the known values. */
export function createQuietLines(scanner: Scanner, knownValues: KnownValues | null): QuietLines {
  const endFrom = (text: string, from: number): number => {
    const end = scanner.quietTo(text, from, behindColour);
    if (end < text.length && text.charCodeAt(end) !== NEWLINE)
      return text.charCodeAt(end) === RETURN ? STOPPED_AT_RETURN : -1;
    if (knownValues !== null && knownValues.quietTo(text, from, behindColour) !== end) return -1;
    return end;
  };
  return {
    endOf(text, from) {
      // The view begins behind the prefix, and so may the search.
      const end = endFrom(text, isTimestampAt(text, from) ? from + TIMESTAMP_LENGTH : from);
      if (end !== STOPPED_AT_RETURN) return end;
      PREAMBLE.lastIndex = from;
      PREAMBLE.test(text);
      return PREAMBLE.lastIndex > from ? Math.max(-1, endFrom(text, PREAMBLE.lastIndex)) : -1;
    },
  };
}
