import { createLiteralAutomaton, type IsMute } from './literal-automaton.ts';
import { isTimestampAt, TIMESTAMP, TIMESTAMP_LENGTH } from './logical-lines.ts';
import { isLetterOrDigit, type Literal } from './scanner.ts';
import { SECTION_MARKER } from './view.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ESCAPE = 0x1b;
const BRACKET = 0x5b;
const PARAMETERS_LONGEST = 64;
const STOPPED_AT_RETURN = -2;
// Far below what one automaton can hold, and more than there ever are but with a great many known values.
const LITERALS_AT_ONCE = 2_500;

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

const inGroups = (literals: readonly Literal[]): Literal[][] =>
  Array.from({ length: Math.ceil(literals.length / LITERALS_AT_ONCE) }, (_, group) =>
    literals.slice(group * LITERALS_AT_ONCE, (group + 1) * LITERALS_AT_ONCE),
  );

/** Whether that letter or digit is the end of a colour code, and so nothing that a reader sees. */
const endsColour = (text: string, at: number): boolean => {
  let position = at - 1;
  for (let longest = at - PARAMETERS_LONGEST - 1; position > longest; position -= 1) {
    const code = text.charCodeAt(position);
    if (!(code >= 0x30 && code <= 0x3f)) break;
  }
  return text.charCodeAt(position) === BRACKET && text.charCodeAt(position - 1) === ESCAPE;
};

/** Whether a literal that ends there stands in one piece behind a letter or a digit, where it says nothing. */
const isInsideWord = (text: string, literal: string, end: number): boolean => {
  const start = end - literal.length;
  if (!isLetterOrDigit(text.charCodeAt(start - 1)) || endsColour(text, start - 1)) return false;
  // A colour code in it would have moved its beginning.
  return !text.slice(start, end).includes('\x1b');
};

/** Makes the search for quiet lines: those without any of these literals and triggers, in any case. */
export function createQuietLines(literals: readonly Literal[], triggers: readonly string[]): QuietLines {
  const all = [...literals, ...triggers.map((text) => ({ text, startsWord: false }))];
  const automata = inGroups(all).map((group) => {
    const isMute: IsMute = (text, number, end) => {
      const literal = group[number];
      return literal?.startsWord === true && isInsideWord(text, literal.text, end);
    };
    return { isMute, automaton: createLiteralAutomaton(group.map(({ text }) => text)) };
  });
  const endFrom = (text: string, from: number): number => {
    let end = text.length;
    for (const { isMute, automaton } of automata) {
      end = Math.min(end, automaton.quietTo(text, from, behindColour, isMute));
    }
    if (end === text.length || text.charCodeAt(end) === NEWLINE) return end;
    return text.charCodeAt(end) === RETURN ? STOPPED_AT_RETURN : -1;
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
