import type { DeploymentJson } from '../../../src/routes/schemas/deployment.ts';

export type View = DeploymentJson;
export type Stage = View['stages'][number];

/** The view while nothing runs. */
export const IDLE: View = {
  id: null,
  status: 'idle',
  reason: 'idle',
  created_at: null,
  elapsed_seconds: 0,
  stages: [],
  progress: 0,
  eta: null,
  live_url: null,
  live_at: null,
  link_failing_since: null,
  expires_at: null,
  max_expires_at: null,
  expires_in_seconds: null,
  can_deploy: true,
  can_destroy: false,
  can_extend: false,
  blocked_reason: null,
  blocked_detail: null,
  retry_after_seconds: null,
  cost_so_far_usd: 0,
  version: 0,
  receipt: null,
};

/** 14:02 in Berlin. */
export const CREATED_AT = Date.parse('2026-11-24T13:02:00.000Z');

/** A view of a run that was asked for at 14:02. */
export const runView = (change: Partial<View>): View => ({
  ...IDLE,
  id: '01a20c0f-0000-7000-8000-000000000001',
  created_at: new Date(CREATED_AT).toISOString(),
  can_deploy: false,
  ...change,
});

export const stage = (change: Partial<Stage>): Stage => ({
  name: 'apply',
  direction: 'apply',
  state: 'waiting',
  started_at: null,
  finished_at: null,
  expected_seconds: null,
  ...change,
});

export const RECEIPT: NonNullable<View['receipt']> = {
  outcome: 'lived',
  gone_at: '2026-11-24T14:00:00.000Z',
  first_empty_at: '2026-11-24T13:55:00.000Z',
  second_empty_at: '2026-11-24T14:00:00.000Z',
  cost_usd: 0.24,
  destroy_attempts: 1,
  sample: false,
};
