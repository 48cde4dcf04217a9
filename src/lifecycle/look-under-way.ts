import type { Instant } from './deployment.ts';
import type { Observation } from './observation.ts';

/**
 * A look takes a claim, asks, and stores what it saw. Between the two the record looks as if a look were due, so
 * every other task would take the claim away, and none would ever store anything. So a fresh claim is waited for.
 */

/** What a look is asked for at. */
const LOOK_DUES = [
  'lookUpAt',
  'doubleCheckAt',
  'pollAt',
  'outputsAt',
  'probeAt',
  'inventoryAt',
  'cancelStrangersAt',
] as const;

type LookDues = Readonly<Record<(typeof LOOK_DUES)[number], Instant | null>>;

/**
 * Until when a look that was claimed and has stored nothing yet is waited for; 0 when there is none. Whoever crashed
 * in the middle costs this once.
 *
 * @param waitMs longer than any look takes, slow answers and repetitions included: were it less, two tasks would take each
 *   other's claims for ever, and neither would store what it saw
 */
export const lookUnderWayUntil = (observation: Observation, waitMs: number): Instant => {
  const { look, listing, listingTriedAt, outputs, probe, readings, lookEndedAt } = observation;
  const seenAt = [lookEndedAt, look?.at, listing?.at, listingTriedAt, outputs?.at, probe?.at, readings.at(-1)?.at];
  const isUnderWay = seenAt.every((at) => (at ?? 0) < observation.observedAt);
  return isUnderWay ? observation.observedAt + waitMs : 0;
};

/** The same due times, with no look before that instant. No deadline waits for a look. */
export const afterLookUnderWay = <Dues extends LookDues>(dues: Dues, until: Instant): Dues => {
  const later = LOOK_DUES.map((name) => [name, dues[name] === null ? null : Math.max(dues[name], until)] as const);
  return { ...dues, ...Object.fromEntries(later) };
};
