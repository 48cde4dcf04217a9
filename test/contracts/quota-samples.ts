import type { QuotaLimits, QuotaStart } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';

export const NO_LIMITS: QuotaLimits = { perVisitorPerDay: null, perDay: null, noOriginPerDay: null };
export const NONE_AT_ALL: QuotaLimits = { perVisitorPerDay: 0, perDay: 0, noOriginPerDay: 0 };
export const ONE_OF_EACH: QuotaLimits = { perVisitorPerDay: 1, perDay: 1, noOriginPerDay: 1 };

export const TAKEN = { taken: true };
export const refused = (limit: string) => ({ taken: false, limit });

/** A start of a visitor of its own, at the beginning of the samples, unless it says otherwise. */
export const startOf = (deploymentId: string, set: Partial<QuotaStart> = {}): QuotaStart => ({
  deploymentId,
  visitorHash: `hash-of-${deploymentId}`,
  hasOrigin: true,
  at: SAMPLE_START,
  ...set,
});

export const ANNE = { visitorHash: 'hash-of-anne' };
export const CURL = { hasOrigin: false };
