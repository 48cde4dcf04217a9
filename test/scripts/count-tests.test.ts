import t from 'tap';
import { runScript } from './run-script.ts';

t.test('Given several steps, when they are counted, then the last line adds them up', async (t) => {
  const cwd = t.testdir({
    unit: '# { total: 10, pass: 8, todo: 1, skip: 1 }\n',
    more: '# { total: 5, pass: 5 }\n',
  });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['lint=0', 'unit=0:unit', 'more=0:more'] });
  t.strictSame(lines, ['13 passed, 0 failed, 2 skipped']);
  t.equal(status, 0);
});

t.test('Given nothing skipped, when it is counted, then nothing is said about it', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 5, pass: 5 }\n' });
  t.strictSame(runScript('count-tests.js', { cwd, args: ['unit=0:unit'] }).lines, ['5 passed, 0 failed']);
});

t.test('Given failed tests, when they are counted, then they count once and the run fails', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 5, pass: 3, fail: 2 }\n' });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['unit=1:unit'] });
  t.equal(lines.at(-1), '3 passed, 2 failed');
  t.equal(status, 1);
});

t.test('Given a step without tests that failed, when it is counted, then it is one failure', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 5, pass: 5 }\n' });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['lint=1', 'unit=0:unit'] });
  t.strictSame(lines, ['lint: failed', '5 passed, 1 failed']);
  t.equal(status, 1);
});

t.test('Given tests that pass in a step that fails, when it is counted, then it is one failure', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 5, pass: 5 }\n' });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['unit=1:unit'] });
  t.equal(lines.at(-1), '5 passed, 1 failed');
  t.equal(status, 1);
});

t.test('Given a step that was cut off, when it is counted, then it fails even with status 0', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 5, pass: 5 }\n', cut: 'ok 1 - something\n' });
  for (const file of ['cut', 'absent']) {
    const { status, lines } = runScript('count-tests.js', { cwd, args: ['unit=0:unit', `more=0:${file}`] });
    t.strictSame(lines, ['more: its tests did not run to the end', 'more: failed', '5 passed, 1 failed']);
    t.equal(status, 1);
  }
});

t.test('Given tests that bailed out, when they are counted, then the run fails', async (t) => {
  const cwd = t.testdir({ unit: 'Bail out! no more\n# { total: 5, pass: 5 }\n' });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['unit=0:unit'] });
  t.equal(lines.at(-1), '5 passed, 1 failed');
  t.equal(status, 1);
});

t.test('Given that no test ran, when it is counted, then the run fails', async (t) => {
  const cwd = t.testdir({ unit: '# { total: 1, pass: 0, skip: 1 }\n' });
  const { status, lines } = runScript('count-tests.js', { cwd, args: ['lint=0', 'unit=0:unit', 'browser=skipped'] });
  t.strictSame(lines, ['No test ran', '0 passed, 0 failed, 2 skipped']);
  t.equal(status, 1);
  t.equal(runScript('count-tests.js', { cwd }).status, 1);
});

t.test('Given an argument that is no step, when it is counted, then it says so', async (t) => {
  const { status, stderr } = runScript('count-tests.js', { cwd: t.testdir({}), args: ['unit'] });
  t.match(stderr, 'Not a step: unit');
  t.equal(status, 1);
});
