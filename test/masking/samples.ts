import fc from 'fast-check';

/** A runner's prefix; `flag` is `+` where the line continues the one before it. */
export function stamp(flag: ' ' | '+' = ' ', stream = '01O'): string {
  return `2026-11-20T09:01:35.140026Z ${stream}${flag}`;
}

export const SECRET_KEY = ['wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'].join('');
export const KEY_ID = ['AK', 'IAIOSFODNN7EXAMPLE'].join('');
export const PERSONAL_TOKEN = ['gl', 'pat-', 'Zx9Kq2Lm7Rt4Wv8Yb3Nc'].join('');
export const JWT = ['ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.Zx9Kq2Lm7Rt4Wv8Yb3Nc'].join('');
export const KEY_BEGIN = ['-----BEGIN RSA PRIV', 'ATE KEY-----'].join('');
export const KEY_END = ['-----END RSA PRIV', 'ATE KEY-----'].join('');
export const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7Zx9Kq2Lm7Rt4';

/** Things that meet in traces, in the smallest parts in which they matter. */
const FRAGMENTS = [
  '\n',
  '\n',
  '\n',
  '\r',
  ' ',
  '  ',
  '"',
  "'",
  '\\',
  '\\"',
  ',',
  '=',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '@',
  '://',
  '-----',
  '.',
  '\t',
  '名',
  '🙂',
  '[MASKED]',
  '[MASK',
  '(sensitive value)',
  ['$', '{VAR}'].join(''),
  stamp(),
  stamp('+'),
  `\n${stamp()}`,
  `\n${stamp('+')}`,
  '\x1b[0m',
  '\x1b[31;1m',
  '\x1b[0K',
  '\x1b',
  '\x1b]8;;',
  '\x1b\\',
  '\x07',
  'section_start:1795165295:step_script\r\x1b[0K',
  'section_end:1795165295:step_script\r\x1b[0K',
  SECRET_KEY,
  KEY_ID,
  PERSONAL_TOKEN,
  JWT,
  KEY_BEGIN,
  KEY_END,
  KEY_LINE,
  `${KEY_BEGIN}\n`,
  `${KEY_LINE}\n`,
  '\\n',
  'password',
  'DB_PASSWORD=',
  '"password":',
  'token',
  'secret_key',
  'aws_secret_access_key = ',
  'Authorization: Bearer ',
  'PRIVATE-TOKEN: ',
  'Cookie: a=b',
  '--password ',
  'postgres://demo:hunter2@db.internal/demo',
  'jane@example.com',
  'hunter2',
  'kind: Secret\n',
  'data:\n',
  '  key: aHVudGVyMg==\n',
  'name: DB_PASSWORD\n',
  'value: hunter2\n',
  'password: |\n',
  '    block\n',
  'token = <<EOF\n',
  'EOF\n',
  'known-value-1',
  '"sensitive": true,\n',
  '  "value": "X9q#kLm2pR"\n',
  '"kty": "EC",\n',
  '  "d": "X9qkLm2pRtVw",\n',
  'Private-Lines: 2\n',
  'password:\n',
  'The password is ',
  'new password for admin: ',
  '  "X9q#kLm2pR"\n',
  'X9q#kLm2pR',
  ' -> null',
  '密码：',
  '&quot;',
  'pass:',
  '+ echo ',
  "IDENTIFIED BY '",
  '- value: ',
  ' | docker login --password-stdin',
  'Passphrase: two words 99',
  'admin:',
  ' to ',
  '@tcp(',
  'module.eks.aws_eks_cluster.this[0]: Creating...',
];

/** Traces put together from such parts. */
export const traces: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 })
  .map((parts) => parts.join(''));

/** A text and a way to cut it. */
export const cutTraces: fc.Arbitrary<{ text: string; chunks: string[] }> = traces.chain((text) =>
  fc
    .array(fc.nat({ max: Math.max(0, text.length) }), { maxLength: 30 })
    .map((cuts) => ({ text, chunks: cutAt(text, cuts) })),
);

/** Cuts a text at the given positions. */
export function cutAt(text: string, cuts: readonly number[]): string[] {
  const borders = [0, ...cuts.toSorted((a, b) => a - b), text.length];
  return borders.slice(1).map((border, position) => text.slice(borders[position], border));
}
