import type { CheckReport, HealthReport, JobReport } from './health.ts';

type Level = 'warn' | 'error';
type Fields = Readonly<Record<string, unknown>>;

/** A silent job, a dead letter, a deployment that should be gone, a check that fails. */
export type TroubleKind = 'job' | 'letter' | 'overdue' | 'check';

/** Something that is wrong right now, as a report shows it. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Tells it from all others of its kind. */
  readonly name: string;
  readonly level: Level;
  readonly fields: Fields;
}

/** What a report says: what is wrong, and which kinds it says nothing about, so that nothing of them has ended. */
export interface Signs {
  readonly troubles: readonly Trouble[];
  readonly isKnown: (trouble: Trouble) => boolean;
}

/** A list that long may be cut: what is missing in it may still be there. It is the bound of `DeadLetterStore.list`. */
const LONGEST_LIST = 50;

const checkTrouble = ({ name, critical }: CheckReport): Trouble => ({
  kind: 'check',
  name,
  level: critical ? 'error' : 'warn',
  fields: { check: name },
});

const jobTrouble = ({ name, lastCompletedSlot }: JobReport): Trouble => ({
  kind: 'job',
  name,
  level: 'error',
  fields: {
    job: name,
    lastCompletedSlot: lastCompletedSlot === null ? null : new Date(lastCompletedSlot).toISOString(),
  },
});

/** Reads a report. The texts of checks and letters stay out of it: they are for `/healthz`, and not for every hour. */
export const signsOf = ({ checks, jobs, deadLetters, overdueDeployments }: HealthReport): Signs => {
  const letters = (deadLetters ?? []).map(
    ({ id, kind, attempts }): Trouble => ({
      kind: 'letter',
      name: id,
      level: 'error',
      fields: { id, kind, attempts },
    }),
  );
  const overdue: readonly Trouble[] =
    (overdueDeployments ?? 0) > 0
      ? [{ kind: 'overdue', name: '', level: 'error', fields: { deployments: overdueDeployments } }]
      : [];
  const unasked = checks.flatMap(({ name, state }) => (state === 'unknown' ? [name] : []));
  return {
    troubles: [
      ...checks.filter(({ state }) => state === 'failing').map(checkTrouble),
      ...jobs.filter(({ isSilent }) => isSilent).map(jobTrouble),
      ...letters,
      ...overdue,
    ],
    isKnown: ({ kind, name }) => {
      if (kind === 'letter') return deadLetters !== null && deadLetters.length < LONGEST_LIST;
      if (kind === 'overdue') return overdueDeployments !== null;
      return kind === 'job' || !unasked.includes(name);
    },
  };
};

/** A trouble that lasts. */
interface Lasting {
  readonly trouble: Trouble;
  readonly sinceMs: number;
  readonly sightings: number;
  readonly toldMs: number | null;
}

export type Troubles = ReadonlyMap<string, Lasting>;

export interface Said {
  readonly what: 'began' | 'lasts' | 'ended';
  readonly trouble: Trouble;
  readonly forMs: number;
}

/** A check is asked many times an hour; one bad answer is no trouble yet. */
const SIGHTINGS: Readonly<Record<TroubleKind, number>> = { check: 2, job: 1, letter: 1, overdue: 1 };

/** How often a trouble that lasts is said again: an alarm that looks at the last hours of the log must find it. */
export const REPEAT_MS = 3_600_000;

/** So many troubles are followed at once; there is a known number of checks and jobs, and of letters a list of 50. */
const MOST_TROUBLES = 100;

const keyOf = ({ kind, name }: Trouble): string => `${kind}:${name}`;

const seenAgain = (held: Lasting | undefined, trouble: Trouble, nowMs: number): Lasting => ({
  trouble,
  sinceMs: held?.sinceMs ?? nowMs,
  sightings: (held?.sightings ?? 0) + 1,
  toldMs: held?.toldMs ?? null,
});

const isDue = ({ trouble, sightings, toldMs }: Lasting, nowMs: number): boolean =>
  toldMs === null ? sightings >= SIGHTINGS[trouble.kind] : nowMs - toldMs >= REPEAT_MS;

/**
 * Compares what lasted with what a report shows: what is to be said, and what lasts now. A trouble is said once when it
 * begins, again every hour while it lasts, and once when it ends; one that was never said ends without a word.
 */
export const compareTroubles = (
  held: Troubles,
  { troubles, isKnown }: Signs,
  nowMs: number,
): { readonly held: Troubles; readonly said: readonly Said[] } => {
  const next = new Map<string, Lasting>();
  const said: Said[] = [];
  for (const trouble of troubles.slice(0, MOST_TROUBLES)) {
    const before = held.get(keyOf(trouble));
    const now = seenAgain(before, trouble, nowMs);
    const due = isDue(now, nowMs);
    if (due) said.push({ what: now.toldMs === null ? 'began' : 'lasts', trouble, forMs: nowMs - now.sinceMs });
    next.set(keyOf(trouble), due ? { ...now, toldMs: nowMs } : now);
  }
  for (const [key, lasting] of held) {
    if (next.has(key)) continue;
    const { trouble, sinceMs, toldMs } = lasting;
    if (!isKnown(trouble)) {
      if (next.size < MOST_TROUBLES) next.set(key, lasting);
    } else if (toldMs !== null) said.push({ what: 'ended', trouble, forMs: nowMs - sinceMs });
  }
  return { held: next, said };
};
