import { fillTemplate, kept, made, open, type Part, type Sample, secret } from './family.ts';
import { fill, type Random } from './random.ts';
import { timestamp } from './traces.ts';
import { VALUES } from './values.ts';

const draw = (random: Random, name: string): string => VALUES[name]?.(random) ?? '';

// Words that nothing gives away: only who knows the value can find it.
const plain = (random: Random): string => `${draw(random, 'Word')}${draw(random, 'Word')}${fill(random, '{d4}')}`;
const marked = (random: Random): string =>
  `${draw(random, 'Word')}"${fill(random, '{w4}')} $&${fill(random, '{w3}')}'/${fill(random, '{w4}')}\\x`;

/** A sample whose text is `render` of a value that the masker knows. */
const knowing =
  (value: (random: Random) => string, render: (known: string, random: Random) => readonly Part[]) =>
  (random: Random): Sample => {
    const known = value(random);
    return { parts: render(known, random), known: [known] };
  };

const around = (...parts: Part[]): Part[] => [kept('It printed '), ...parts, kept(' and went on')];

/**
 * What `base64` makes of a value between others. A character that also holds bits of its neighbours may go either way.
 */
const inBase64 = (known: string, before: string, after: string, code: BufferEncoding): Part[] => {
  const text = Buffer.from(before + known + after).toString(code);
  const start = Math.ceil((Buffer.byteLength(before) * 8) / 6);
  const end = Math.floor((Buffer.byteLength(before + known) * 8) / 6);
  return [open(text.slice(0, start)), secret(text.slice(start, end)), open(text.slice(end))];
};

const base64Of = (code: BufferEncoding) =>
  ['', 'u', 'us', 'user:'].flatMap((before) =>
    ['', ':x', ':ok'].map((after) => knowing(plain, (known) => around(...inBase64(known, before, after, code)))),
  );

const escaped = (encode: (known: string) => string) => knowing(marked, (known) => around(secret(encode(known))));

const cutBy = (between: (random: Random) => string) =>
  knowing(plain, (known, random) => {
    const at = random.between(6, known.length - 6);
    return around(secret(known.slice(0, at)), kept(between(random)), secret(known.slice(at)));
  });

const CORE = { core: true };
const MULTI_LINE = 'first line of {w9}\n{w30}\nthe last one {w7}';

/** Values that the process holds: how a log may show them. */
export const KNOWN = [
  made(
    'known-plain',
    CORE,
    knowing(plain, (known) => around(secret(known))),
    knowing(plain, (known) => [secret(known)]),
    knowing(plain, (known) => [kept('https://example.com/'), secret(known), kept('/x?y='), secret(known)]),
    knowing(plain, (known) => [kept('a'), secret(known), secret(known), kept('b')]),
    knowing(marked, (known) => around(secret(known))),
    knowing(
      (random) => draw(random, 'spaced'),
      (known) => around(secret(known)),
    ),
    knowing(
      (random) => fill(random, '{h20}'),
      (known) => around(secret(known)),
    ),
    knowing(
      (random) => `Grüße-${fill(random, '{w8}')}-密码`,
      (known) => around(secret(known)),
    ),
    (random) => {
      const [a, b] = [plain(random), plain(random)];
      return { parts: [kept('both '), secret(a), kept(' then '), secret(b), kept(' end')], known: [a, b] };
    },
    (random) => {
      const a = plain(random);
      return { parts: around(secret(`${a}-extended`)), known: [a, `${a}-extended`] };
    },
  ),
  made('known-base64', CORE, ...base64Of('base64')),
  made('known-base64url', { core: false }, ...base64Of('base64url')),
  made(
    'known-url',
    CORE,
    escaped(encodeURIComponent),
    escaped((known) => encodeURIComponent(known).replaceAll('%20', '+')),
    escaped((known) => encodeURIComponent(known).replaceAll("'", '%27')),
  ),
  made(
    'known-json',
    CORE,
    escaped((known) => JSON.stringify(known).slice(1, -1)),
    knowing(marked, (known) => [kept('{"note":"'), secret(JSON.stringify(known).slice(1, -1)), kept('","n":1}')]),
    knowing(
      (random) => `line ${fill(random, '{w8}')}\n${fill(random, '{w12}')}`,
      (known) => [kept('{"a":"'), secret(JSON.stringify(known).slice(1, -1)), kept('"}')],
    ),
  ),
  made(
    'known-shell',
    CORE,
    escaped((known) => `'${known.replaceAll("'", `'\\''`)}'`),
    escaped((known) => `"${known.replace(/["$\\`]/g, '\\$&')}"`),
  ),
  made(
    'known-cut',
    CORE,
    cutBy(() => '\x1b[31m'),
    cutBy(() => '\x1b[0m\x1b[1m'),
    cutBy((random) => `\n${timestamp(random, true)}`),
  ),
  made(
    'known-lines',
    CORE,
    knowing(
      (random) => fill(random, MULTI_LINE),
      (known) => [kept('A\n'), ...known.split('\n').flatMap((line) => [secret(line), kept('\n')]), kept('Z')],
    ),
    knowing(
      (random) => fill(random, MULTI_LINE),
      (known) => around(secret(known.split('\n')[1] ?? '')),
    ),
  ),
  made('known-beside-a-rule', CORE, (random) => {
    const known = plain(random);
    const parts = fillTemplate(random, 'password=«!password» and ');
    return { parts: [...parts, secret(known), kept(' again')], known: [known] };
  }),
];
