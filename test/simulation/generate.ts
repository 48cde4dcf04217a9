import type { Policy } from '../../src/lifecycle/deployment.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { createDice, type Dice } from '../fakes/dice.ts';
import { type Incident, OUTAGES, type Outage, type Plan, type RequestName } from './plan.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The real policy with a shorter life and rarer looks, so that more deployments fit into the same time. */
const COARSE_POLICY: Policy = {
  ...REAL_POLICY,
  pollMs: 30 * SECOND_MS,
  livePollMs: 5 * MINUTE_MS,
  probeMs: 150 * SECOND_MS,
  inventoryMs: 60 * SECOND_MS,
  ttlMs: 25 * MINUTE_MS,
  maxLifetimeMs: 60 * MINUTE_MS,
};

/** Longer than any plan is played. */
const NEVER_MS = 1_000 * HOUR_MS;

/** Two tasks' clocks differ by two minutes at most. */
const MOST_SKEW_MS = MINUTE_MS;
/** Where in a life a request is worth disturbing: among its first so many, and how likely compared with the others. */
const TARGETS: readonly { readonly request: RequestName; readonly among: number; readonly weight: number }[] = [
  { request: 'create', among: 4, weight: 5 },
  { request: 'recordReply', among: 4, weight: 4 },
  { request: 'decide', among: 30, weight: 6 },
  { request: 'acquire', among: 3, weight: 2 },
  { request: 'archive', among: 3, weight: 2 },
  { request: 'release', among: 3, weight: 2 },
  { request: 'claimLook', among: 60, weight: 2 },
  { request: 'storeLook', among: 60, weight: 2 },
  { request: 'active', among: 300, weight: 3 },
  { request: 'list', among: 12, weight: 2 },
  { request: 'read', among: 40, weight: 2 },
  { request: 'cancel', among: 3, weight: 2 },
  { request: 'liveUrl', among: 2, weight: 1 },
  { request: 'arm', among: 3, weight: 2 },
  { request: 'disarm', among: 3, weight: 2 },
  { request: 'hasten', among: 2, weight: 1 },
  { request: 'list-armed', among: 2, weight: 1 },
  { request: 'probe', among: 10, weight: 1 },
  { request: 'inventory', among: 12, weight: 2 },
  { request: 'sweep', among: 2, weight: 1 },
  { request: 'preflight', among: 3, weight: 1 },
  { request: 'claim', among: 2, weight: 1 },
  { request: 'find', among: 3, weight: 1 },
  { request: 'tombstone', among: 3, weight: 1 },
  { request: 'ledger', among: 3, weight: 1 },
  { request: 'take', among: 3, weight: 1 },
  { request: 'giveBack', among: 2, weight: 1 },
  { request: 'note', among: 3, weight: 1 },
  { request: 'remove', among: 6, weight: 1 },
  { request: 'list-letters', among: 6, weight: 1 },
  { request: 'claimSlot', among: 8, weight: 1 },
  { request: 'completeSlot', among: 6, weight: 1 },
  { request: 'lastCompleted', among: 8, weight: 1 },
  { request: 'switch', among: 3, weight: 1 },
  { request: 'countOf', among: 2, weight: 1 },
];
const WEIGHTED = TARGETS.flatMap((target) => Array.from({ length: target.weight }, () => target));

/** What a maker of incidents knows: who throws, how many tasks there are, and when something is going on. */
interface Scene {
  readonly dice: Dice;
  readonly tasks: number;
  /** Some time after one of the presses: within minutes, or within its life. */
  readonly soon: () => number;
  readonly outages: readonly Outage[];
}

type Maker = (scene: Scene) => Incident;

const pick = <T>(dice: Dice, from: readonly T[]): T => from[dice(from.length)] as T;

const aRequest = (dice: Dice): { readonly request: RequestName; readonly nth: number } => {
  const { request, among } = pick(dice, WEIGHTED);
  return { request, nth: 1 + dice(among) };
};

