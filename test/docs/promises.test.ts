import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const exists = (path: string): boolean => existsSync(new URL(`../../${path}`, import.meta.url));

t.test('Given the promises, when each names its test, then that test is there', async (t) => {
  const named = [...read('docs/promises.md').matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => path);
  t.ok(named.length > 30);
  t.strictSame(
    named.filter((path) => !exists(path)),
    [],
  );
});

t.test('Given the documents, when they link to each other, then every file is there', async (t) => {
  for (const [folder, name] of [
    ['', 'README.md'],
    ['docs/', 'promises.md'],
    ['docs/', 'architecture.md'],
    ['docs/adr/', 'README.md'],
  ] as const) {
    const links = [...read(`${folder}${name}`).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, to = '']) => to);
    t.strictSame(
      links.filter((link) => !exists(`${folder}${link}`)),
      [],
      name,
    );
  }
});

t.test('Given the decisions, when they are listed, then the list has each of them', async (t) => {
  const files = readdirSync(new URL('../../docs/adr/', import.meta.url)).filter((name) => /^\d{4}-/.test(name));
  const listed = [...read('docs/adr/README.md').matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(([, name]) => name);
  t.strictSame(listed.toSorted(), files.toSorted());
});

t.test(
  "Given the README's table of the API, when it is compared with the contract, then no route is missing in it",
  async (t) => {
    const { app } = await buildTestApp(t);
    const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, unknown>> };
    const table = read('README.md');
    const missing = Object.entries(paths).flatMap(([path, operations]) => {
      const asWritten = path.replaceAll(/\{(\w+)\}/g, ':$1');
      return Object.keys(operations)
        .filter((method) => method !== 'head')
        .map((method) => `${method.toUpperCase()} ${asWritten}`)
        .filter((row) => !table.includes(row) && !table.includes(`\`${asWritten}\``));
    });
    t.strictSame(missing, []);
  },
);
