import { NOT_A_SECRET } from './command-rules.ts';
import type { LineIndex } from './line-index.ts';
import type { Span } from './rule.ts';
import { isGenerated } from './sentence-values.ts';
import { MASK } from './spans.ts';

const LOOKED_BACK = 400;

// Whatever key it gets: a secret of Kubernetes is made of nothing but secrets.
const LITERAL = new RegExp(`--from-literal[= ]["']?[\\w.-]{1,253}=["']?(${NOT_A_SECRET}[^\\s"'\`<>]{1,4096})`, 'y');

/** Values of `--from-literal` for a secret of Kubernetes. */
export function findSecretLiteral(line: LineIndex, start: number): Span[] {
  if (!/ secret /.test(line.text.slice(Math.max(0, start - LOOKED_BACK), start))) return [];
  LITERAL.lastIndex = start;
  const value = LITERAL.exec(line.text)?.[1];
  return value === undefined ? [] : [{ start: LITERAL.lastIndex - value.length, end: LITERAL.lastIndex }];
}

const PIPED =
  /(?:echo|printf)(?: -[ne]{1,2})?(?: ["']%s(?:\\n)?["'])? (["']?)((?!\$|\[MASKED\]|<)[^"'|\s]{4,512})\1 {0,2}\| {0,2}[^|;&]{0,200}$/;

/** What is echoed into a command that reads a password. */
export function findPiped(line: LineIndex, start: number): Span[] {
  const from = Math.max(0, start - LOOKED_BACK);
  const match = PIPED.exec(line.text.slice(from, start));
  if (match === null) return [];
  const value = match[2] ?? '';
  const at = from + match.index + match[0].indexOf(value);
  return [{ start: at, end: at + value.length }];
}

const ECHOED = /\+ echo (["']?)([^"'\s]{8,128})\1\s{0,4}$/y;

/** A generated word that a shell shows itself echoing. */
export function findEchoed(line: LineIndex, start: number): Span[] {
  ECHOED.lastIndex = start;
  const match = ECHOED.exec(line.text);
  const value = match?.[2] ?? '';
  if (match === null || !isGenerated(value, true)) return [];
  const at = start + match[0].indexOf(value);
  return [{ start: at, end: at + value.length }];
}

const PROMPTED = /enter a value: {1,4}([^\s"']{6,512})\s{0,4}$/iy;

/** What somebody answered when he was asked for a value. */
export function findPrompted(line: LineIndex, start: number): Span[] {
  PROMPTED.lastIndex = start;
  const value = PROMPTED.exec(line.text)?.[1] ?? '';
  const at = line.text.indexOf(value, start + 'enter a value:'.length);
  return isGenerated(value, true) ? [{ start: at, end: at + value.length }] : [];
}

// The form of .pgpass, https://www.postgresql.org/docs/current/libpq-pgpass.html
const PGPASS_HEAD = /^[\w.*-]{1,253}$/;
const PGPASS_TAIL = /:(?:5432|6432|\*):[\w*.-]{1,64}:[\w*.-]{1,64}:/y;

/** The password of a line of `.pgpass`. */
export function findPgpass(line: LineIndex, start: number): Span[] {
  if (start > 253 || !PGPASS_HEAD.test(line.text.slice(0, start))) return [];
  PGPASS_TAIL.lastIndex = start;
  if (!PGPASS_TAIL.test(line.text)) return [];
  const at = PGPASS_TAIL.lastIndex;
  const end = line.wordEnd(at);
  return end > at && !line.text.startsWith(MASK, at) ? [{ start: at, end }] : [];
}

// Go's MySQL driver has its address in brackets: user:password@tcp(host:port)/database.
const PASSWORD_LONGEST = 128;

/** The password in front of the address of Go's MySQL driver. */
export function findBeforeAddress(line: LineIndex, start: number): Span[] {
  let at = start;
  while (start - at < PASSWORD_LONGEST && at > 0 && !/[\s:@"']/.test(line.text[at - 1] ?? '')) at -= 1;
  const isValue = at < start && line.text[at - 1] === ':' && /[\w.-]/.test(line.text[at - 2] ?? '');
  return isValue && !line.text.startsWith(MASK, at) ? [{ start: at, end: start }] : [];
}

const PIPED_USERS = /["'][\w.@-]{1,64}:((?!\$|\[MASKED\])[^"'\s]{1,256})["'] {0,2}\| {0,2}(?:sudo )?$/;
const GIVEN_USERS = /chpasswd {1,4}<<< {0,4}["']?[\w.@-]{1,64}:((?!\$|\[MASKED\])[^"'\s]{1,256})/y;
const HASHED_USER =
  /htpasswd (?:-[A-Za-z]{0,8}b[A-Za-z]{0,8})(?: [^\s-]\S{0,255})? [\w.@-]{1,64} ["']?((?!\$|\[MASKED\])[^"'\s]{1,256})["']?\s{0,4}$/y;

/** The password that `chpasswd` or `htpasswd` is given. */
export function findUserPassword(line: LineIndex, start: number): Span[] {
  const piped = PIPED_USERS.exec(line.text.slice(Math.max(0, start - LOOKED_BACK), start));
  if (piped !== null) {
    const at = start - piped[0].length + piped[0].indexOf(':') + 1;
    return [{ start: at, end: at + (piped[1]?.length ?? 0) }];
  }
  for (const pattern of [GIVEN_USERS, HASHED_USER]) {
    pattern.lastIndex = start;
    const match = pattern.exec(line.text);
    const value = match?.[1] ?? '';
    const at = match === null ? -1 : start + match[0].lastIndexOf(value);
    if (at >= 0) return [{ start: at, end: at + value.length }];
  }
  return [];
}
