// @ts-check
/** Why a start was refused and when to try again, in the words of the page. Pure: the time is always an argument. */
import { againWords } from '../page/blocked-words.js';
import { Problem } from './server-api.js';

/**
 * @param {unknown} error
 * @param {number} now
 * @returns {string}
 */
export const refusalWords = (error, now) => {
  if (!(error instanceof Problem)) return 'The server did not answer. Please try again.';
  const { detail, until, retry_after_seconds: waitSeconds } = error.body;
  // A wait without a time is only a polite guess of when to ask again, and nobody's promise.
  const isCounted = until === undefined && error.status === 429 && waitSeconds !== undefined;
  const againAt = until !== undefined ? Date.parse(until) : isCounted ? now + waitSeconds * 1000 : null;
  const sentences = [`${error.message}.`, detail ?? ''];
  if (againAt !== null && (error.status === 429 || error.status === 503)) sentences.push(againWords(againAt, now));
  return sentences.filter((sentence) => sentence !== '').join(' ');
};
