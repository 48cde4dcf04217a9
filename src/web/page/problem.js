// @ts-check
/** What the API refuses, and how it is said. The times are always arguments. */
import { againWords } from './blocked-words.js';

/** @typedef {import('../../routes/schemas/problem.ts').ProblemJson} ProblemJson */

/** A refusal of the API, as RFC 9457 problem. */
export class Problem extends Error {
  /** @param {number} status @param {Partial<ProblemJson>} body */
  constructor(status, body) {
    super(typeof body.title === 'string' ? body.title : `The server answered with ${status}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * How much patience the server asked for; none when it asked for nothing, or for nonsense.
 *
 * @param {unknown} error
 * @returns {number} milliseconds
 */
export const askedToWaitMs = (error) => {
  const seconds = error instanceof Problem ? Number(error.body.retry_after_seconds) : 0;
  return seconds > 0 ? seconds * 1000 : 0;
};

/**
 * Why a start was refused and when to try again.
 *
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
