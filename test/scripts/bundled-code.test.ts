import t from 'tap';

type Rewrite = (source: string) => string;

/** The scripts run without a compiler, so they have no types. */
const load = (script: string): Promise<Readonly<Record<string, Rewrite>>> =>
  import(new URL(`../../scripts/${script}`, import.meta.url).href);

const { withLiteralKeys = String } = await load('aws-schemas.js');
const { withStaticImports = String } = await load('own-imports.js');

t.test(
  'Given a description of AWS’s operations, when its keys are written out, then it is the same in plain words',
  async (t) => {
    const source = [
      'const _eQN = "queryName";',
      'const _h = "httpHeader";',
      'const key = _h;',
      'export const a = [1, { [_eQN]: `Min`, [_h]: 2 }, [_h, _eQN]];',
      'export const b = { [key]: 1, [_unknown]: 2 };',
    ].join('\n');
    const written = withLiteralKeys(source);
    t.match(written, '{ "queryName": `Min`, "httpHeader": 2 }, [_h, _eQN]]');
    t.match(written, '{ [key]: 1, [_unknown]: 2 }', 'what is not known stays');
    const values = (code: string): unknown =>
      new Function('_unknown', `${code.replaceAll('export ', '')}\nreturn [a, b];`)('other');
    t.same(values(written), values(source));
  },
);

t.test(
  'Given a source that loads others of ours when it needs them, when it is bundled, then they are loaded at once',
  async (t) => {
    const source = [
      "import { z } from './z.ts';",
      "export const one = async () => (await import('./one.ts')).make(z);",
      "export const two = async () => (await import('./local/two.ts')).make();",
      "export const ui = async () => (await import('@fastify/swagger-ui')).default;",
    ].join('\n');
    t.equal(
      withStaticImports(source),
      [
        "import * as loadedAtOnce0 from './one.ts';",
        "import * as loadedAtOnce1 from './local/two.ts';",
        "import { z } from './z.ts';",
        'export const one = async () => (loadedAtOnce0).make(z);',
        'export const two = async () => (loadedAtOnce1).make();',
        "export const ui = async () => (await import('@fastify/swagger-ui')).default;",
      ].join('\n'),
      'but a package’s are left alone',
    );
    t.equal(withStaticImports("import './a.ts';"), "import './a.ts';");
  },
);
