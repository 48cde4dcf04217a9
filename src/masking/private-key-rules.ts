import type { LineIndex } from './line-index.ts';
import { pieces, type Rule, type Span } from './rule.ts';

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const END = '-----END';
const BODY = /(?:[A-Za-z0-9+/=:,.-]|\\{1,4}[nrt/]|[ \t]){1,65536}/y;

/** Where the body of a private key begins, if its first line begins at `start`; else -1. */
export function privateKeyBody(text: string, start: number): number {
  BEGIN.lastIndex = start;
  return BEGIN.test(text) ? BEGIN.lastIndex : -1;
}

// On one line a key has its newlines escaped or turned into blanks. Without an end, what follows must look like base64.
function findPrivateKey(line: LineIndex, start: number): Span[] {
  const body = privateKeyBody(line.text, start);
  if (body < 0) return [];
  const end = endMarker(line, body);
  const content = line.text
    .slice(body, end < 0 ? body + 64 : Math.min(end, body + 64))
    .replace(/^(?:\\{1,4}[nrt]|[ \t])+/, '');
  if (content === '' || content.startsWith('[MASKED]') || (end < 0 && !/^[A-Za-z0-9+/=]{16}/.test(content))) return [];
  return [{ start: body, end: end < 0 ? bodyEnd(line.text, body) : end }];
}

function endMarker(line: LineIndex, from: number): number {
  // One look-up serves all beginnings on the line: what stands between two of them cannot be a key.
  let dash = line.next('-', from);
  while (dash < line.text.length && !line.text.startsWith(END, dash)) {
    if (line.text.startsWith('-----BEGIN', dash)) return -1;
    dash = line.next('-', dash + 1);
  }
  return dash < line.text.length ? dash : -1;
}

function bodyEnd(text: string, from: number): number {
  BODY.lastIndex = from;
  return BODY.test(text) ? BODY.lastIndex : from;
}

const BASE64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';

/** Private keys that stand on one line; those over several lines are followed by `multi-line.ts`. */
export const PRIVATE_KEY_RULES: readonly Rule[] = [
  {
    // RFC 7468, RFC 4716 and OpenPGP armour.
    name: 'private-key-on-one-line',
    literals: ['-----BEGIN '],
    find: findPrivateKey,
    matches: [
      pieces(
        '"-----BEGIN RSA PRIV',
        'ATE KEY-----«\\n',
        BASE64,
        '\\n',
        BASE64,
        '\\n»-----END RSA PRIVATE KEY-----\\n"',
      ),
      pieces('key: -----BEGIN PRIV', 'ATE KEY-----« ', BASE64, ' ', BASE64, '»'),
    ],
    leaves: [
      pieces('-----BEGIN PRIV', 'ATE KEY-----'),
      pieces('a -----BEGIN PRIV', 'ATE KEY----- header was found'),
      '-----BEGIN CERTIFICATE-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END CERTIFICATE-----',
      '-----BEGIN PUBLIC KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PUBLIC KEY-----',
    ],
  },
];
