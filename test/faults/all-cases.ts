import type { FaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { ACCOUNT_CASES } from './cases/account.ts';
import { APPLY_CASES } from './cases/apply.ts';
import { CREATE_CASES } from './cases/create.ts';
import { DESTROY_CASES } from './cases/destroy.ts';
import { LIVE_LINK_CASES } from './cases/live-link.ts';
import { PIPELINE_CASES } from './cases/pipeline.ts';
import { REQUEST_CASES } from './cases/request.ts';
import { VIEW_CASES } from './cases/view.ts';
import type { FaultCase } from './fault-case.ts';

/** The groups that are played, by the name of the test that plays them. */
export const GROUPS = {
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
export const CASES: Readonly<Record<FaultName, readonly FaultCase[]>> = {
  ...ACCOUNT_CASES,
  ...APPLY_CASES,
  ...CREATE_CASES,
  ...DESTROY_CASES,
  ...LIVE_LINK_CASES,
  ...PIPELINE_CASES,
  ...REQUEST_CASES,
  ...VIEW_CASES,
};
