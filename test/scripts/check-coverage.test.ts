import t from 'tap';
import { runScript } from './run-script.ts';

/** A record of lcov for a file of so many lines, of which these did not run. */
const record = (path: string, total: number, missed: readonly number[]): string => {
  const lines = Array.from({ length: total }, (_, at) => `DA:${at + 1},${missed.includes(at + 1) ? 0 : 3}`);
  return [`TN:`, `SF:${path}`, ...lines, `LF:${total}`, `LH:${total - missed.length}`, 'end_of_record', ''].join('\n');
};

const source = (lines: number): string => 'export const one = 1;\n'.repeat(lines);

t.test('Given exactly 95 %, when it is checked, then it passes and the rest is named', async (t) => {
  const cwd = t.testdir({
    src: { 'a.ts': source(90), deeper: { 'b.ts': source(10) } },
    '.tap': { report: { 'lcov.info': record('src/a.ts', 90, []) + record('src/deeper/b.ts', 10, [1, 2, 3, 5, 9]) } },
  });
  const { status, lines, stderr } = runScript('check-coverage.js', { cwd });
  t.strictSame(lines, ['  src/deeper/b.ts 50 %: 1-3, 5, 9', '95 % of 100 lines in src/ ran (at least 95 % have to)']);
  t.equal(status, 0);
  t.equal(stderr, '');
});

t.test('Given one line less, when it is checked, then it fails', async (t) => {
  const missed = Array.from({ length: 51 }, (_, at) => at + 1);
  const cwd = t.testdir({
    src: { 'a.ts': source(1000) },
    '.tap': { report: { 'lcov.info': record('src/a.ts', 1000, missed) } },
  });
  const { status, lines } = runScript('check-coverage.js', { cwd });
  t.equal(lines.at(-1), '94.9 % of 1000 lines in src/ ran (at least 95 % have to)');
  t.equal(status, 1);
});

t.test('Given a file that no test loads, when it is checked, then all its lines count as not run', async (t) => {
  const cwd = t.testdir({
    src: { 'a.ts': source(10), 'forgotten.ts': '/** Text. */\nexport const forgotten = () => 1;\n' },
    '.tap': { report: { 'lcov.info': record('src/a.ts', 10, []) } },
  });
  const { status, lines } = runScript('check-coverage.js', { cwd });
  t.strictSame(lines, [
    '  src/forgotten.ts 0 %: no test loads it',
    '83.3 % of 12 lines in src/ ran (at least 95 % have to)',
  ]);
  t.equal(status, 1);
});

t.test('Given types and declarations, when it is checked, then they do not count', async (t) => {
  const types =
    "// Comment.\nimport type { A } from './a.ts';\n/** Text. */\nexport interface B {\n  a: A;\n}\nexport type C = B;\n";
  const cwd = t.testdir({
    src: {
      'a.ts': source(10),
      'types.ts': types,
      'foreign.d.ts': source(3),
    },
    '.tap': { report: { 'lcov.info': record('src\\a.ts', 10, []) + record('test/a.test.ts', 10, [1, 2]) } },
  });
  const { status, lines } = runScript('check-coverage.js', { cwd });
  t.strictSame(lines, ['100 % of 10 lines in src/ ran (at least 95 % have to)']);
  t.equal(status, 0);
});

t.test('Given no report or one in which nothing ran, when it is checked, then it fails', async (t) => {
  const missing = runScript('check-coverage.js', { cwd: t.testdir({ src: { 'a.ts': source(1) } }) });
  t.strictSame(missing.lines, ['No coverage: there is no .tap/report/lcov.info']);
  t.equal(missing.status, 1);
  const cwd = t.testdir({ src: { 'a.ts': source(1) }, '.tap': { report: { 'lcov.info': '' } } });
  const nothing = runScript('check-coverage.js', { cwd });
  t.strictSame(nothing.lines, ['No coverage: no line of src/ ran']);
  t.equal(nothing.status, 1);
});
