import { privateKeyBody } from './private-key-rules.ts';
import { isSecretName } from './secret-nouns.ts';
import { MASK } from './spans.ts';

/** What an earlier line says about the ones behind it. Every block ends after `linesLeft` lines at the latest. */
export type Block =
  | { kind: 'none' }
  | { kind: 'private-key'; before: string; linesLeft: number }
  | { kind: 'json-web-key'; linesLeft: number }
  | { kind: 'value-below'; indent: number; linesLeft: number }
  | { kind: 'word-below'; linesLeft: number }
  | { kind: 'indented'; indent: number; linesLeft: number }
  | { kind: 'heredoc'; terminator: string; linesLeft: number }
  | { kind: 'value-of-name'; linesLeft: number };

export const NO_BLOCK: Block = { kind: 'none' };

// A 16384-bit RSA key has 200 lines of 64 characters; heredocs and block scalars of secrets are shorter.
const BLOCK_LINES = 200;
// A name, its type, its value; a value in a line of its own; the members of a key as JSON.
const NAME_LINES = 3;
const VALUE_LINES = 1;
const WORD_LINES = 2;
const MEMBER_LINES = 14;
const OPENER_LONGEST = 512;

const BEGIN = '-----BEGIN ';
const BEFORE_LINES = /^[\w.[\]() /-]{0,64}(?:[|:>]) {1,4}$/;
const END = '-----END ';
const BLOCK_SCALAR = /^(\s*(?:- )?)["']?([\w.-]{1,128})["']?:\s+[|>][+-]?\d?[+-]?\s*$/;
const HEREDOC = /([\w.-]{1,128})["']?\s*(?:=\s*|:\s*)?<<[-~]?\s*["']?([A-Za-z_]\w{0,40})["']?\s*$/;
const NAMED =
  /^[\s\-+~{]*["']?(?:name|key|parameterkey|variable)["']?\s*[:=]\s*["']?([\w./-]{1,128})["']?(?:\s+->\s+null)?\s*,?\s*$/i;
const SENSITIVE = /^\s*"sensitive"\s*:\s*true\s*,?\s*$/;
const KEY_TYPE = /^\s*"kty"\s*:\s*"\w{2,4}"\s*,?\s*$/;
const KEY_ALONE = /^(\s*(?:- )?)["']?([\w.-]{1,128})["']?:\s*$/;
// What announces a password at its end, as installers do.
const ANNOUNCED = /^(?:[^:]{0,80}\b)?(?:password|passphrase)\b(?:[^:]{0,100}:\s*$|\s*$)/i;
// PuTTY says how many lines the private part of its file has.
const PRIVATE_LINES = /^\s*Private-Lines: \d{1,3}\s*$/;
/** A line without these begins no wrapped base64 of a key. */
export const ENCODED_KEY_TRIGGERS = ['LS0tLS1CRUdJTi', 'Private-Lines'];

const BASE64_TO_THE_END = /LS0tLS1CRUdJTi[A-Za-z0-9+/=]{24,}$/;
const BASE64_PRIVATE_KEY = /LS0tLS1CRUdJTi(?:BQUklW|BSU0Eg|BFQyBQ|BPUEVO|BFTkNS|BEU0Eg)/;

// What stands in front of the header stands in front of every line: the name of a container, of a stream.
function beforeKey(text: string): string {
  const before = text.slice(0, Math.max(0, text.lastIndexOf(BEGIN)));
  return BEFORE_LINES.test(before) ? before : '';
}

function opensPrivateKey(text: string): boolean {
  const begin = text.lastIndexOf(BEGIN);
  if (begin < 0 || text.indexOf(END, begin) >= 0) return false;
  const body = privateKeyBody(text, begin);
  if (body < 0) return false;
  // Behind the header there is nothing, or the first part of the key: anything else only mentions a header.
  return /^(?:\\+[nr]|["'\s│])*(?:[A-Za-z0-9+/=]{16}|$)/.test(text.slice(body, body + OPENER_LONGEST));
}

// `base64` wraps its output, so that only the first line shows what it is.
function opensEncodedKey(text: string): boolean {
  if (!text.includes('LS0tLS1CRUdJTi')) return false;
  return BASE64_TO_THE_END.test(text.slice(-OPENER_LONGEST).trimEnd()) && BASE64_PRIVATE_KEY.test(text);
}

function heredoc(text: string): Block {
  const opener = text.includes('<<') ? HEREDOC.exec(text.slice(-OPENER_LONGEST)) : null;
  if (opener === null || !isSecretName(opener[1] ?? '')) return NO_BLOCK;
  return { kind: 'heredoc', terminator: opener[2] ?? '', linesLeft: BLOCK_LINES };
}

/** The block that a line opens for those behind it. */
export function openedBlock(text: string): Block {
  if (text === '') return NO_BLOCK;
  const document = heredoc(text);
  if (document.kind !== 'none') return document;
  if (opensPrivateKey(text) || opensEncodedKey(text)) {
    return { kind: 'private-key', before: beforeKey(text), linesLeft: BLOCK_LINES };
  }
  if (text.length > OPENER_LONGEST) return NO_BLOCK;
  if (PRIVATE_LINES.test(text)) return { kind: 'private-key', before: '', linesLeft: BLOCK_LINES };
  if (SENSITIVE.test(text)) return { kind: 'value-of-name', linesLeft: NAME_LINES };
  if (KEY_TYPE.test(text)) return { kind: 'json-web-key', linesLeft: MEMBER_LINES };
  const alone = KEY_ALONE.exec(text);
  if (alone !== null && isSecretName(alone[2] ?? '')) {
    return { kind: 'value-below', indent: (alone[1] ?? '').length, linesLeft: VALUE_LINES };
  }
  // A mask is shorter than what it stands for, and must not let a line begin something that it did not before.
  if (!text.includes(MASK) && ANNOUNCED.test(text)) return { kind: 'word-below', linesLeft: WORD_LINES };
  const scalar = BLOCK_SCALAR.exec(text);
  if (scalar !== null && isSecretName(scalar[2] ?? '')) {
    return { kind: 'indented', indent: (scalar[1] ?? '').length, linesLeft: BLOCK_LINES };
  }
  const named = NAMED.exec(text);
  if (named !== null && isSecretName(named[1] ?? '')) return { kind: 'value-of-name', linesLeft: NAME_LINES };
  return NO_BLOCK;
}
