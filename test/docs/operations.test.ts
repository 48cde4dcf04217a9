import { existsSync, globSync, readFileSync } from 'node:fs';
import t from 'tap';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const RUNBOOK = read('docs/operations.md');

const SOURCES = globSync('src/**/*.ts', { cwd: ROOT }).map((path) => read(path));

t.test('Given every event that is an error, when the runbook is searched, then it says what to do', async (t) => {
  const errors = SOURCES.flatMap((code) =>
    [...code.matchAll(/\.event\(\s*'error',\s*'([\w.]+)'/g)].map(([, name]) => name),
  );
  t.ok(errors.length > 10, 'the events were found');
  t.strictSame(
    [...new Set(errors)].filter((name) => !RUNBOOK.includes(`\`${name}\``)),
    [],
  );
});

t.test('Given every event that the runbook names, when the code is searched, then it is there', async (t) => {
  const rows = [...RUNBOOK.matchAll(/^\| (`[\w.`, ]+`)[^|]*\| /gm)].map(([, cell = '']) => cell);
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+\.\w+)`/g)].map(([, name = '']) => name));
  t.ok(named.length > 10, 'the events were found');
  t.strictSame(
    named.filter((name) => !SOURCES.some((code) => code.includes(`'${name}'`))),
    [],
  );
});

t.test('Given every check of the health report, when the runbook is searched, then it has a row', async (t) => {
  const checks = [...read('src/compose-health.ts').matchAll(/name: '(\w+)', critical/g)].map(([, name = '']) => name);
  t.ok(checks.includes('store') && checks.includes('inventory'), 'the checks were found');
  const rows = [...RUNBOOK.matchAll(/`checks\[\]\.name = (\w+)`/g)].map(([, name = '']) => name);
  t.strictSame(rows.toSorted(), checks.toSorted());
});

t.test('Given the links inside the runbook, when they are followed, then each has its heading', async (t) => {
  const anchors = [...RUNBOOK.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  t.ok(links.length > 10);
  t.strictSame(
    links.filter((link) => !anchors.includes(link)),
    [],
  );
});

t.test('Given the threats, when each names its test, then that test is there', async (t) => {
  const named = [...read('SECURITY.md').matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => path);
  t.ok(named.length > 20);
  t.strictSame(
    named.filter((path) => !existsSync(new URL(path, ROOT))),
    [],
  );
});
