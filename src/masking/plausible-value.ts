import type { NounClass } from './secret-nouns.ts';

const TOKEN_MINIMUM = 8;
const CERTAIN_LENGTH = 20;
const LOOKED_AT = 512;
const WORDS_LONGEST = 80;

// What stands where a secret could stand and is none, whatever the key.
const never = (patterns: readonly RegExp[], flags: string): RegExp =>
  new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), flags);

const NEVER = never(
  [
    /^$/,
    /^\[MASKED\]/,
    // The headers of a key stay visible; its body is found by itself.
    /^-----(?:BEGIN|END)(?: |$)/,
    /^[([{]/,
    /^<[^>]{0,200}>?$/,
    /^\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|[@*#?!$0-9])$/,
    /^\$[({]/,
    /^%[A-Za-z_]{1,64}%$/,
    /^[*•.xX?_-]{1,64}$/,
    /^(?:var|local|data|module|each|self|path|env|secrets|inputs|vars|steps|matrix|github|process\.env|os\.environ|config)\./,
    /^[a-z][a-z0-9]{0,40}_[a-z0-9_]{1,80}\.[\w-]{1,80}(?:\[[^\]]{0,40}\])?(?:\.[\w[\]]{1,80})*$/,
    /^(?:id|type|name|source|src|from|arn)[=:]/,
    /^!(?:Ref|Sub|GetAtt)\b/,
    /^~$/,
    /^[\d.]{1,12}(?:ms|s|m|h|d|[KMG]i?B?)?$/,
  ],
  '',
);
const NEVER_IN_ANY_CASE = never(
  [
    /^(?:true|false|null|nil|none|undefined|yes|no|on|off|n\/a|unset|unknown|empty|redacted|sensitive|masked|hidden)$/,
    /^(?:arn|urn|vault|ssm|op|sops|file|s3|ref):/,
  ],
  'i',
);
const isNever = (value: string): boolean => NEVER.test(value) || NEVER_IN_ANY_CASE.test(value);

// Cut at a blank, so perhaps without its end; in quotes it is a text like any other.
const CALL = /^\w{1,40}\([^)]{0,80}\)?$/;

const PATH = /^(?:\.{0,2}|~|[A-Za-z]:)[/\\][\w./\\ @-]{0,256}$/;
const PLAIN_ADDRESS = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;
const WORDS = /^(?:[a-z]+|[A-Z]?[a-z]{1,20})(?:[-_./:][a-z]{1,20}|[-_./:][a-z0-9]{1,5})*$/;

// Words that follow `password:` in messages. A password can be such a word, and then nothing is lost by showing it.
const PROSE = new Set(
  (
    'a an and any password passwd passphrase secret token are as at authentication authenticator autocomplete be been beginning by can cannot change changed check could created default deleted ' +
    'disabled does enabled enter error expected expired expires failed failure field file for found from generated generating given has have if in incorrect ' +
    'input invalid is it its length less longer match may minimum mismatch missing must needs new not of ok old only optional or permission please policy prompt ' +
    'provided read required reset retrieved rotated rotation rotating saved set shorter should stored string string? strong succeeded success successfully ' +
    'text the this to too unchanged unexpected updated updating use used user using valid value verified via was weak when will with wrong you your'
  ).split(' '),
);

const ENCODED = /^[A-Za-z0-9+/]{20,}={0,2}$/;
const TURNS_OF_CODE = 7;

/** How often a word changes from one kind of character to another: what a machine made does so all the time. */
export function turnsOf(value: string): number {
  return value.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
}

/** Base64 that happens to begin as a path does. */
export function isEncoded(value: string): boolean {
  return ENCODED.test(value) && turnsOf(value) >= TURNS_OF_CODE;
}

function isPath(value: string): boolean {
  return PATH.test(value) && !isEncoded(value);
}

function isNumber(value: string): boolean {
  return /^\d{1,3}$/.test(value);
}

/** How a value stands there: without quotes around it, and behind a separator that running text has as well. */
export type Standing = { readonly isBare: boolean; readonly isProse: boolean };

/**
 * Decides whether `value`, found behind a key whose noun has the given class, is taken for a secret. Placeholders,
 * references and switches never are; shape counts only where the key alone does not say enough.
 */
export function isPlausibleSecret(value: string, noun: NounClass, { isBare, isProse }: Standing): boolean {
  const seen = value.slice(0, LOOKED_AT);
  if (isBare && CALL.test(seen)) return false;
  if (noun === 'any')
    return !/^$|^\[MASKED\]|^[a-z_]+\(|^\$[A-Z_({]|^<|^[a-z_]+\.|^file:|^\((?:sensitive|known)/.test(seen);
  if (noun === 'password') return isPlausiblePassword(seen, isProse);
  if (isNever(seen)) return false;
  const isLong = value.length >= CERTAIN_LENGTH;
  const isRandom = /\d/.test(seen) && (/[a-z]/i.test(seen) || value.length >= TOKEN_MINIMUM * 2);
  if (noun === 'key') return (isLong || isRandom) && value.length >= TOKEN_MINIMUM;
  if (isPath(seen) || PLAIN_ADDRESS.test(seen)) return false;
  if (/\[MASKED|\*{3,}/.test(seen)) return false;
  if (value.length <= WORDS_LONGEST && WORDS.test(seen) && !/^[a-z0-9]{16,}$/i.test(seen)) return false;
  return isLong || (isRandom && value.length >= TOKEN_MINIMUM);
}

function isPlausiblePassword(value: string, isProse: boolean): boolean {
  if (isNumber(value)) return false;
  // All digits and all marks are refused as tokens, but people do use them as passwords.
  const isDigits = /^\d{4,}$/.test(value);
  if (!isDigits && isNever(value)) return false;
  if (/^[*•.]+$/.test(value)) return false;
  if (isPath(value) && /[/\\][^/\\]*[/\\]|^\.{1,2}[/\\]|^~/.test(value)) return false;
  if (/\[MASKED\]?$/.test(value) && value.length < 16) return false;
  return !(isProse && PROSE.has(value.toLowerCase().replace(/[.,;:!?)]+$/, '')));
}
