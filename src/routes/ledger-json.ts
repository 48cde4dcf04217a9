import type { Instant } from '../lifecycle/deployment.ts';
import type { LedgerPage } from '../lifecycle/ports.ts';
import type { Tombstone } from '../lifecycle/tombstone.ts';
import { ledgerCursor } from './cursors.ts';
import type { LedgerEntryJson, LedgerJson } from './schemas/ledger.ts';
import { isoOf, isoOrNull } from './view-json.ts';

const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, Math.round((to - from) / 1000));

const proofJson = (gone: Tombstone['gone']): LedgerEntryJson['proof'] =>
  gone.kind === 'never-built'
    ? { kind: 'never_built', first_empty_at: null, second_empty_at: null }
    : { kind: 'two_empty_readings', first_empty_at: isoOf(gone.firstAt), second_empty_at: isoOf(gone.secondAt) };

const entryJson = (entry: Tombstone, recordedId: string | null): LedgerEntryJson => ({
  id: entry.id,
  created_at: isoOf(entry.createdAt),
  live_at: isoOrNull(entry.liveAt),
  down_at: isoOf(entry.downAt),
  gone_at: isoOf(entry.gone.at),
  deploy_seconds: entry.liveAt === null ? null : secondsBetween(entry.createdAt, entry.liveAt),
  live_seconds: entry.liveAt === null ? null : secondsBetween(entry.liveAt, entry.downAt),
  destroy_seconds: secondsBetween(entry.downAt, entry.gone.at),
  total_seconds: secondsBetween(entry.createdAt, entry.gone.at),
  outcome: entry.outcome,
  reason: entry.reason,
  cost_usd: entry.costUsd,
  destroy_attempts: entry.destroyAttempts,
  sample: entry.sample,
  has_replay: entry.id === recordedId,
  proof: proofJson(entry.gone),
});

/** A page of the ledger as JSON: no visitor, no token hash, no pipeline. `recordedId`: which run can be watched again. */
export const ledgerJson = (page: LedgerPage, recordedId: string | null): LedgerJson => ({
  entries: page.tombstones.map((entry) => entryJson(entry, recordedId)),
  next_cursor: page.next === null ? null : ledgerCursor(page.next),
});
