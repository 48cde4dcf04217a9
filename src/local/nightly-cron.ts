const HALF_A_DAY_MS = 12 * 3_600_000;

/** A cron expression whose first slot lies half a day after the start, so that it is out of a newcomer's way. */
export const firstNightlyCron = (startedAt: number, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(new Date(startedAt + HALF_A_DAY_MS));
  const part = (type: string): number => Number(parts.find((entry) => entry.type === type)?.value ?? 0);
  return `${part('minute')} ${part('hour')} * * *`;
};
