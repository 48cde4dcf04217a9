const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** In at most two units: `42 s`, `9 min 12 s`, `1 h 3 min`. Less than nothing, by clocks that differ, is `0 s`. */
export const durationText = (durationMs: number): string => {
  const whole = Math.max(0, Math.floor(durationMs / SECOND_MS) * SECOND_MS);
  const hours = Math.floor(whole / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  const seconds = (whole % MINUTE_MS) / SECOND_MS;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`;
};

/** An instant as a person reads it, in the zone that is the same for everybody: `14:02:07 UTC`. */
export const clockText = (instant: number): string => `${new Date(instant).toISOString().slice(11, 19)} UTC`;
