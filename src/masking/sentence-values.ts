import type { LineIndex } from './line-index.ts';
import { isEncoded } from './plausible-value.ts';
import type { Span } from './rule.ts';

// Words that may stand between what a secret is called and the secret: "password for admin is …", "senha_do_banco: …".
const WORDS = "(?:[ _][\\p{L}][\\p{L}\\p{N}@._’'-]{0,40}){0,6}?";
const VERB = '(?:is|was|are|to|from|with|lautet|ist|est|è|é|es)';
const LEAD = new RegExp(`${WORDS}(?: ${VERB})?(?: ?[:：=] {0,4}| (?=["'\`]))|${WORDS} ${VERB} `, 'iuy');

// What neither a lead nor a property can begin with needs no pattern.
const LEAD_BEGINNINGS = ' _:：=';

const LEAD_LONGEST = 260;
// Where a lead could end. Looked for once for all the nouns in front of it, or a line of nothing but nouns takes long.
const CANDIDATE = new RegExp(`[:：="'\`]|[ _]${VERB} `, 'giu');

function candidateAt(line: LineIndex, from: number): number {
  return line.runEnd('lead', from, (start) => {
    CANDIDATE.lastIndex = start;
    return CANDIDATE.exec(line.text)?.index ?? line.text.length;
  });
}

// A property of a password is no password.
const PROPERTY =
  /^[ _](?:policy|length|hash|hashing|file|path|name|version|expir\w{0,8}|rotation|id|arn|type|encryption|authentication|algorithm|field|manager|reset|strength|age|min\w{0,5}|max\w{0,5}|count|url|generator|store|prompt|data|secret_name|and|or)\b/i;
const ALGORITHM = /^(?:sha|md|scram|aes|argon|bcrypt|pbkdf|utf|rsa|hmac|base|oauth)[-_]?\w{0,4}(?:[-_]\w{1,8}){0,3}$/i;
const VERSION = /^v?\d{1,5}(?:\.\d{1,5}){0,4}(?:[-+]\w{1,12})?$/i;
const DATE = /^\d{2,4}[-/.:]\d{2}/;
// Angle brackets are marks that a password may have.
const WORD = /[^\s"'`]*/y;
const WORD_LONGEST = 512;
// What a word is like shows at its beginning.
const LOOKED_AT = 128;
const BLANKS = /^ +/;
const BLANKS_LONGEST = 40;
const SHORTEST = 6;
const UNUSUAL_LENGTH = 12;
const LONG = 20;
const FLAG = /^-{1,2}[\w-]*(?:=|$)/;
const MARK = /[!#$%^&*+=~@?]/;

/**
 * Whether a word of running text looks as if a machine had made it: letters and digits or marks, which no usual word has.
 * `isSure` asks for more, where nothing but a blank is in front of it.
 */
export function isGenerated(word: string, isSure: boolean): boolean {
  const value = word.slice(0, LOOKED_AT);
  // A flag of a command is none.
  if (value.length < SHORTEST || FLAG.test(value) || ALGORITHM.test(value) || VERSION.test(value) || DATE.test(value))
    return false;
  const [hasLower, hasUpper, hasDigit] = [/\p{Ll}/u.test(value), /\p{Lu}/u.test(value), /\d/.test(value)];
  const hasMark = MARK.test(value);
  if (/^(?:[[({<$%]|https?:|\/|\.{1,2}\/)/.test(value) && !isEncoded(value)) return false;
  if (isSure) return hasDigit && (hasMark ? hasLower || hasUpper : hasLower && hasUpper);
  if (hasDigit) return hasLower || hasUpper || value.length >= LONG;
  const turns = value.match(/[a-z][A-Z]/g)?.length ?? 0;
  return (hasMark && hasLower && hasUpper) || (value.length >= UNUSUAL_LENGTH && turns >= 3);
}

function valueIn(line: LineIndex, at: number): Span {
  const quote = line.text[at] ?? '';
  if (/["'`]/.test(quote)) {
    const close = line.next(quote, at + 1);
    if (close < line.text.length) return { start: at + 1, end: close };
  }
  const wordEnd = line.runEnd('sentence-word', at, (from) => {
    WORD.lastIndex = from;
    WORD.test(line.text);
    return WORD.lastIndex;
  });
  const end = Math.min(wordEnd, at + WORD_LONGEST);
  const tail = /[.,;:!?)]{1,3}$/.exec(line.text.slice(Math.max(at, end - 3), end));
  return { start: at, end: end - (tail?.[0].length ?? 0) };
}

// "changed from … to …"
function changedTo(line: LineIndex, end: number): Span[] {
  if (!line.text.startsWith(' to ', end)) return [];
  const span = valueIn(line, end + 4);
  return isGenerated(line.text.slice(span.start, span.end), false) ? [span] : [];
}

/**
 * The secret that running text names behind a noun such as "password", if what stands there looks generated: "Your
 * password is …", "password \`…\` was written". A weak word in a sentence cannot be told from the others.
 */
export function findInSentence(line: LineIndex, afterNoun: number, isPassword: boolean): Span[] {
  const { text } = line;
  const beginning = text[afterNoun];
  if (beginning === undefined || !LEAD_BEGINNINGS.includes(beginning)) return [];
  if (PROPERTY.test(text.slice(afterNoun, afterNoun + 24))) return [];
  LEAD.lastIndex = afterNoun;
  const candidate = candidateAt(line, afterNoun);
  if (candidate < text.length && candidate - afterNoun <= LEAD_LONGEST && LEAD.test(text)) {
    const span = valueIn(line, LEAD.lastIndex);
    if (isGenerated(text.slice(span.start, span.end), !isPassword)) return [span, ...changedTo(line, span.end)];
  }
  const blanks = BLANKS.exec(text.slice(afterNoun, afterNoun + BLANKS_LONGEST))?.[0].length ?? 0;
  if (blanks === 0) return [];
  const span = valueIn(line, afterNoun + blanks);
  return isGenerated(text.slice(span.start, span.end), true) && (isPassword || span.end - span.start >= LONG)
    ? [span]
    : [];
}
