import { type Budget, monthOf, overBudget, type PaidRun } from './budget.ts';
import type { Instant, Policy } from './deployment.ts';
import { DemoError, type DemoErrorCode } from './errors.ts';
import type { Clock, DeploymentReader, Preflight, QuotaLimits, QuotaStore, SwitchStore } from './ports.ts';
import { createSharedRead } from './shared-read.ts';
import type { Blockage, BlockedReason } from './view.ts';

export interface GuardDeps {
  readonly reader: Pick<DeploymentReader, 'active' | 'ledger'>;
  readonly switchStore: Pick<SwitchStore, 'read'>;
  readonly quotas: Pick<QuotaStore, 'countOf'>;
  readonly preflight: Pick<Preflight, 'standing'>;
  readonly clock: Clock;
  readonly budget: Budget;
  readonly limits: QuotaLimits;
  /** The next slot of the nightly clean-up; null when it is switched off. */
  readonly nextNightlyAt: () => Instant | null;
}

/** What stops every start, whoever asks: one answer for the button and for the request. */
export interface Guards {
  /** From reads that everybody shares, a few seconds old at most. */
  standing(): Promise<Blockage | null>;
  /** Read anew, for a start that is about to take the lock. Whether its quota is used up, the quota itself says. */
  fresh(): Promise<Blockage | null>;
  /**
   * A start was prepared, or given up before anything was built. After the latter none is accepted for a minute, and
   * for longer each time it happens again: each of them takes the lock and leaves an entry in the ledger.
   */
  noteStart(isPrepared: boolean): void;
  /** Something that is shared was just changed from here. */
  invalidate(): void;
}

/** The switch and the day's count are read at most this often while somebody watches. */
const SHARED_AGE_MS = 5_000;
/** The runs of a month are many pages, so those who only watch see a run's end this late, and a start so late. */
const RUNS_AGE_MS = 60_000;
const FRESH_RUNS_AGE_MS = 5_000;
const RUNS_PER_PAGE = 100;
/** A bound for a table that was never meant to be that busy: two months of 32 demos a day. */
const MOST_PAGES = 20;
/** After a start that could not be prepared; doubled each time, up to the longest. */
const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** A run that began so long before the month may still have cost something in it. */
const LONGEST_RUN_MS = 31 * DAY_MS;

const CODES: Readonly<Record<Exclude<BlockedReason, 'running'>, DemoErrorCode>> = Object.freeze({
  paused: 'PAUSED',
  budget: 'BUDGET_SPENT',
  preflight: 'PREFLIGHT_FAILED',
  nightly_window: 'NIGHTLY_WINDOW',
  quota: 'QUOTA_EXCEEDED',
});

/** The refusal that a blockage stands for, with the wait where it is known. */
export const refusalOf = ({ reason, until, detail }: Blockage, now: Instant): DemoError => {
  const code = reason === 'running' ? 'ALREADY_RUNNING' : CODES[reason];
  return new DemoError(code, {
    ...(until === null ? {} : { until, retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1000)) }),
    ...(detail === null ? {} : { detail }),
  });
};

/** The first instant of the next UTC day, when quotas begin anew. */
export const nextDayAt = (now: Instant): Instant => (Math.floor(now / DAY_MS) + 1) * DAY_MS;

/**
 * The instant until which no start is accepted, or null: a demo that could not be live before the nightly clean-up
 * is refused, so that nobody is cut off by surprise.
 */
export const nightlyBlockUntil = (policy: Policy, nightlyAt: Instant | null, now: Instant): Instant | null =>
  nightlyAt !== null && now + policy.deployDeadlineMs > nightlyAt ? nightlyAt : null;

const blocked = (reason: BlockedReason, until: Instant | null = null, detail: string | null = null): Blockage => ({
  reason,
  until,
  detail,
});

