// @ts-check
/** How long page and button wait between questions to the server. Pure: chance is an argument. Milliseconds. */

/** While somebody looks and the server does not hold answers. */
export const POLL_MS = 2_000;
/** In a tab that nobody looks at, while a run is on its way. */
const HIDDEN_POLL_MS = 15_000;
/** In a tab that nobody looks at, while nothing is going on. */
const ASLEEP_POLL_MS = 60_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
/** Held answers of many visitors end at the same moment; they shall not all ask again at the same moment. */
const SPREAD_MS = 250;
/** The server may ask for more patience than this, and gets it; what is longer is a mistake. */
const LONGEST_ASKED_MS = 300_000;

/**
 * After an answer.
 *
 * @param {{ isHidden: boolean, isEventful: boolean, wasHeld: boolean, chance: number }} round `chance` from 0 to 1
 * @returns {number}
 */
export const waitAfterAnswer = ({ isHidden, isEventful, wasHeld, chance }) => {
  if (isHidden) return isEventful ? HIDDEN_POLL_MS : ASLEEP_POLL_MS;
  return wasHeld ? chance * SPREAD_MS : POLL_MS;
};

/**
 * After failures in a row: twice as long each time, from half of it to all of it by chance, so that a crowd does not
 * come back at once when the server does. Never less than the server asked for.
 *
 * @param {{ failures: number, askedMs: number, chance: number }} trouble `failures` at least 1, `chance` from 0 to 1
 * @returns {number}
 */
export const waitAfterFailure = ({ failures, askedMs, chance }) => {
  const longestMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
  return Math.max(longestMs * (0.5 + chance / 2), Math.min(askedMs, LONGEST_ASKED_MS));
};
