import type { Instant, Policy } from './deployment.ts';

/** What was built and cost money, from the click to the proof; `endedAt` null while it is not proven gone. */
export interface PaidRun {
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
  readonly hourlyCostUsd: number;
}

/** A budget of which a run has a share in every UTC month that it touches. */
export interface Budget {
  readonly monthlyUsd: number;
  readonly hourlyCostUsd: number;
  readonly policy: Policy;
}

const MS_PER_HOUR = 3_600_000;

/** The UTC month of an instant; `to` is the first instant of the next one. */
export const monthOf = (at: Instant): { readonly from: Instant; readonly to: Instant } => {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
};

const overlapMs = (from: Instant, to: Instant, month: { readonly from: Instant; readonly to: Instant }): number =>
  Math.max(0, Math.min(to, month.to) - Math.max(from, month.from));

/** What these runs cost inside the UTC month of now, by the clock; the meter of one that still exists goes on. */
export const spentUsd = (runs: readonly PaidRun[], now: Instant): number => {
  const month = monthOf(now);
  return runs.reduce(
    (sum, run) =>
      sum + (run.hourlyCostUsd * overlapMs(run.createdAt, Math.min(run.endedAt ?? now, now), month)) / MS_PER_HOUR,
    0,
  );
};

/** The latest end of a start, if everything takes as long as it may: its hard end, one whole destroy, and the proof. */
export const worstEndAt = (policy: Policy, startedAt: Instant): Instant =>
  startedAt +
  policy.deployDeadlineMs +
  policy.maxLifetimeMs +
  policy.hardEndMarginMs +
  policy.destroyDeadlineMs +
  policy.proofGapMs;

/**
 * Whether a start now could go beyond the budget of a month that it touches, and if so, from when on one would fit;
 * `until` is null when no month has room for a whole run. Null: it fits. The answer gets friendlier towards the end
 * of a month, since what comes after it is another month's.
 */
export const overBudget = (
  { monthlyUsd, hourlyCostUsd, policy }: Budget,
  runs: readonly PaidRun[],
  now: Instant,
): { readonly until: Instant | null } | null => {
  const month = monthOf(now);
  const worstUsd = (from: Instant, to: Instant): number => (hourlyCostUsd * Math.max(0, to - from)) / MS_PER_HOUR;
  const endAt = worstEndAt(policy, now);
  if (worstUsd(now, endAt) > monthlyUsd) return { until: null };
  const leftUsd = monthlyUsd - spentUsd(runs, now);
  if (worstUsd(now, Math.min(endAt, month.to)) <= leftUsd) return null;
  // So much of the month may be left at a start, if that takes it beyond the month's end.
  const payableMs = leftUsd <= 0 ? 0 : (leftUsd / hourlyCostUsd) * MS_PER_HOUR;
  return { until: Math.ceil(month.to - payableMs) };
};
