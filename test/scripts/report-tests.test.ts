import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runScript } from './run-script.ts';

const PASSING = `# Subtest: test/a.test.ts
    # Subtest: one
        ok 1 - should be equal
        1..1
    ok 1 - one # time=18.817ms

    ok 2 - skipped # SKIP no reason
    1..2
    # time=26.687ms
ok 1 - test/a.test.ts # time=26.687ms
`;

const FAILING = `# Subtest: test/b.test.ts
    # Subtest: bad
        not ok 1 - should be equal
          ---
          diff: |
            not ok 7 - a line of the details
            -2
            +1
          ...

        ok 2 - should be equal
        1..2
    not ok 1 - bad # time=32.571ms
      ---
      at:
        fileName: test/b.test.ts
      ...

    not ok 2 - later # TODO some day
    1..2
not ok 2 - test/b.test.ts # time=128.047ms
  ---
  exitCode: 1
  ...
`;

const CRASHED = `# Subtest: test/c.test.ts
    said before it crashed
    1..0 # no tests found
not ok 3 - test/c.test.ts # time=657.271ms
  ---
  exitCode: 1
  ...
`;

const report = (t: Test, input: string) => {
  const cwd = t.testdir({});
  const file = join(cwd, 'totals');
  const { lines } = runScript('report-tests.js', { cwd, input, env: { TEST_TOTALS_FILE: file } });
  return { lines, totals: readFileSync(file, 'utf8') };
};

t.test('Given files that passed, when they are reported, then each has one line', async (t) => {
  const skipped = 'ok 2 - test/d.test.ts # SKIP no chromium here\n';
  const summary = '# { total: 3, pass: 1, skip: 2 }\n';
  const { lines, totals } = report(t, `TAP version 14\n1..2\n${PASSING}\n${skipped}\n${summary}# time=1s\n`);
  t.strictSame(lines, [
    '✓ test/a.test.ts 26.687ms',
    '- test/d.test.ts (skip: no chromium here)',
    '',
    '1 passed, 0 failed, 2 skipped',
  ]);
  t.equal(totals, summary);
});

t.test('Given a failed assertion, when it is reported, then it is shown once, with its path and details', async (t) => {
  const { lines } = report(t, `${FAILING}# { total: 3, pass: 1, fail: 1, todo: 1 }\n`);
  t.strictSame(lines, [
    '',
    '✗ test/b.test.ts > bad > should be equal',
    '  diff: |',
    '    not ok 7 - a line of the details',
    '    -2',
    '    +1',
    '✗ test/b.test.ts 128.047ms',
    '',
    '1 passed, 1 failed, 1 skipped',
  ]);
});

t.test(
  'Given a file that crashed, when it is reported, then it is shown with what it said and its exit code',
  async (t) => {
    const { lines } = report(t, `${PASSING}${CRASHED}# { total: 2, pass: 1, fail: 1 }\n`);
    t.strictSame(lines.slice(1), [
      '  | said before it crashed',
      '',
      '✗ test/c.test.ts',
      '  exitCode: 1',
      '',
      '1 passed, 1 failed',
    ]);
  },
);

t.test(
  'Given a run that bailed out, when it is reported, then that is said once and counts as a failure',
  async (t) => {
    const bail = '# Subtest: test/g.test.ts\n    Bail out! no more\nBail out! no more\n# { total: 0, pass: 0 }\n';
    const { lines, totals } = report(t, bail);
    t.strictSame(lines, ['', '✗ test/g.test.ts > Bail out! no more', '', '0 passed, 1 failed']);
    t.match(totals, 'Bail out! no more');
  },
);

t.test('Given a run that was cut off, when it is reported, then it does not look like a success', async (t) => {
  const { lines, totals } = report(t, PASSING);
  t.strictSame(lines.slice(1), ['', 'The tests did not run to the end']);
  t.equal(totals, '\n');
});
