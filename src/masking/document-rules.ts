import type { LineIndex } from './line-index.ts';
import { pieces, type Rule, type Span } from './rule.ts';
import { MASK } from './spans.ts';

const SAMPLE = 'Zx9Kq2Lm7Rt4Wv8Yb3Nc6Pd1Hf5Jg0Sa';

// RFC 7518 section 6: what is private of a key, and the whole of a symmetric one.
const JWK_MEMBER = /"(?:d|p|q|dp|dq|qi|k)"\s{0,2}:\s{0,2}"([\w-]{10,4096})"/g;
// A Terraform output that says of itself that it is a secret, in `output -json` on one line.
const SENSITIVE_OUTPUT = /"sensitive"\s?:\s?true[^{}]{0,200}?"value"\s?:\s?"((?:[^"\\]|\\.){1,8192})"/g;

function findAll(topic: string, pattern: RegExp): (line: LineIndex) => readonly Span[] {
  return (line) => {
    if (!line.once(topic)) return [];
    return [...line.text.matchAll(pattern)].flatMap((match) => {
      const content = match[1] ?? '';
      const end = match.index + match[0].length - 1;
      return content === MASK ? [] : [{ start: end - content.length, end }];
    });
  };
}

/** Secrets that the form of a whole document tells: keys as JSON, statements of SQL, outputs of Terraform. */
export const DOCUMENT_RULES: readonly Rule[] = [
  {
    name: 'json-web-key',
    literals: ['"kty"'],
    find: findAll('json-web-key', JWK_MEMBER),
    matches: [
      pieces('{"kty":"EC","crv":"P-256","x":"', SAMPLE, '","y":"', SAMPLE, '","d":"«', SAMPLE, '»"}'),
      pieces('{"k":"«', SAMPLE, '»","kty":"oct"}'),
    ],
    leaves: [pieces('{"kty":"RSA","n":"', SAMPLE, '","e":"AQAB"}')],
  },
  {
    name: 'sensitive-output',
    literals: ['"sensitive"'],
    find: findAll('sensitive-output', SENSITIVE_OUTPUT),
    matches: ['{"x":{"sensitive":true,"type":"string","value":"«hunter2»"},"y":{"sensitive":false,"value":"eu"}}'],
    leaves: ['{"x":{"sensitive":false,"type":"string","value":"eu"},"y":{"sensitive":true,"value":["a"]}}'],
  },
  {
    // MySQL, MariaDB and Oracle; PostgreSQL's `PASSWORD '…'` is a matter of the key-value rule.
    name: 'sql-identified-by',
    literals: ['identified by ', 'identified with '],
    pattern: /(identified (?:with ["'\w]{1,40} )?by (?:password )?["'])(?!\[MASKED\])[^"'\r\n]{1,256}(?=["'])/iy,
    matches: ["CREATE USER 'demo'@'%' IDENTIFIED BY '«hunter2»';"],
    leaves: ['rows are identified by their id'],
  },
  {
    // An Azure storage key: 64 bytes in base64.
    name: 'azure-storage-key',
    literals: ['"value"'],
    pattern: /("value"\s{0,2}:\s{0,2}")[A-Za-z0-9+/]{86}==(?=")/y,
    matches: [pieces('    "value": "«', SAMPLE, SAMPLE, SAMPLE.slice(0, 22), '==»"')],
    leaves: ['    "value": "eu-central-1"'],
  },
  {
    // Composer's auth.json and the like: a secret by the host that it is for.
    name: 'token-by-host',
    literals: ['-token": {', '-token":{', '-oauth": {', '-oauth":{', '"bearer": {', '"bearer":{'],
    pattern: /((?:(?:-token|-oauth)|"bearer)": ?\{\s{0,8}"[\w.-]{1,253}"\s?:\s?")(?!\[MASKED\])[^"\s]{8,512}(?=")/iy,
    matches: [pieces('{"gitlab-token": {"gitlab.com": "«', SAMPLE, '»"}}')],
    leaves: ['{"gitlab-token": {}}'],
  },
];
