import type { LineIndex } from './line-index.ts';
import { isPlausibleSecret } from './plausible-value.ts';
import type { Span } from './rule.ts';
import type { NounClass } from './secret-nouns.ts';
import { findInSentence } from './sentence-values.ts';

const KEY_LONGEST = 64;
const DASH = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;

// What may stand between the noun and its separator: a digit or two, then the quotes and brackets around the key.
const AFTER_NOUN =
  /(?:_(?:do|da|de|del|du|der|des|van)_[a-z]{2,24}|_v\d|[_-](?:new|old|plain|confirm))?(?:\d{1,2}(?![\w+])| \d{1,2}(?=:))?(?:\\{0,7}["']|&quot;)?[\])]?(?: \[[^\]]{0,24}\](?=: ))?/y;
const SEPARATOR =
  /[ \t]{0,64}(?::=|=>|=(?!=)|:(?!:)|：|%3D)[ \t]{0,64}|[ \t]\.{3,60}[ \t]|,? ?\\{0,3}["']?(?:parameter)?value\\{0,3}["']? ?[:=] ?|>(?=[^<\s]{1,200}<\/)|[ \t]{0,40}\|{1,2}[ \t]{1,40}/iy;
// What cannot begin one needs no pattern: most nouns of a running text are followed by none.
const SEPARATOR_BEGINNINGS = ' \t:=：%,\\"\'pPvV>|';
// The next flag is no value, unless it is longer and wilder than flags are.
const BLANKS = /[ \t]{1,8}(?!-[A-Za-z-](?!(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Z])[\w-]{30})|[|>&;=:])/y;
const OPENING = /(?:\$(?=['"])|N(?='))?(\\{0,7})(["'`])/y;
const OPENING_BEGINNINGS = '$N\\"\'`';
// A connection string's way to quote, and what openssl puts in front of a password to say that it is one.
const BRACED = /\{([^{}"'\s]{4,128})\}(?=;|["']|$)/y;
const PASS_SCHEME = /pass:/y;
const LIST_OPENING = /\[(?!MASKED\])[ \t]{0,4}(?=[^\s\]"'{[])/y;
const BARE_STOP = /[\s"'`<>\x00-\x1f\x7f,;&|)}\]\\]/g;
const BARE_GOES_ON = /(?:[,;&|]+|[)}\]]+|\\)(?=[^\s"'`<>\x00-\x1f\x7f,;&|)}\]\\])/y;
const NEXT_PAIR = /[,;&|] {0,2}["']?[\w.-]{1,40}["']? {0,2}[=:]/y;
// A passphrase is words by its nature; one with a digit in it is no sentence.
const PHRASE = /(?=[^\d\r\n]{0,80}\d)[A-Za-z0-9]{2,24}(?: [A-Za-z0-9]{2,24}){1,7}(?=\s{0,4}$)/y;
const IS_SHELL_VARIABLE = /^(?:OLD)?PWD$/;
const NEXT_ARGUMENT = / {1,4}[\w.-]{1,40}=/;
const ARGUMENT_LONGEST = 1_024;
const ENTITY = '&quot;';
const CHANGE_ARROW = /[ \t]{1,4}->[ \t]{1,4}/y;

type Value = { span: Span; end: number };

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

// In text that is escaped once more, the closing quote carries as many backslashes as the opening one.
function quotedValue(line: LineIndex, start: number, quote: string, backslashes: number): Value {
  let close = line.next(quote, start);
  while (close < line.text.length && countBackslashes(line.text, close, start) > backslashes) {
    close = line.next(quote, close + 1);
  }
  if (close >= line.text.length) return { span: { start, end: line.text.length }, end: line.text.length };
  return { span: { start, end: Math.max(start, close - backslashes) }, end: close + 1 };
}

function countBackslashes(text: string, before: number, from: number): number {
  let position = before;
  while (position > from && text[position - 1] === '\\' && before - position < 8) position -= 1;
  const count = before - position;
  // An even number in front of a quote is so many escaped backslashes.
  return count % 2 === 0 ? 0 : count;
}

// A bare value goes to the next blank or quote. Commas and the like belong to it unless another pair or nothing follows.
function bareEnd(text: string, start: number): number {
  let position = start;
  while (position < text.length) {
    BARE_STOP.lastIndex = position;
    const stop = BARE_STOP.exec(text);
    if (stop === null) return text.length;
    position = stop.index;
    if (matchEnd(NEXT_PAIR, text, position) >= 0) return position;
    const goesOn = matchEnd(BARE_GOES_ON, text, position);
    if (goesOn < 0) return position;
    position = goesOn;
  }
  return position;
}

function bareValue(line: LineIndex, start: number): Value {
  const end = line.runEnd('bare-value', start, (from) => bareEnd(line.text, from));
  return { span: { start, end }, end };
}

function valueAt(
  line: LineIndex,
  at: number,
  surroundingQuote: string,
  isPhrase: boolean,
): Value & { isBare: boolean } {
  const first = line.text[at] ?? '';
  if (first === '&' && line.text.startsWith(ENTITY, at)) {
    const start = at + ENTITY.length;
    const close = line.text.slice(start, start + ARGUMENT_LONGEST).indexOf(ENTITY);
    if (close >= 0) return { span: { start, end: start + close }, end: start + close + ENTITY.length, isBare: false };
  }
  OPENING.lastIndex = at;
  const opening = OPENING_BEGINNINGS.includes(first) ? OPENING.exec(line.text) : null;
  if (opening !== null) {
    const value = quotedValue(line, OPENING.lastIndex, opening[2] ?? '"', opening[1]?.length ?? 0);
    return { ...value, isBare: false };
  }
  if (surroundingQuote !== '') {
    const close = line.next(surroundingQuote, at);
    if (close < line.text.length && close > at) {
      // One argument of several pairs, or of one whose value has blanks in it.
      const pair = NEXT_ARGUMENT.exec(line.text.slice(at, Math.min(close, at + ARGUMENT_LONGEST)));
      if (pair !== null) return { span: { start: at, end: at + pair.index }, end: at + pair.index, isBare: true };
      const backslashes = line.text[close - 1] === '\\' ? 1 : 0;
      return { span: { start: at, end: close - backslashes }, end: close, isBare: true };
    }
  }
  const words = isPhrase ? matchEnd(PHRASE, line.text, at) : -1;
  if (words >= 0) return { span: { start: at, end: words }, end: words, isBare: false };
  const braced = first === '{' ? matchEnd(BRACED, line.text, at) : -1;
  if (braced >= 0) return { span: { start: at + 1, end: braced - 1 }, end: braced, isBare: false };
  const listed = first === '[' ? matchEnd(LIST_OPENING, line.text, at) : -1;
  const scheme = first === 'p' ? matchEnd(PASS_SCHEME, line.text, at) : -1;
  return { ...bareValue(line, Math.max(at, listed, scheme)), isBare: true };
}

type Key = { start: number; text: string; before: string };

// Asked at every hit, and far cheaper than a pattern for one character.
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === UNDERSCORE;
const isOfKey = (code: number): boolean => isWord(code) || code === DOT || code === DASH;

function keyBefore(text: string, nounStart: number, nounEnd: number): Key {
  let start = nounStart;
  while (start > 0 && nounStart - start < KEY_LONGEST && isOfKey(text.charCodeAt(start - 1))) start -= 1;
  return { start, text: text.slice(start, nounEnd), before: text[start - 1] ?? '' };
}

// The separator tells `password = x`, `"password": "x"`, `--password x`, `<password>x</password>` and table cells apart.
function separatorEnd(text: string, key: Key, afterNoun: number): number {
  const beginning = text[afterNoun];
  if (beginning === undefined || !SEPARATOR_BEGINNINGS.includes(beginning)) return -1;
  const separated = matchEnd(SEPARATOR, text, afterNoun);
  if (separated >= 0) return separated;
  const isFlag =
    (key.text.startsWith('-') && !/[\w\]]/.test(key.before)) ||
    /(?:configure set|\b(?:setx|setenv|set -[a-zA-Z]{1,4})) $/.test(text.slice(Math.max(0, key.start - 14), key.start));
  const blanksEnd = matchEnd(BLANKS, text, afterNoun);
  const isSet =
    /["']/.test(text[blanksEnd] ?? '') && /(?:^|\s)set $/.test(text.slice(Math.max(0, key.start - 5), key.start));
  return isFlag || isSet ? blanksEnd : -1;
}

const isSaid = (noun: NounClass): boolean => noun === 'password' || noun === 'token';

/** The values behind the key whose last component is the noun at `start` to `end`; none, if the noun is not the last. */
export function findValues(line: LineIndex, start: number, end: number, noun: NounClass): Span[] {
  const { text } = line;
  const afterNoun = matchEnd(AFTER_NOUN, text, end);
  // Most hits are words of running text: leave before anything costs.
  if (isWord(text.charCodeAt(afterNoun))) return [];
  const key = keyBefore(text, start, end);
  // `${DB_PASSWORD:?is not set}` names one, and PWD is where a shell stands.
  if (key.before === '{' && text[key.start - 2] === '$') return [];
  if (IS_SHELL_VARIABLE.test(key.text) && /[/~]/.test(text[afterNoun + 1] ?? '/')) return [];
  const valueStart = separatorEnd(text, key, afterNoun);
  if (valueStart < 0) return isSaid(noun) ? findInSentence(line, afterNoun, noun === 'password') : [];
  const separator = text.slice(afterNoun, valueStart);
  // `/etc/passwd: …` is a path in a message, `| password | …` a table of words rather than of values.
  if (key.before === '/' && separator.includes(':')) return [];
  // `arn:aws:secretsmanager:…:secret:name` names a secret.
  if (noun === 'token' && key.before === ':' && separator === ':') return [];
  const isQuotedKey = /["']/.test(text.slice(end, afterNoun));
  const surroundingQuote = !isQuotedKey && /["']/.test(key.before) ? key.before : '';
  const isPhrase = noun === 'password' && separator.includes(':') && /phrase$/i.test(key.text);
  const value = valueAt(line, valueStart, surroundingQuote, isPhrase);
  const spans: Span[] = [];
  const isTable = separator.includes('|');
  const isProse = value.isBare && /[:| \t]/.test(separator) && !separator.includes('=');
  const accept = (span: Span): void => {
    const content = text.slice(span.start, span.end);
    const standing = { isBare: value.isBare && surroundingQuote === '', isProse };
    const looksSecret = isPlausibleSecret(content, isTable && noun === 'password' ? 'token' : noun, standing);
    if (looksSecret && span.end > span.start) spans.push(span);
  };
  accept(value.span);
  // A Terraform plan shows the old and the new value.
  const arrow = matchEnd(CHANGE_ARROW, text, value.end);
  if (arrow >= 0) accept(valueAt(line, arrow, '', false).span);
  return spans;
}
