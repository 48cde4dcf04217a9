import { readdirSync } from 'node:fs';
import t from 'tap';
import { FAULTS } from '../../src/local/gitlab-simulator/fault-table.ts';
import { CASES, GROUPS } from './all-cases.ts';

t.test('Given every fault of the simulator, when its cases are looked for, then there is one', async (t) => {
  const played = Object.values(GROUPS).flatMap((group) => Object.keys(group));
  t.strictSame(played.toSorted(), Object.keys(FAULTS).toSorted(), 'each in one group, and in no other');
  t.strictSame(
    Object.entries(CASES).filter(([, cases]) => cases.length === 0),
    [],
  );
});

t.test('Given every group of cases, when the tests are looked for, then one plays it', async (t) => {
  const tests = readdirSync(new URL('.', import.meta.url)).flatMap((name) => /^(.+)\.test\.ts$/.exec(name)?.[1] ?? []);
  t.strictSame(tests.toSorted(), [...Object.keys(GROUPS), 'every-fault'].toSorted());
});

t.test('Given two cases of a fault, when their titles are compared, then they differ', async (t) => {
  for (const [name, cases] of Object.entries(CASES)) {
    t.equal(new Set(cases.map(({ when }) => when)).size, cases.length, name);
  }
});
