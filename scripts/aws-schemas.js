// Lets esbuild leave out what is not used of AWS's clients. Each of them describes all of its operations in one file, of
// which we use a handful: the one of EC2 alone is 1.3 MB. esbuild keeps every description that has a computed key
// (`{[_eQN]: …}`), since working that out could do something. These keys are texts from the top of the same file.
import { readFileSync } from 'node:fs';

const SCHEMAS = /[\\/]@(?:aws-sdk|smithy)[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/;
const TEXTS = /^const (_\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEYS = /\[(_\w+)\]:/g;

/** The same description, with every computed key that is known written out. */
export const withLiteralKeys = (source) => {
  const texts = new Map([...source.matchAll(TEXTS)].map(([, name, text]) => [name, text]));
  return source.replace(COMPUTED_KEYS, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key));
};

/** For esbuild. */
export const AWS_SCHEMAS = {
  name: 'aws-schemas',
  setup: (build) => {
    build.onLoad({ filter: SCHEMAS }, ({ path }) => ({ contents: withLiteralKeys(readFileSync(path, 'utf8')) }));
  },
};
