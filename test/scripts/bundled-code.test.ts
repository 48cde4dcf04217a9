import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { build, type Plugin } from 'esbuild';
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

t.test(
  'Given a source that uses undici, when it is bundled, then it gets the parts that it names, whole',
  async (t) => {
    const { UNDICI_PARTS } = (await load('undici-parts.js')) as unknown as { UNDICI_PARTS: Plugin };
    const bundled = async (contents: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: import.meta.dirname },
        plugins: [UNDICI_PARTS],
        ...{ bundle: true, write: false, platform: 'node', format: 'cjs', logLevel: 'silent' },
      });
      return outputFiles[0]?.text ?? '';
    };
    const text = await bundled("import { Agent, Client } from 'undici'; module.exports = { Agent, Client };");
    t.notMatch(text, 'lib/mock/', 'the rest stays out');
    const parts = { exports: {} as typeof import('undici') };
    new Function('module', 'exports', 'require', text)(parts, parts.exports, createRequire(import.meta.url));

    const server = createServer((request, response) => response.end(`you asked for ${request.url}`)).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const dispatcher of [new parts.exports.Agent(), new parts.exports.Client(origin)]) {
      const { statusCode, body } = await dispatcher.request({ origin, path: '/a', method: 'GET' });
      t.same([statusCode, await body.text()], [200, 'you asked for /a']);
      await dispatcher.close();
    }
    server.close();
    await t.rejects(
      bundled("import { fetch } from 'undici'; fetch();"),
      { message: /fetch/ },
      'what is not there is told',
    );
  },
);