/** From a second to hours: half of them each length as likely as the next, half of them each order of length. */
const aWhile = (dice: Dice, longestMs: number): number => {
  if (dice(2) === 0) return SECOND_MS + dice(longestMs);
  const doublings = Math.floor(Math.log2(longestMs / SECOND_MS));
  return SECOND_MS * 2 ** dice(doublings) + dice(SECOND_MS);
};

const MAKERS: Readonly<Record<string, Maker>> = {
  teardown: ({ dice, soon, tasks }) => ({ kind: 'teardown', at: soon(), task: dice(tasks) }),
  extend: ({ dice, soon, tasks }) => ({
    kind: 'extend',
    at: soon(),
    task: dice(tasks),
    byMs: dice(HOUR_MS) - 10 * MINUTE_MS,
  }),
  crash: ({ dice, soon, tasks }) => ({ kind: 'crash', at: soon(), task: dice(tasks), downMs: aWhile(dice, HOUR_MS) }),
  pause: ({ dice, soon, tasks }) => ({ kind: 'pause', at: soon(), task: dice(tasks), ms: aWhile(dice, 2 * HOUR_MS) }),
  crashIn: ({ dice }) => ({
    kind: 'crash-in',
    ...aRequest(dice),
    when: dice(2) === 0 ? 'before' : 'after',
    ms: aWhile(dice, HOUR_MS),
  }),
  pauseIn: ({ dice }) => {
    const { request, nth } = aRequest(dice);
    // Between the look at the clock and the sending there is no waiting.
    const when = request === 'create' || dice(2) === 0 ? 'after' : 'before';
    return { kind: 'pause-in', request, nth, when, ms: aWhile(dice, 2 * HOUR_MS) };
  },
  lose: ({ dice }) => ({
    kind: 'lose',
    ...aRequest(dice),
    what: pick(dice, ['request', 'reply', 'late', 'twice', 'twice-late'] as const),
  }),
  hide: ({ dice, soon }) => ({ kind: 'hide', at: soon(), ms: aWhile(dice, 20 * MINUTE_MS) }),
  outage: ({ dice, soon, outages }) => ({
    kind: 'outage',
    of: pick(dice, outages),
    at: soon(),
    ms: aWhile(dice, 4 * HOUR_MS),
  }),
  apply: ({ dice }) => ({ kind: 'behaviour', direction: 'apply', nth: 1 + dice(2), ...anApply(dice) }),
  destroy: ({ dice }) => ({ kind: 'behaviour', direction: 'destroy', nth: 1 + dice(4), ...aDestroy(dice) }),
  refuse: ({ dice }) => ({ kind: 'refuse', nth: 1 + dice(4), retryable: dice(2) === 0, ofTwo: dice(4) === 0 }),
  leftovers: ({ dice }) => ({
    kind: 'leftovers',
    nth: 1 + dice(2),
    survives: dice(4),
    deletingMs: dice(12) === 0 ? NEVER_MS : dice(3) === 0 ? aWhile(dice, 3 * HOUR_MS) : 90 * SECOND_MS,
  }),
  byHand: ({ dice, soon }) => ({
    kind: pick(dice, ['hand-retry', 'auto-stop', 'foreign', 'orphan'] as const),
    at: soon(),
  }),
  dark: ({ dice, soon }) => ({ kind: 'dark', at: soon(), ms: aWhile(dice, 20 * HOUR_MS) }),
};

/** Kinds that hit one request among many, so that more of them are needed. */
const IN_REQUESTS: ReadonlySet<string> = new Set(['crashIn', 'pauseIn', 'lose']);

const ofAnyJob = (dice: Dice) => ({
  ...(dice(3) === 0 ? { durationMs: aWhile(dice, HOUR_MS) } : {}),
  ...(dice(4) === 0 ? { ignoresCancel: true } : {}),
  ...(dice(4) === 0 ? { zombieMs: aWhile(dice, 2 * MINUTE_MS) } : {}),
  ...(dice(4) === 0 ? { leavesLock: true } : {}),
  ...(dice(6) === 0 ? { autoCancelMs: aWhile(dice, 20 * MINUTE_MS) } : {}),
  ...(dice(6) === 0 ? { hiddenMs: aWhile(dice, 15 * MINUTE_MS) } : {}),
});

