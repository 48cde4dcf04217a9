import { NOT_A_SECRET } from './command-rules.ts';
import type { LineIndex } from './line-index.ts';
import { turnsOf } from './plausible-value.ts';
import type { Rule, Span } from './rule.ts';
import { isGenerated } from './sentence-values.ts';

const NAMES_TURN = 5;
const ENTRY = /- value: {1,4}(["']?)([^"'\s]{8,256})\1\s{0,4}$/y;

// `- value: …` in front of `name: DB_PASSWORD`: the name comes too late to help.
function findEntry(line: LineIndex, start: number): Span[] {
  ENTRY.lastIndex = start;
  const value = ENTRY.exec(line.text)?.[2] ?? '';
  // A name put together of parts changes its kind of letter less often, and has no marks.
  const isName = /[_-]/.test(value) && turnsOf(value) < NAMES_TURN && !/\w[!#$%^&*~]/.test(value);
  if (!isGenerated(value, true) || isName) return [];
  const at = line.text.indexOf(value, start + '- value:'.length);
  return [{ start: at, end: at + value.length }];
}

/** Words and forms that are nobody's syntax and name a secret all the same. */
export const WORD_RULES: readonly Rule[] = [
  {
    name: 'entry-of-a-list',
    literals: ['- value: '],
    find: findEntry,
    matches: ['- value: «Wj0yfjm!PZI8^b3H3»', '- value: «GHAsnk*oh0_0nE5»', '- value: «G4ygby-fi9cf1»'],
    leaves: ['- value: Standard_D2s_v3', '- value: eu-central-1', '- value: "3000"'],
  },
  {
    name: 'name-and-password',
    literals: ['default account', 'basic auth', 'credentials', 'sign in as ', 'log in as '],
    pattern: new RegExp(
      `((?:default account|basic auth|credentials?(?: are)?|(?:sign|log) in as):? {1,2}[\\w.@-]{1,64}(?::| ?/ ?))${NOT_A_SECRET}(?=[^\\s]{0,64}\\d)[^\\s"'<>]{6,256}`,
      'iy',
    ),
    matches: ['default account: admin:«Lupopabi586»', 'Sign in as admin / «Ikd5vb*SyU3e0»'],
    leaves: ['default account: admin', 'credentials: see https://example.com/1'],
  },
  {
    name: 'one-time-code',
    literals: ['one-time code: ', 'pin: ', 'verification code: '],
    pattern: /(?<![\w-])((?:one-time code|pin|verification code): )\d{4,8}(?!\d)/iy,
    startsWord: true,
    matches: ['one-time code: «334911»', 'PIN: «5177»'],
    leaves: ['spin: 1000', 'pin: main'],
  },
  {
    name: 'redis-auth',
    literals: ['auth '],
    pattern: new RegExp(`^(AUTH (?:[\\w-]{1,64} )?)${NOT_A_SECRET}(?=[^\\s]{0,64}\\d)[^\\s"']{8,512}$`, 'y'),
    matches: ['AUTH «e7POT2phrK87zR99»'],
    leaves: ['AUTH failed', 'auth 12345678 requests'],
  },
  {
    name: 'password-behind-a-percent',
    literals: ['smbclient '],
    pattern: new RegExp(`(smbclient [^|;&]{0,200}? -U ["']?[\\w.@\\\\-]{1,64}%)${NOT_A_SECRET}[^\\s"']{1,256}`, 'y'),
    matches: ["smbclient //host/share -U 'demo%«hunter2»'"],
    leaves: ['smbclient //host/share -U demo'],
  },
  {
    name: 'oracle-login',
    literals: ['sqlplus '],
    pattern: new RegExp(
      `(sqlplus (?:-[A-Za-z]{1,8} ){0,4}["']?[\\w$#]{1,64}/)${NOT_A_SECRET}[^\\s"'@]{1,128}(?=@)`,
      'iy',
    ),
    matches: ['sqlplus demo/«hunter2»@db.internal/ORCL'],
    leaves: ['sqlplus / as sysdba'],
  },
  {
    name: 'password-of-sudo',
    literals: ['sudo -S'],
    pattern: new RegExp(`(sudo -S(?: -[A-Za-z]{1,8}){0,4} <<< {0,4}["']?)${NOT_A_SECRET}[^\\s"']{1,256}`, 'y'),
    matches: ['sudo -S <<< «hunter2» apt-get update'],
    leaves: ['sudo -S apt-get update'],
  },
  {
    name: 'twilio-key',
    literals: Array.from('0123456789abcdef', (digit) => `SK${digit}`),
    pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/y,
    startsWord: true,
    matches: [['Read «S', 'K40d5cf78842c80fbf740d2bc34a72229» from the store'].join('')],
    leaves: ['task3 on disk1'],
  },
];
