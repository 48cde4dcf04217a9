import t from 'tap';
import { checkFolders } from './check.ts';
import { MISTAKES } from './mistakes.ts';
import { assertEachIsFound, options, PLATFORM } from './plant.ts';

t.test('Given the platform, when it is checked, then it is valid and its tests pass', options, async (t) => {
  const { passed, output } = checkFolders([PLATFORM]).get(PLATFORM) ?? { passed: false, output: '' };
  t.ok(passed, output.slice(-2_000));
  t.match(output, /[1-9]\d passed, 0 failed/, 'dozens of them');
});

t.test('Given mistakes, when the platform is checked, then each is found and named', options, async (t) => {
  assertEachIsFound(t, MISTAKES);
});
