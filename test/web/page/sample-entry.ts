import type { LedgerEntryJson } from '../../../src/routes/schemas/ledger.ts';

/** An entry of the ledger: a run that lived for an hour. */
export const ledgerEntry = (change: Partial<LedgerEntryJson> = {}): LedgerEntryJson => ({
  id: '01a20c0f-0000-7000-8000-000000000001',
  created_at: '2026-11-24T13:02:00.000Z',
  live_at: '2026-11-24T13:14:00.000Z',
  down_at: '2026-11-24T14:14:00.000Z',
  gone_at: '2026-11-24T14:27:00.000Z',
  deploy_seconds: 720,
  live_seconds: 3_600,
  destroy_seconds: 780,
  total_seconds: 5_100,
  outcome: 'lived',
  reason: 'expired',
  cost_usd: 0.26,
  destroy_attempts: 1,
  sample: false,
  has_replay: false,
  proof: {
    kind: 'two_empty_readings',
    first_empty_at: '2026-11-24T14:22:00.000Z',
    second_empty_at: '2026-11-24T14:27:00.000Z',
  },
  ...change,
});