/**
 * Every run that cost anything and may reach into the month of now, from the ledger and the record; null when there are
 * more than can be read, so that nobody knows what was spent.
 */
const readRuns = async (reader: GuardDeps['reader'], now: Instant): Promise<readonly PaidRun[] | null> => {
  const runs: PaidRun[] = [];
  const active = (await reader.active())?.deployment;
  if (active !== undefined) {
    runs.push({
      createdAt: active.createdAt,
      endedAt: active.gone?.at ?? null,
      hourlyCostUsd: active.hourlyCostUsd,
    });
  }
  const oldest = monthOf(now).from - LONGEST_RUN_MS;
  let before: Parameters<typeof reader.ledger>[0]['before'] = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await reader.ledger({ limit: RUNS_PER_PAGE, before });
    for (const { outcome, sample, createdAt, gone, hourlyCostUsd } of page.tombstones) {
      if (outcome !== 'never_built' && !sample) runs.push({ createdAt, endedAt: gone.at, hourlyCostUsd });
    }
    before = page.next;
    if (before === null || before.createdAt < oldest) return runs;
  }
  return null;
};

/** Makes the pause after starts that could not be prepared. */
const createPause = ({ clock }: Pick<GuardDeps, 'clock'>) => {
  let failures = 0;
  let until: Instant | null = null;
  return {
    until: (): Instant | null => (until !== null && clock.now() < until ? until : null),
    note: (isPrepared: boolean): void => {
      const waitMs = Math.min(PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures = isPrepared ? 0 : failures + 1;
      until = isPrepared ? null : clock.now() + waitMs;
    },
  };
};

/** Makes the guards, asked in the order in which a visitor should hear of them. */
export const createGuards = (deps: GuardDeps): Guards => {
  const { clock, budget, limits } = deps;
  const sharedSwitch = createSharedRead(clock, SHARED_AGE_MS, () => deps.switchStore.read());
  const sharedRuns = createSharedRead(clock, RUNS_AGE_MS, () => readRuns(deps.reader, clock.now()));
  const freshRuns = createSharedRead(clock, FRESH_RUNS_AGE_MS, () => readRuns(deps.reader, clock.now()));
  const sharedCount = createSharedRead(clock, SHARED_AGE_MS, () => deps.quotas.countOf(clock.now()));

  const pause = createPause(deps);

  const blockage = async (
    readSwitch: () => ReturnType<SwitchStore['read']>,
    readPaidRuns: () => Promise<readonly PaidRun[] | null>,
  ): Promise<Blockage | null> => {
    const position = await readSwitch();
    if (position?.paused === true) return blocked('paused', null, position.reason);
    const runs = await readPaidRuns();
    const over = runs === null ? { until: null } : overBudget(budget, runs, clock.now());
    if (over !== null) return blocked('budget', over.until);
    const { failed } = deps.preflight.standing();
    if (failed.length > 0) return blocked('preflight', null, `Not ready: ${failed.join(', ')}.`);
    const pausedUntil = pause.until();
    if (pausedUntil !== null) return blocked('preflight', pausedUntil, 'The last start could not be prepared.');
    const nightlyAt = nightlyBlockUntil(budget.policy, deps.nextNightlyAt(), clock.now());
    return nightlyAt === null ? null : blocked('nightly_window', nightlyAt);
  };

  const dayIsFull = async (): Promise<boolean> => limits.perDay !== null && (await sharedCount.get()) >= limits.perDay;

  return {
    standing: async () => {
      const first = await blockage(sharedSwitch.get, sharedRuns.get);
      if (first !== null) return first;
      return (await dayIsFull()) ? blocked('quota', nextDayAt(clock.now())) : null;
    },
    fresh: () => blockage(() => deps.switchStore.read(), freshRuns.get),
    noteStart: pause.note,
    invalidate: () => {
      for (const shared of [sharedSwitch, sharedRuns, freshRuns, sharedCount]) shared.drop();
    },
  };
};
