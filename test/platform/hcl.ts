import { globSync, readFileSync } from 'node:fs';

/** The folder of the platform, and its files by name. Nothing of it is run: these tests need no Terraform. */
export const PLATFORM = new URL('../../terraform/platform/', import.meta.url);

export type Files = Readonly<Record<string, string>>;

export const readPlatform = (): Files =>
  Object.fromEntries(
    globSync('*.tf', { cwd: PLATFORM })
      .toSorted()
      .map((name) => [name, readFileSync(new URL(name, PLATFORM), 'utf8')]),
  );

/** All of it without comments that have lines of their own. */
export const codeOf = (files: Files): string =>
  Object.values(files)
    .join('\n')
    .replaceAll(/^\s*#.*$/gm, '');

/** Where the bracket that opens at this place is closed. Brackets inside of a text are not counted. */
const closing = (code: string, from: number): number => {
  let depth = 0;
  let isText = false;
  for (let at = from; at < code.length; at += 1) {
    const character = code.charAt(at);
    if (character === '"' && code.charAt(at - 1) !== '\\') isText = !isText;
    if (isText || character === '\n') continue;
    if ('{[('.includes(character)) depth += 1;
    if ('}])'.includes(character)) depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`never closed: ${code.slice(from, from + 80)}`);
};

/** A block such as a resource: its labels, and what stands between its braces. */
export interface Block {
  readonly labels: readonly string[];
  readonly body: string;
}

/** Every block of a kind (`resource`, `variable`, …) at the top level. */
export const blocksOf = (code: string, kind: string): readonly Block[] =>
  [...code.matchAll(new RegExp(`^${kind}((?: "[^"]+")+) \\{$`, 'gm'))].map(({ 0: head, 1: labels = '', index }) => {
    const opens = index + head.length - 1;
    return {
      labels: [...labels.matchAll(/"([^"]+)"/g)].map(([, label = '']) => label),
      body: code.slice(opens + 1, closing(code, opens)),
    };
  });

/** Every resource of a type, by its label. */
export const resourcesOf = (code: string, type: string): ReadonlyMap<string, string> =>
  new Map(
    blocksOf(code, 'resource').flatMap(({ labels: [found, label = ''], body }) =>
      found === type ? [[label, body]] : [],
    ),
  );

/** What stands behind `name =` up to the end of its value, without what surrounds a list or a map. */
export const contentsOf = (code: string, name: string): string => {
  const found = new RegExp(`^\\s*"?${name}"?\\s*=\\s*(?=(?:[a-z]+)?[\\[({])`, 'm').exec(code);
  if (found === null) throw new Error(`nothing is called ${name}`);
  const opens = code.slice(found.index + found[0].length).search(/[[({]/) + found.index + found[0].length;
  return code.slice(opens + 1, closing(code, opens));
};

/** The texts of a list. */
export const textsOf = (code: string, name: string): readonly string[] =>
  [...contentsOf(code, name).matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);

/** The keys at the beginning of lines, in a map of one entry a line. */
export const keysOf = (map: string): readonly string[] =>
  [...map.matchAll(/^\s*([A-Za-z_][\w-]*)\s*=/gm)].map(([, key = '']) => key);
