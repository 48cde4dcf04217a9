import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Budget, monthOf, overBudget, type PaidRun, spentUsd, worstEndAt } from '../../src/lifecycle/budget.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { MINUTE_MS } from '../fakes/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const NOVEMBER = Date.UTC(2026, 10);
const DECEMBER = Date.UTC(2026, 11);
const HOURLY_COST_USD = 0.2;
const WORST_HOURS = (worstEndAt(REAL_POLICY, 0) - 0) / HOUR_MS;
const WORST_USD = WORST_HOURS * HOURLY_COST_USD;

const budgetOf = (monthlyUsd: number): Budget => ({ monthlyUsd, hourlyCostUsd: HOURLY_COST_USD, policy: REAL_POLICY });

const runOf = (createdAt: number, endedAt: number | null): PaidRun => ({
  createdAt,
  endedAt,
  hourlyCostUsd: HOURLY_COST_USD,
});

/** Money is a fraction of a cent here; equality to a billionth of a dollar is equality. */
const isAbout = (t: Test, found: number, wanted: number, message?: string): void => {
  t.ok(Math.abs(found - wanted) < 1e-9, message ?? `${found} is about ${wanted}`);
};

t.test('Given an instant, when its month is asked for, then both ends are in UTC, also over a new year', (t) => {
  t.same(monthOf(NOVEMBER), { from: NOVEMBER, to: DECEMBER });
  t.same(monthOf(DECEMBER - 1), { from: NOVEMBER, to: DECEMBER });
  t.same(monthOf(DECEMBER), { from: DECEMBER, to: Date.UTC(2027, 0) });
  t.end();
});

t.test(
  'Given the policy, when all of it is used up, then a run ends after its hard end, a destroy and a proof',
  (t) => {
    t.equal(worstEndAt(REAL_POLICY, NOVEMBER) - NOVEMBER, (45 + 240 + 30 + 40 + 5) * MINUTE_MS);
    t.end();
  },
);

t.test('Given runs across the ends of a month, when they are added up, then only the hours inside it count', (t) => {
  const now = DECEMBER - HOUR_MS;
  isAbout(t, spentUsd([], now), 0);
  isAbout(t, spentUsd([runOf(NOVEMBER - HOUR_MS, NOVEMBER + 2 * HOUR_MS)], now), 2 * HOURLY_COST_USD);
  isAbout(t, spentUsd([runOf(NOVEMBER - 2 * HOUR_MS, NOVEMBER)], now), 0, 'ended with the month before');
  isAbout(t, spentUsd([runOf(now - 3 * HOUR_MS, null)], now), 3 * HOURLY_COST_USD, 'the meter is running');
  isAbout(t, spentUsd([runOf(now - 3 * HOUR_MS, null)], DECEMBER + HOUR_MS), HOURLY_COST_USD, 'and goes on');
  const dearer = { ...runOf(NOVEMBER, NOVEMBER + HOUR_MS), hourlyCostUsd: 3 };
  isAbout(t, spentUsd([dearer], now), 3, 'at the price as of its start');
  t.end();
});

t.test('Given any runs, when they are added up, then months share a run without a gap and without an overlap', (t) => {
  const span = 90 * 24 * 60;
  fc.assert(
    fc.property(fc.nat(span), fc.nat(span), (a, b) => {
      const [from, to] = [NOVEMBER + Math.min(a, b) * MINUTE_MS, NOVEMBER + Math.max(a, b) * MINUTE_MS];
      const runs = [runOf(from, to)];
      const months = [0, 1, 2, 3].map((month) => spentUsd(runs, Date.UTC(2026, 11 + month) - 1));
      const all = ((to - from) / HOUR_MS) * HOURLY_COST_USD;
      return Math.abs(months.reduce((sum, month) => sum + month, 0) - all) < 1e-6;
    }),
  );
  t.end();
});

t.test(
  'Given a budget, when a whole run just fits into what is left, then it may start, and one cent less not',
  (t) => {
    const now = NOVEMBER + 100 * HOUR_MS;
    const runs = [runOf(now - 50 * HOUR_MS, now - 40 * HOUR_MS)];
    const spent = 10 * HOURLY_COST_USD;
    t.equal(overBudget(budgetOf(spent + WORST_USD + 1e-9), runs, now), null);
    t.match(overBudget(budgetOf(spent + WORST_USD - 0.01), runs, now), { until: Number });
    t.end();
  },
);

t.test(
  'Given too little is left, when the end of the month is near enough, then a start fits again at `until`',
  (t) => {
    const now = NOVEMBER + 100 * HOUR_MS;
    const runs = [runOf(now - 50 * HOUR_MS, now - 40 * HOUR_MS)];
    const budget = budgetOf(10 * HOURLY_COST_USD + WORST_USD / 2);
    // Half of a worst case is left: from half its hours before the month's end on, the other half is December's.
    const until = overBudget(budget, runs, now)?.until ?? 0;
    t.equal(until, DECEMBER - (WORST_HOURS / 2) * HOUR_MS);
    t.not(overBudget(budget, runs, until - 1_000), null);
    t.equal(overBudget(budget, runs, until + 1_000), null);
    t.end();
  },
);

t.test('Given more than the budget is spent, when a start is asked for, then it waits for the next month', (t) => {
  const now = NOVEMBER + 200 * HOUR_MS;
  const runs = [runOf(NOVEMBER, now)];
  const budget = budgetOf(WORST_USD + 1);
  t.same(overBudget(budget, runs, now), { until: DECEMBER });
  t.not(overBudget(budget, runs, DECEMBER - 1), null);
  t.equal(overBudget(budget, runs, DECEMBER), null);
  t.end();
});

t.test('Given a budget under one whole run, when a start is asked for, then no time is promised', (t) => {
  t.same(overBudget(budgetOf(WORST_USD - 0.01), [], NOVEMBER), { until: null });
  t.equal(overBudget(budgetOf(WORST_USD), [], NOVEMBER), null);
  t.same(overBudget(budgetOf(0), [], DECEMBER - 1), { until: null }, 'not even just before the end of the month');
  t.equal(overBudget({ ...budgetOf(0), hourlyCostUsd: 0 }, [], NOVEMBER), null, 'what costs nothing always fits');
  t.end();
});

t.test('Given any spending, when a start is accepted, then even its worst case stays inside every month', (t) => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.nat(40 * 24 * 60),
      fc.nat(30 * 60),
      (monthlyUsd, minutesIn, minutesRun) => {
        const now = NOVEMBER + minutesIn * MINUTE_MS;
        const runs = [runOf(now - minutesRun * MINUTE_MS, now)];
        if (overBudget(budgetOf(monthlyUsd), runs, now) !== null) return true;
        const all = [...runs, runOf(now, worstEndAt(REAL_POLICY, now))];
        const months = [now, monthOf(now).to].map((at) => spentUsd(all, monthOf(at).to - 1));
        return months.every((spent) => spent <= monthlyUsd + 1e-6);
      },
    ),
    { numRuns: 2_000 },
  );
  t.end();
});
