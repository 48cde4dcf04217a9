import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface HclBlock {
  readonly keyword: string;
  readonly labels: readonly string[];
  readonly body: string;
}

/** What a file of the repository holds. */
export const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** The files that match, in order. */
export const filesIn = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();

const BLOCK = /^([a-z_]+)((?: "[^"]+")*) \{\n([\s\S]*?)^\}$/gm;

/** The outer blocks of Terraform code as `terraform fmt` writes it: each ends with a brace at the beginning of a line. */
export const blocksOf = (text: string): readonly HclBlock[] =>
  [...text.matchAll(BLOCK)].map(([, keyword = '', labels = '', body = '']) => ({
    keyword,
    labels: [...labels.matchAll(/"([^"]+)"/g)].map(([, label = '']) => label),
    body,
  }));

/** All outer blocks of the code in a folder. */
export const blocksIn = (folder: string): readonly HclBlock[] =>
  filesIn(`${folder}/*.tf`).flatMap((path) => blocksOf(textOf(path)));
