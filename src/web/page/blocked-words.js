// @ts-check
/** Why no demo can be started, and when to try again. Pure: the time is always an argument. */
import { clockWords, durationWords } from './figures.js';

/** @typedef {import('./words.js').View} View */

/** @type {Readonly<Record<NonNullable<View['blocked_reason']>, string>>} */
const BLOCKED = {
  running: 'Another demo is running.',
  paused: 'Demos are paused by the owner.',
  budget: 'The budget of this month is used up.',
  preflight: 'Something a demo needs does not work right now.',
  quota: 'As many demos as there may be in a day were started.',
  nightly_window: 'It is too close to the nightly clean-up: a demo started now would be cut off.',
};

/** Up to this far ahead, seconds are worth saying. */
const SECONDS_MATTER_WITHIN_MS = 600_000;

/**
 * Why no demo can be started now and until when, or null when it can.
 *
 * @param {View} view the view of `current`
 * @param {number} receivedAt when it was received
 * @param {number} now
 * @returns {string | null}
 */
export const blockedWords = (view, receivedAt, now) => {
  if (view.can_deploy) return null;
  const reason = (view.blocked_reason && BLOCKED[view.blocked_reason]) || 'A demo cannot be started right now.';
  const why = view.blocked_detail === null ? reason : `${reason} ${view.blocked_detail}`;
  if (view.retry_after_seconds === null || view.blocked_reason === 'running') return why;
  return `${why} ${againWords(receivedAt + view.retry_after_seconds * 1000, now)}`;
};

/**
 * When to try again: "Try again at 14:05, in 12 min."
 *
 * @param {number} at
 * @param {number} now
 * @returns {string}
 */
export const againWords = (at, now) =>
  `Try again at ${clockWords(at, now, at - now < SECONDS_MATTER_WITHIN_MS)}, in ${durationWords((at - now) / 1000)}.`;
