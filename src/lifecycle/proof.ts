import type { Deployment, Instant, Proof } from './deployment.ts';
import { lastSettledAt, lateStartsOverAt } from './facts.ts';
import type { InventoryReading } from './observation.ts';

const isEmpty = (reading: InventoryReading): boolean => reading.answer === 'empty' && reading.pipelinesQuiet;
const isSilent = (reading: InventoryReading): boolean =>
  reading.answer === 'unknown' || (reading.answer === 'empty' && !reading.pipelinesQuiet);

/**
 * Adds a reading and keeps only what the proof needs: the first and the latest of an unbroken run of empty ones,
 * or the latest sighting. A reading that tells nothing neither counts nor breaks a run; anything seen breaks it.
 * Readings up to `countFrom` are dropped, so that an early one never stands in for the first that counts.
 */
export const appendReading = (
  readings: readonly InventoryReading[],
  reading: InventoryReading,
  countFrom: Instant,
): readonly InventoryReading[] => {
  const told = readings.filter((earlier) => !isSilent(earlier) && earlier.at > countFrom);
  if (isSilent(reading)) return [...told, reading];
  const first = told[0];
  if (!isEmpty(reading) || first === undefined || !isEmpty(first)) return [reading];
  return [first, reading];
};

/** The earliest instant from which an empty reading counts: nothing of ours runs, and nothing can start late. */
export const readingsCountFrom = (deployment: Deployment): Instant => {
  const downSince = deployment.goal.direction === 'down' ? deployment.goal.since : Number.POSITIVE_INFINITY;
  return Math.max(downSince, lastSettledAt(deployment), lateStartsOverAt(deployment));
};

/** The latest reading, if it was taken after the last attempt ended. */
export const latestReading = (
  deployment: Deployment,
  readings: readonly InventoryReading[],
): InventoryReading | null => {
  const latest = readings.at(-1);
  return latest !== undefined && latest.at > lastSettledAt(deployment) ? latest : null;
};

/** The readings that count as "empty" for the proof. */
export const countingReadings = (
  deployment: Deployment,
  readings: readonly InventoryReading[],
): readonly InventoryReading[] => {
  const from = readingsCountFrom(deployment);
  return readings.filter((reading) => isEmpty(reading) && reading.at > from);
};

/**
 * Gone means proven: two empty readings at least `proofGapMs` apart, with nothing seen between them, both after
 * the goal went down, after every attempt ended and after no apply can start any more, and each taken when every
 * pipeline that carries the deployment's id had just been listed as terminal. Null while that is not so.
 */
export const proofOf = (deployment: Deployment, readings: readonly InventoryReading[]): Proof | null => {
  const counting = countingReadings(deployment, readings);
  const first = counting[0];
  const last = counting.at(-1);
  if (first === undefined || last === undefined) return null;
  if (last.at - first.at < deployment.policy.proofGapMs) return null;
  return { kind: 'two-empty-readings', at: last.at, firstAt: first.at, secondAt: last.at };
};
