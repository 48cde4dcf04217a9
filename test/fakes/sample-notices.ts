import type { Notice } from '../../src/lifecycle/notice.ts';

export const NOTICE_AT = Date.parse('2026-11-20T09:41:30Z');

const deploymentId = '01930000-0000-7000-8000-000000000001';
const at = NOTICE_AT;

/** One of each kind. */
export const NOTICES = {
  started: { kind: 'started', deploymentId, at, referringPage: 'https://cv.example.com/resume' },
  live: { kind: 'live', deploymentId, at, url: 'https://a.demo.example.com/', expiresAt: at + 3_600_000 },
  failed: { kind: 'failed', deploymentId, at, reason: 'deploy_failed' },
  quarantined: { kind: 'quarantined', deploymentId, at, leftovers: ['cluster demo-000000000001', 'eip <1> & 2'] },
  gone: { kind: 'gone', deploymentId, at, reason: 'expired', costUsd: 0.2 },
  orphan: { kind: 'orphan', deploymentId, at, sightings: 2 },
  job_silent: { kind: 'job_silent', job: 'nightly', at, lastCompletedSlot: at - 86_400_000 },
} as const satisfies { readonly [Kind in Notice['kind']]: Extract<Notice, { kind: Kind }> };

export const ALL_NOTICES: readonly Notice[] = Object.values(NOTICES);
