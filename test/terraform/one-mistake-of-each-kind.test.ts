import t from 'tap';
import { MISTAKES } from './mistakes.ts';
import { assertEachIsFound, options } from './plant.ts';

/** For where there is no time for all of them. That the platform itself passes is checked beside this. */
const KINDS = [
  'an argument that does not exist',
  'a missing argument',
  "a wildcard resource in the task's role",
  'public ingress',
  'a throttle that was changed',
  'an alarm without an action',
];

t.test(
  'Given one mistake of each kind, when the platform is checked, then it is found and named',
  options,
  async (t) => {
    const mistakes = MISTAKES.filter(({ name }) => KINDS.includes(name));
    t.equal(mistakes.length, KINDS.length, 'each of them is there');
    assertEachIsFound(t, mistakes);
  },
);