/** It may start within the time that it has, or hours later, when it must refuse. */
const anApply = (dice: Dice) => ({
  ...ofAnyJob(dice),
  ...(dice(3) === 0 ? { startDelayMs: aWhile(dice, pick(dice, [11 * MINUTE_MS, 4 * HOUR_MS])) } : {}),
  ...(dice(2) === 0 ? { end: pick(dice, ['fails', 'hangs'] as const) } : {}),
  ...(dice(6) === 0 ? { foreignLink: true } : {}),
  ...(dice(4) === 0 ? { retriedAfterMs: aWhile(dice, 10 * MINUTE_MS) } : {}),
  ...(dice(4) === 0 ? { retriedDurationMs: aWhile(dice, 5 * HOUR_MS) } : {}),
});

const aDestroy = (dice: Dice) => ({
  ...ofAnyJob(dice),
  ...(dice(3) === 0 ? { startDelayMs: aWhile(dice, HOUR_MS) } : {}),
  ...(dice(2) === 0 ? { end: pick(dice, ['fails', 'hangs', 'green-over-live'] as const) } : {}),
});

/** Beside a GitLab that hides a pipeline nothing else lies about it, and no refusal does: nobody could know of it. */
const besideHiding = (incident: Incident): readonly Incident[] => {
  if (incident.kind === 'outage' && incident.of === 'inventory-lags') return [];
  return incident.kind === 'refuse' ? [{ ...incident, ofTwo: false }] : [incident];
};

/**
 * Makes a plan from a seed: a few presses, and of a few kinds of trouble, chosen anew for each plan, some. Few kinds at
 * once find more than all of them together, which mostly keep anything from happening (swarm testing, Groce et al. 2012).
 */
export const generatePlan = (seed: number): Plan => {
  const dice = createDice(seed ^ 0x5eed);
  const tasks = 1 + dice(3);
  const policy = dice(4) === 0 ? REAL_POLICY : COARSE_POLICY;
  const presses = 1 + dice(3);
  const gapMs = pick(dice, [15, 40, 80]) * MINUTE_MS;
  const incidents: Incident[] = [];
  const pressedAt = Array.from({ length: presses }, (_, press) => press * gapMs + dice(5 * MINUTE_MS) + 2 * MINUTE_MS);
  for (const [press, at] of pressedAt.entries()) {
    const key = dice(3) === 0 ? press : null;
    // An impatient one presses several times, and not always at the same task.
    for (let times = 0; times <= dice(3); times += 1) {
      incidents.push({ kind: 'press', at: at + dice(20 * SECOND_MS), task: dice(tasks), key });
    }
  }
  const soon = (): number => pick(dice, pressedAt) + aWhile(dice, pick(dice, [4, 20, 80]) * MINUTE_MS);
  const scene = { dice, tasks, soon, outages: [pick(dice, OUTAGES), pick(dice, OUTAGES)] };
  const oneIn = pick(dice, [2, 3, 4, 8]);
  for (const [kind, make] of Object.entries(MAKERS)) {
    if (dice(oneIn) !== 0) continue;
    const most = IN_REQUESTS.has(kind) ? 12 : 4;
    for (let times = dice(most); times >= 0; times -= 1) incidents.push(make(scene));
  }
  // Twice blind at the right moments, or blind or late while GitLab hides what runs: no proof by looking could tell.
  const hides = incidents.some((incident) => incident.kind === 'hide' || 'hiddenMs' in incident);
  if (!hides && dice(2) === 0) incidents.push({ kind: 'blind', nth: 1 + dice(6) });
  const hasSkew = dice(3) === 0;
  const skewsMs = [0, 1, 2].map(() => (hasSkew ? dice(2 * MOST_SKEW_MS) - MOST_SKEW_MS : 0));
  return { seed, policy, tasks, skewsMs, incidents: hides ? incidents.flatMap(besideHiding) : incidents };
};
