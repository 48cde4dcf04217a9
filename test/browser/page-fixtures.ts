import { RESOURCE_TABLE } from '../../src/local/gitlab-simulator/trace/resource-table.ts';
import type { LedgerEntryJson } from '../../src/routes/schemas/ledger.ts';
import { ledgerEntry } from '../web/page/sample-entry.ts';
import { CREATED_AT, RECEIPT, runView, stage, type View } from '../web/page/sample-view.ts';
import type { StubJob } from './stub-api.ts';

const MINUTE_MS = 60_000;
export const after = (minutes: number): string => new Date(CREATED_AT + minutes * MINUTE_MS).toISOString();

const DAY_MINUTES = 24 * 60;

/** What the ledger may look like after some weeks. */
export const ENTRIES: readonly LedgerEntryJson[] = [
  { up: 702, live: 3_600, down: 690 },
  { up: 745, live: 1_260, down: 640 },
  { up: 731, live: null, down: 610 },
  { up: 668, live: 3_600, down: 702 },
  { up: 913, live: 2_040, down: 655 },
  { up: 699, live: 3_600, down: 981 },
].map(({ up, live, down }, index) => {
  const createdMinutes = -(index * 3 + 1) * DAY_MINUTES - index * 97;
  const goneMinutes = createdMinutes + (up + (live ?? 0) + down) / 60;
  return ledgerEntry({
    id: `01a20c0f-0000-7000-8000-0000000001${index}0`,
    created_at: after(createdMinutes),
    gone_at: after(goneMinutes),
    deploy_seconds: live === null ? null : up,
    live_seconds: live,
    destroy_seconds: down,
    total_seconds: up + (live ?? 0) + down,
    outcome: live === null ? 'failed' : 'lived',
    reason: live === null ? 'deploy_failed' : 'expired',
    cost_usd: 0.11 + (up + (live ?? 0) + down) / 40_000,
    sample: index === 5,
  });
});

const up = (changes: readonly Partial<View['stages'][number]>[]): View['stages'] =>
  ['plan', 'apply', 'verify'].map((name, index) =>
    stage({ name, expected_seconds: [34, 628, 71][index] ?? null, ...changes[index] }),
  );

const PLANNED = { state: 'succeeded', started_at: after(0.4), finished_at: after(1) } as const;
const APPLIED = { state: 'succeeded', started_at: after(1.1), finished_at: after(11.2) } as const;
const VERIFIED = { state: 'succeeded', started_at: after(11.3), finished_at: after(12.2) } as const;
const BUILDING = up([PLANNED, { state: 'running', started_at: after(1.1) }]);
const BUILT = up([PLANNED, APPLIED, VERIFIED]);
export const ETA = { earliest: after(11.2), likely: after(12.1), latest: after(15.4) };

const down = (destroy: Partial<View['stages'][number]>, inventory: Partial<View['stages'][number]> = {}) => [
  stage({ name: 'destroy', direction: 'destroy', expected_seconds: 412, ...destroy }),
  stage({ name: 'inventory', direction: 'destroy', expected_seconds: 24, ...inventory }),
];

