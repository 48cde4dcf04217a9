// @ts-check
/** Durations, clock times and money as people say them. Pure: the time is always an argument. */

const MINUTE_SECONDS = 60;
/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';
const SECONDS_MATTER_BELOW_MINUTES = 10;

/**
 * A duration: "42 s", "3 min 20 s", "12 min", "1 h 5 min". Seconds are left out where they do not matter.
 *
 * @param {number} seconds a negative one counts as none
 * @returns {string}
 */
export const durationWords = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE_SECONDS) return `${whole}${NBSP}s`;
  const minutes = Math.floor(whole / MINUTE_SECONDS);
  const restSeconds = whole % MINUTE_SECONDS;
  if (minutes < SECONDS_MATTER_BELOW_MINUTES && restSeconds > 0)
    return `${minutes}${NBSP}min${NBSP}${restSeconds}${NBSP}s`;
  if (minutes < 60) return `${minutes}${NBSP}min`;
  const restMinutes = minutes % 60;
  const hours = `${Math.floor(minutes / 60)}${NBSP}h`;
  return restMinutes === 0 ? hours : `${hours}${NBSP}${restMinutes}${NBSP}min`;
};

/**
 * A span of durations: "1 min 20 s to 1 min 45 s", or one of them when both read the same.
 *
 * @param {number} fromSeconds
 * @param {number} toSeconds
 * @returns {string}
 */
export const spanWords = (fromSeconds, toSeconds) => {
  const [from, to] = [durationWords(fromSeconds), durationWords(toSeconds)];
  return from === to ? from : `${from} to ${to}`;
};

// The page is written in English, so its times are too; the zone is the reader's own.
const MINUTES = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const SECONDS = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/**
 * A time of day in the reader's zone: "14:02"; with its day when that is not today.
 *
 * @param {number} at epoch milliseconds
 * @param {number} now epoch milliseconds
 * @param {boolean} [withSeconds]
 * @returns {string}
 */
export const clockWords = (at, now, withSeconds = false) => {
  const time = (withSeconds ? SECONDS : MINUTES).format(at);
  const day = DAY.format(at);
  return day === DAY.format(now) ? time : `${day}, ${time}`;
};

/**
 * A cost: "$0.24". One that rounds to nothing is said to be below a cent, unless it is nothing.
 *
 * @param {number} usd
 * @param {boolean} [isNothing] true when it is known that nothing was spent
 * @returns {string}
 */
export const moneyWords = (usd, isNothing = false) => {
  if (usd < 0.005) return isNothing ? '$0.00' : 'less than $0.01';
  return `$${usd.toFixed(2)}`;
};

/**
 * The instant of an API answer in epoch milliseconds; null stays null.
 *
 * @param {string | null} text
 * @returns {number | null}
 */
export const instantOf = (text) => (text === null ? null : Date.parse(text));
