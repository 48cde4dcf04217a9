import type { DownReason, Instant, Proof } from './deployment.ts';
import type { ObservedPipeline } from './observation.ts';

/** What stays of a deployment once it is proven gone: the permalink, the ledger and the forecast live on it. */
export interface Tombstone {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly liveAt: Instant | null;
  readonly downAt: Instant;
  readonly reason: DownReason;
  readonly outcome: 'lived' | 'failed' | 'never_built';
  readonly gone: Proof;
  /** Meter by the clock: price times the hours until the proof; 0 when nothing was ever built. */
  readonly costUsd: number;
  readonly hourlyCostUsd: number;
  readonly destroyAttempts: number;
  readonly applyPipeline: ObservedPipeline | null;
  readonly destroyPipeline: ObservedPipeline | null;
  /** SHA-256 of the control token, hex, so that its holder still gets a receipt and a stranger a refusal. */
  readonly controlTokenHash: string | null;
  /** A made-up run that ships for the first day, marked as such wherever it is shown. */
  readonly sample: boolean;
}
