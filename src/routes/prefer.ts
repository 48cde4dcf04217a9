/** Longer than this no read is held: the gateway in front gives up after 29 s. */
export const LONGEST_WAIT_SECONDS = 25;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

/** RFC 7240 section 2: a name, and perhaps a value that is a token or a quoted string. */
const PREFERENCE = new RegExp(`^(${TOKEN})(?:[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?$`);

const DELTA_SECONDS = /^[0-9]+$/;

/** Splits where the separator stands outside quotes; in one pass, because a stranger chooses the text. */
const splitUnquoted = (text: string, separator: ',' | ';'): readonly string[] => {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    // What follows a backslash in quotes stands for itself.
    else if (character === '\\' && isQuoted) at += 1;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
};

interface Preference {
  readonly name: string;
  readonly value: string;
}

/** Without its parameters, none of which means anything to us; null for what is no preference. */
const preferenceOf = (element: string): Preference | null => {
  const [text = ''] = splitUnquoted(element, ';');
  const match = PREFERENCE.exec(text.trim());
  if (match?.[1] === undefined) return null;
  return { name: match[1].toLowerCase(), value: match[2] ?? match[3]?.replaceAll(/\\(.)/g, '$1') ?? '' };
};

/**
 * How many seconds a client is willing to wait (RFC 7240 section 4.3), at most `LONGEST_WAIT_SECONDS`; 0 when it did
 * not say. A preference is no demand, so what cannot be understood is ignored and never an error; of several only the
 * first counts. Node joins several header fields with commas, which is what the list is.
 */
export const waitSecondsOf = (prefer: string | undefined): number => {
  if (prefer === undefined) return 0;
  const wait = splitUnquoted(prefer, ',')
    .map(preferenceOf)
    .find((preference) => preference?.name === 'wait');
  if (wait == null || !DELTA_SECONDS.test(wait.value)) return 0;
  return Math.min(Number(wait.value), LONGEST_WAIT_SECONDS);
};
