import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** A file of the page as it is served. */
export interface PageFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

const DIRECTORY = new URL('../web/page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

// Comments that have lines of their own are for who reads the sources; they are a third of what would be sent. What
// stands behind code on its line is left alone, because finding that takes a parser.
const BLOCK_COMMENTS = /^[ \t]*\/\*[\s\S]*?\*\/[ \t]*\n/gm;
const LINE_COMMENTS = /^[ \t]*\/\/.*\n/gm;

/**
 * A script or style sheet without the comments that stand on lines of their own. In a template literal such a line
 * would be text; the page has none.
 */
export const withoutComments = (name: string, text: string): string => {
  if (name.endsWith('.js')) return text.replace(BLOCK_COMMENTS, '').replace(LINE_COMMENTS, '');
  return name.endsWith('.css') ? text.replace(BLOCK_COMMENTS, '') : text;
};

const STATIC_IMPORT = /^import [^;]*?from '\.\/([\w-]+\.js)';$/gm;

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(STATIC_IMPORT)].map(([, imported]) => imported ?? '');

/**
 * The scripts that the first one imports, directly or not, in the order in which they are met. What is imported only
 * when it is needed is not among them.
 */
export const scriptsBehind = (first: string, texts: ReadonlyMap<string, string>): readonly string[] => {
  const found = new Set<string>();
  const queue = [first];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    for (const imported of importsOf(texts.get(name) ?? '')) {
      if (found.has(imported) || imported === first) continue;
      found.add(imported);
      queue.push(imported);
    }
  }
  return [...found];
};

/** Tells the browser at once which scripts it will need, so that it does not find them one behind the other. */
const withPreloads = (html: string, scripts: readonly string[]): string => {
  const links = scripts.map((name) => `<link rel="modulepreload" href="/assets/${name}">`).join('\n    ');
  return html.replace('</head>', `  ${links}\n  </head>`);
};

const STYLES = 'page.css';

/** All style sheets as one, the general one first: the page needs every one of them before it can be drawn. */
const joinedStyles = (texts: ReadonlyMap<string, string>): string => {
  const others = [...texts.keys()].filter((name) => name.endsWith('.css') && name !== STYLES).toSorted();
  return [STYLES, ...others].map((name) => withoutComments(name, texts.get(name) ?? '')).join('\n');
};

/**
 * Reads every file of the page whose type is known; the folder's own tsconfig is not among them.
 *
 * @throws Error when the folder or a file cannot be read
 */
export const readPageFiles = (): readonly PageFile[] => {
  const names = readdirSync(DIRECTORY).filter((name) => TYPES[extname(name)] !== undefined);
  // One after the other: nothing is served yet, and some thirty small files take less time than as many promises.
  const texts = new Map(names.map((name) => [name, readFileSync(new URL(name, DIRECTORY), 'utf8')]));
  const textOf = (name: string): string => {
    if (name === STYLES) return joinedStyles(texts);
    const text = withoutComments(name, texts.get(name) ?? '');
    return name === 'page.html' ? withPreloads(text, scriptsBehind('page.js', texts)) : text;
  };
  return names
    .filter((name) => name === STYLES || !name.endsWith('.css'))
    .map((name) => ({ name, type: TYPES[extname(name)] ?? '', text: textOf(name) }));
};
