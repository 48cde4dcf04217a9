import { existsSync, globSync, readFileSync } from 'node:fs';
import t from 'tap';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const RUNBOOK = read('docs/operations.md');

const SOURCES = globSync('src/**/*.ts', { cwd: ROOT }).map((path) => read(path));

/** Every event of the code, and whether it can be more than information. */
const EVENTS = SOURCES.flatMap((code) =>
  [...code.matchAll(/\.event\(\s*([^,]+?),\s*'([\w.]+)'/g)].map(([, level, name = '']) => ({ level, name })),
);

const tableAfter = (heading: string): string => {
  const at = RUNBOOK.indexOf(heading);
  if (at < 0) throw new Error(`no table "${heading}"`);
  return RUNBOOK.slice(at).split('\n\n')[0] ?? '';
};

const namedIn = (table: string): readonly string[] =>
  [...table.matchAll(/^\| (`[\w.`, ]+`)[^|]*\| /gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+\.\w+)`/g)].map(([, name = '']) => name),
  );

t.test(
  'Given every event that is no mere information, when the runbook is searched, then it asks for a person or is routine',
  async (t) => {
    const loud = [...new Set(EVENTS.filter(({ level }) => level !== "'info'").map(({ name }) => name))];
    t.ok(loud.length > 30, 'the events were found');
    const asking = namedIn(tableAfter('| event | means | runbook |'));
    const routine = namedIn(tableAfter('| routine event | means |'));
    t.strictSame([...asking, ...routine].toSorted(), loud.toSorted(), 'each of them once, and no other');
    const errors = EVENTS.filter(({ level }) => level === "'error'").map(({ name }) => name);
    t.ok(errors.length > 10);
    t.strictSame(
      routine.filter((name) => errors.includes(name)),
      [],
      'no error is routine',
    );
  },
);

/** What the trials cannot bring about, and the test that does. */
const TRIED_ELSEWHERE: Readonly<Record<string, string>> = {
  'secrets.unreadable': 'test/adapters/secrets-manager-secrets.test.ts',
  'boot.refused': 'test/aws/boot.test.ts',
  'orphan.not_ours': 'test/jobs/orphans.test.ts',
  'inventory.sweep_failed': 'test/adapters/aws-inventory.test.ts',
  'cron.error': 'test/jobs/schedule.test.ts',
  'notifier.failed': 'test/adapters/webhook-notifier.test.ts',
  'notifier.dropped': 'test/adapters/notice-queue.test.ts',
};

t.test(
  'Given every event that asks for a person, when the tests are searched, then its runbook was tried',
  async (t) => {
    const trials = globSync('test/docs/runbooks*.test.ts', { cwd: ROOT }).map((path) => read(path));
    t.ok(trials.length > 1);
    const isTried = (name: string): boolean => {
      // Whoever reads it shall know.
      if (RUNBOOK.includes(`Not tried: \`${name}\``)) return true;
      const elsewhere = TRIED_ELSEWHERE[name];
      if (elsewhere !== undefined) return read(elsewhere).includes(`'${name}'`);
      return trials.some((code) => code.includes(`logged('${name}')`));
    };
    t.strictSame(
      namedIn(tableAfter('| event | means | runbook |')).filter((name) => !isTried(name)),
      [],
    );
  },
);

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
  const code = read('src/compose-health.ts') + read('src/health.ts');
  const checks = [...code.matchAll(/name: '(\w+)',\s*critical/g)].map(([, name = '']) => name);
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
