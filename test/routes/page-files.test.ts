import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import t from 'tap';
import { readPageFiles, scriptsBehind, withoutComments } from '../../src/routes/page-files.ts';

const FOLDER = new URL('../../src/web/page/', import.meta.url);

t.test(
  'Given a script, when it is served, then comments on lines of their own are left out and code is not',
  async (t) => {
    const source = [
      '// @ts-check',
      '/** One line. */',
      'const url = "https://example.com"; // stays',
      '  /**',
      '   * Several.',
      '   */',
      'const text = "/* stays */";',
      '/** @param {string} a @returns {string} */ ',
      'const re = /\\/\\/x/;',
      '',
    ].join('\n');
    t.equal(
      withoutComments('x.js', source),
      'const url = "https://example.com"; // stays\nconst text = "/* stays */";\nconst re = /\\/\\/x/;\n',
    );
    t.equal(withoutComments('x.css', '/* a\n b */\na { b: c; }\n'), 'a { b: c; }\n');
    t.equal(withoutComments('x.html', '<!-- // -->\n'), '<!-- // -->\n');
  },
);

t.test('Given the scripts of the page, when their comments are left out, then each is still a script', async (t) => {
  for (const { name, text } of readPageFiles().filter((file) => file.name.endsWith('.js'))) {
    // It parses, which is what a comment cut in two would make impossible.
    t.doesNotThrow(() => stripTypeScriptTypes(text), name);
    t.notMatch(text, /^\s*(?:\/\/|\/\*\*)/m, name);
    t.ok(text.trim().length > 0, name);
  }
});

t.test(
  'Given a template literal of several lines, when a script has one, then nothing in it looks like a comment',
  async (t) => {
    for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.js'))) {
      const code = withoutComments(name, readFileSync(new URL(name, FOLDER), 'utf8'));
      const literals = code.match(/`[^`]*`/g) ?? [];
      t.ok(
        literals.every((literal) => !literal.includes('\n')),
        `${name} has none of several lines`,
      );
    }
  },
);

t.test('Given scripts that import each other, when they are followed, then each is found once', async (t) => {
  const texts = new Map([
    ['a.js', "import { b } from './b.js';\nimport {\n  c,\n} from './c.js';\n"],
    ['b.js', "import { c } from './c.js';\nimport { a } from './a.js';\nawait import('./d.js');\n"],
    ['c.js', ''],
    ['d.js', ''],
  ]);
  t.strictSame(scriptsBehind('a.js', texts), ['b.js', 'c.js']);
});

t.test(
  'Given the page, when it is read, then it has one style sheet and names the scripts it needs at once',
  async (t) => {
    const files = readPageFiles();
    t.strictSame(
      files.map(({ name }) => name).filter((name) => name.endsWith('.css')),
      ['page.css'],
    );
    const styles = files.find(({ name }) => name === 'page.css')?.text ?? '';
    for (const found of [/^\s*:root \{/, /\.log-box/, /\.stage/, /\.runs/, /dialog/]) t.match(styles, found);
    const html = files.find(({ name }) => name === 'page.html')?.text ?? '';
    const preloaded = [...html.matchAll(/rel="modulepreload" href="\/assets\/([\w-]+\.js)"/g)].map(([, name]) => name);
    t.ok(preloaded.includes('dom.js') && preloaded.includes('picture.js'));
    t.notOk(preloaded.includes('page.js'), 'the first one is named by its own element');
    for (const later of ['run-log.js', 'log-panel.js', 'replay-player.js']) t.notOk(preloaded.includes(later), later);
  },
);
