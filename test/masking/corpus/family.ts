import { fill, type Random } from './random.ts';
import { VALUES } from './values.ts';

/**
 * A piece of a sample. What is `kept` has to be read in the masked text, what is `secret` must not, and what is `open`
 * may go either way: the published prefix of a token, a user name beside its password.
 */
export type Part = { readonly role: 'kept' | 'secret' | 'open'; readonly text: string };

/** A text with secrets in it; `known` are the values that the masker is told. */
export type Sample = { readonly parts: readonly Part[]; readonly known: readonly string[] };

/** One way in which a secret appears. Of a `core` family every sample has to be masked. */
export type Family = {
  readonly name: string;
  readonly core: boolean;
  readonly makers: readonly ((random: Random) => Sample)[];
};

export const kept = (text: string): Part => ({ role: 'kept', text });
export const secret = (text: string): Part => ({ role: 'secret', text });
export const open = (text: string): Part => ({ role: 'open', text });

/** A value of several lines as parts, every line behind the first one with `before` in front. */
export const secretLines = (text: string, before = ''): Part[] =>
  text.split('\n').flatMap((line, index) => (index === 0 ? [secret(line)] : [kept(`\n${before}`), secret(line)]));

const PLACEHOLDER = /«([!~]?)(=?)([^»]+)»/g;

// A pattern's own beginning is published by the vendor, so it may be shown or not.
const secretOf = (text: string, pattern: string, before: string): Part[] => {
  const published = pattern.slice(0, Math.max(0, pattern.search(/\{[a-zA-Z]\d/)));
  return [open(published), ...secretLines(text.slice(published.length), before)];
};

const drawn = (random: Random, isPattern: boolean, name: string): string => {
  if (isPattern) return fill(random, name);
  const value = VALUES[name];
  if (value === undefined) throw new RangeError(`no value is called ${name}`);
  return value(random);
};

/**
 * Fills a template. `«!password»` is a secret from the table of values, `«!=ghp_{w36}»` one after a pattern, `«~user»` may
 * go either way, `«region»` has to stay as everything around it. The lines of a value are indented like its first one.
 */
export const fillTemplate = (random: Random, template: string): Part[] => {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const [whole, mark, equals, name = ''] = match;
    parts.push(kept(template.slice(end, match.index)));
    end = match.index + whole.length;
    const before = template.slice(template.lastIndexOf('\n', match.index) + 1, match.index);
    const text = drawn(random, equals === '=', name);
    const indentation = before.trim() === '' ? before : '';
    if (mark === '!') parts.push(...secretOf(text, equals === '=' ? name : '', indentation));
    else parts.push(mark === '~' ? open(text) : kept(text));
  }
  return [...parts, kept(template.slice(end))].filter(({ text }) => text !== '');
};

const makersOf = (templates: readonly string[]): Family['makers'] =>
  templates.map((template) => (random) => ({ parts: fillTemplate(random, template), known: [] }));

/** A family that must be masked without exception, by its templates. */
export const core = (name: string, ...templates: string[]): Family => ({
  name,
  core: true,
  makers: makersOf(templates),
});

/** A family that counts towards the whole only. */
export const tail = (name: string, ...templates: string[]): Family => ({
  name,
  core: false,
  makers: makersOf(templates),
});

/** Where a value stands that nothing but its own form gives away. */
const BARE = [
  'Read § from the store',
  '{"value":"§","ok":true}',
  'GET /callback?v=§&ok=1 200',
  'config.value = "§"',
  "['§', 'next']",
];

const bare = (isCore: boolean, name: string, patterns: readonly string[]): Family => ({
  name,
  core: isCore,
  makers: makersOf(BARE.flatMap((line) => patterns.map((pattern) => line.replace('§', () => `«!=${pattern}»`)))),
});

/** A core family of tokens that have a form of their own: every pattern in every place. */
export const coreShape = (name: string, ...patterns: string[]): Family => bare(true, name, patterns);

/** The same for a family that counts towards the whole only. */
export const shape = (name: string, ...patterns: string[]): Family => bare(false, name, patterns);

/** A family whose samples take more than a template to make. */
export const made = (
  name: string,
  options: { core: boolean },
  ...makers: ((random: Random) => readonly Part[] | Sample)[]
): Family => ({
  name,
  core: options.core,
  makers: makers.map((make) => (random) => {
    const sample = make(random);
    return 'parts' in sample ? sample : { parts: sample, known: [] };
  }),
});

export const textOf = ({ parts }: Sample): string => parts.map(({ text }) => text).join('');

/** One of the lines that nothing in may be masked: templates with `«name»` and `«=pattern»` only. */
export const fillHarmless = (random: Random, template: string): string => {
  const parts = fillTemplate(random, template);
  if (parts.some(({ role }) => role !== 'kept')) throw new RangeError(`a secret in ${template}`);
  return parts.map(({ text }) => text).join('');
};