const said = (words: string) => (address: string) => `\u001b[0m\u001b[1m${address}: ${words}\u001b[0m\u001b[0m`;
const ADDRESSES = RESOURCE_TABLE.map(({ address }) => address);
const PLAN_LINES = [
  '\u001b[36;1mExecuting "step_script" stage of the job script\u001b[0;m',
  '\u001b[32;1m$ terraform plan -input=false -out=demo.tfplan\u001b[0;m',
  ...ADDRESSES.map((address) => `\u001b[1m  # ${address}\u001b[0m will be created`),
  `\u001b[1mPlan:\u001b[0m ${ADDRESSES.length} to add, 0 to change, 0 to destroy.`,
];
const isBuiltEarly = (address: string) => /launch_template|target_group|autoscaling/.test(address);
const [CLUSTER, BALANCER] = ['aws_eks_cluster.demo', 'aws_lb.demo'];
const APPLICATION = [
  'namespace/demo',
  'configmap/demo-facts',
  'serviceaccount/demo',
  'service/demo',
  'deployment.apps/demo',
];
export const BUILDING_LINES = [
  '\u001b[32;1m$ terraform apply -input=false demo.tfplan\u001b[0;m',
  ...ADDRESSES.filter(isBuiltEarly).flatMap((address) => [
    said('Creating...')(address),
    said('Creation complete after 1s [id=[MASKED]]')(address),
  ]),
  ...[CLUSTER, BALANCER].map(said('Creating...')),
  ...Array.from({ length: 12 }, (_, index) =>
    said(`Still creating... [${String(Math.floor(index / 6)).padStart(2, '0')}m${index % 6}0s elapsed]`)(CLUSTER),
  ),
];
const BUILT_LINES = [
  ...ADDRESSES.filter((address) => !isBuiltEarly(address)).map(said('Creation complete after 1s [id=[MASKED]]')),
  '\u001b[32;1m$ ci/deploy.sh\u001b[0;m',
  ...APPLICATION.map((name) => `${name} created`),
];
const DESTROY_LINES = [
  '\u001b[32;1m$ ./destroy.sh "$DEPLOYMENT_ID"\u001b[0;m',
  'namespace "demo" deleted',
  ...ADDRESSES.filter((address) => /route53|listener|access/.test(address)).map(said('Destruction complete after 1s')),
  ...['aws_autoscaling_group.nodes', BALANCER, CLUSTER].map(said('Destroying... [id=[MASKED]]')),
];

export const job = (id: number, name: string, lines: readonly string[], isComplete = true): StubJob => ({
  id,
  name,
  lines: [...lines],
  isComplete,
});
export const PLAN_JOB = job(1, 'plan', PLAN_LINES);
export const BUILT_JOBS = [
  PLAN_JOB,
  job(2, 'apply', [...BUILDING_LINES, ...BUILT_LINES]),
  job(3, 'verify', ['The demo is up. 🎉']),
];
export const DESTROY_JOBS = [...BUILT_JOBS, job(4, 'destroy', DESTROY_LINES, false)];

export const BUILDING_VIEW = runView({
  status: 'deploying',
  reason: 'building',
  stages: BUILDING,
  eta: ETA,
  can_destroy: true,
});

export const LIVE_VIEW = runView({
  status: 'live',
  reason: 'healthy',
  stages: BUILT,
  live_url: 'https://d-7f3a.demo.example.com/',
  live_at: after(12.3),
  expires_at: after(72.3),
  max_expires_at: after(252.3),
  can_destroy: true,
  can_extend: true,
});

export const DESTROYING = runView({
  status: 'destroying',
  reason: 'visitor',
  stages: [...BUILT, ...down({ state: 'running', started_at: after(40.5) })],
  live_at: after(12.3),
});

export const QUARANTINED = runView({
  status: 'quarantined',
  reason: 'expired',
  stages: [
    ...BUILT,
    ...down({ state: 'failed', started_at: after(40.5), finished_at: after(52) }, { state: 'skipped' }),
  ],
  live_at: after(12.3),
});

export const GONE_VIEW = runView({
  status: 'idle',
  reason: 'visitor',
  elapsed_seconds: 3_480,
  live_at: after(12.3),
  stages: [
    ...BUILT,
    ...down(
      { state: 'succeeded', started_at: after(40.5), finished_at: after(47) },
      { state: 'succeeded', started_at: after(47.1), finished_at: after(47.5) },
    ),
  ],
  receipt: { ...RECEIPT, cost_usd: 0.17, gone_at: after(58), first_empty_at: after(52), second_empty_at: after(58) },
});

/** It broke off while it was being built, and somebody else has started another one since. */
export const FAILED_VIEW = runView({
  status: 'idle',
  reason: 'deploy_failed',
  elapsed_seconds: 1_500,
  stages: [
    ...up([PLANNED, { state: 'failed', started_at: after(1.1), finished_at: after(9) }, { state: 'skipped' }]),
    ...down(
      { state: 'succeeded', started_at: after(9.5), finished_at: after(15) },
      { state: 'succeeded', started_at: after(15.1), finished_at: after(15.5) },
    ),
  ],
  receipt: {
    ...RECEIPT,
    outcome: 'failed',
    cost_usd: 0.08,
    gone_at: after(25),
    first_empty_at: after(20),
    second_empty_at: after(25),
  },
});
