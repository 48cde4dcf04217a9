import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const TEST = fileURLToPath(new URL('.', import.meta.url));

/** They have commands of their own. */
const OTHER_SUITES = ['browser', 'containers', 'dynamodb-local', 'groups', 'processes', 'simulation', 'terraform'];

const found = (pattern: string): string[] => globSync(pattern, { cwd: TEST }).map((path) => path.replaceAll('\\', '/'));

const patternOf = (group: string): string => {
  const pattern = /inOneProcess\('([^']+)'\)/.exec(readFileSync(`${TEST}/${group}`, 'utf8'))?.[1];
  if (pattern === undefined) throw new Error(`${group} runs nothing`);
  return pattern;
};

t.test('Given the groups, when all of them run, then every test file does, once', async (t) => {
  const files = globSync('**/*.test.ts', { cwd: TEST, exclude: OTHER_SUITES }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const grouped = found('groups/*.test.ts').flatMap((group) => found(patternOf(group)));
  t.ok(files.length > 100);
  t.strictSame(grouped.toSorted(), files.toSorted());
});

t.test('Given the groups of the browser suite, when all of them run, then every file of it does, once', async (t) => {
  const grouped = found('browser/groups/*.test.ts').flatMap((group) => found(patternOf(group)));
  t.ok(grouped.length > 10);
  t.strictSame(grouped.toSorted(), found('browser/*.test.ts').toSorted());
});
