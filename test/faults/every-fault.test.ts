import { readdirSync } from 'node:fs';
import t from 'tap';
import { FAULTS, type FaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { ACCOUNT_CASES } from './cases/account.ts';
import { APPLY_CASES } from './cases/apply.ts';
import { CREATE_CASES } from './cases/create.ts';
import { DESTROY_CASES } from './cases/destroy.ts';
import { LIVE_LINK_CASES } from './cases/live-link.ts';
import { PIPELINE_CASES } from './cases/pipeline.ts';
import { REQUEST_CASES } from './cases/request.ts';
import { VIEW_CASES } from './cases/view.ts';
import type { FaultCase } from './fault-case.ts';

const GROUPS = {
  account: ACCOUNT_CASES,
  apply: APPLY_CASES,
  create: CREATE_CASES,
  destroy: DESTROY_CASES,
  'live-link': LIVE_LINK_CASES,
  pipeline: PIPELINE_CASES,
  request: REQUEST_CASES,
  view: VIEW_CASES,
} as const;

/** The type demands a group for each fault of the table. */
const CASES: Readonly<Record<FaultName, readonly FaultCase[]>> = {
  ...ACCOUNT_CASES,
  ...APPLY_CASES,
  ...CREATE_CASES,
  ...DESTROY_CASES,
  ...LIVE_LINK_CASES,
  ...PIPELINE_CASES,
  ...REQUEST_CASES,
  ...VIEW_CASES,
};

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
