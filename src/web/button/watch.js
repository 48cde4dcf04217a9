// @ts-check
/** Watches what runs on one server, for all the buttons of a document at once. */
import { waitAfterFailure } from '../page/backoff.js';
import { askedToWaitMs } from '../page/problem.js';

/** @typedef {import('./server-api.js').View} View */
/** @typedef {ReturnType<typeof import('./server-api.js').createServerApi>} ServerApi */
/**
 * @typedef {object} Seen
 * @property {View | null} view
 * @property {number} receivedAt when it came
 * @property {number} heardAt when the server last said that it is so
 * @property {boolean} isLost
 */

const TICK_MS = 1_000;
/** Between a change and the question for the next one. */
const BREATH_MS = 250;
/** When the server has no place to hold an answer. */
const POLL_MS = 5_000;
/** Ticks this far apart mean that the machine slept. */
const SLEPT_MS = 10_000;

/**
 * Asks while anybody listens and the document can be seen: one question at a time, which the server may hold until
 * something changes. Listeners are told of each change, and every second for what counts down.
 *
 * @param {Pick<ServerApi, 'now' | 'fetchCurrent'>} api
 */
export const createWatch = (api) => {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {Seen} */
  const seen = { view: null, receivedAt: 0, heardAt: 0, isLost: false };
  /** @type {string | null} */
  let etag = null;
  let failures = 0;
  let mayWait = false;
  let inFlight = new AbortController();
  let endRest = () => {};
  let endLife = () => {};

  const tell = () => {
    for (const listener of listeners) listener();
  };

  /** @param {View} view @param {string | null} tag */
  const take = (view, tag) => {
    seen.view = view;
    seen.receivedAt = seen.heardAt = api.now();
    etag = tag;
  };

  /** @returns {Promise<number>} how long to rest */
  const ask = async () => {
    inFlight = new AbortController();
    const { signal } = inFlight;
    const hadToAnswerAtOnce = !mayWait;
    try {
      const answer = await api.fetchCurrent({ etag, mayWait, signal });
      if (signal.aborted) return 0;
      if (answer.view !== null) take(answer.view, answer.etag);
      seen.heardAt = api.now();
      seen.isLost = false;
      failures = 0;
      mayWait = etag !== null;
      tell();
      return answer.view !== null || answer.wasHeld || hadToAnswerAtOnce ? BREATH_MS : POLL_MS;
    } catch (error) {
      if (signal.aborted) return 0;
      failures += 1;
      mayWait = false;
      // A single failure is not worth a word when there is something to show; the next answer is a second away.
      seen.isLost = seen.view === null || failures > 1;
      tell();
      return waitAfterFailure({ failures, askedMs: askedToWaitMs(error), chance: Math.random() });
    }
  };

  /** @param {number | null} ms null: until something ends it @returns {Promise<void>} */
  const rest = (ms) =>
    new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Asks anew, at once if the document can be seen; what was asked before is given up. */
  const wake = () => {
    mayWait = false;
    inFlight.abort();
    endRest();
  };

  /** @param {AbortSignal} life */
  const live = async (life) => {
    while (!life.aborted) {
      const restMs = document.hidden ? null : await ask();
      // Another life may have begun meanwhile, whose rest this one must not take for its own.
      if (!life.aborted) await rest(restMs);
    }
  };

  const begin = () => {
    const life = new AbortController();
    const { signal } = life;
    let tickedAt = Date.now();
    const ticker = setInterval(() => {
      const pausedMs = Date.now() - tickedAt;
      tickedAt = Date.now();
      if (document.hidden) return;
      if (pausedMs > SLEPT_MS) wake();
      tell();
    }, TICK_MS);
    document.addEventListener('visibilitychange', wake, { signal });
    for (const change of ['online', 'offline']) addEventListener(change, wake, { signal });
    endLife = () => {
      clearInterval(ticker);
      life.abort();
      wake();
    };
    void live(signal);
  };

  return {
    seen,
    wake,
    /** Shows a view that another answer brought. @param {View} view */
    adopt: (view) => {
      take(view, null);
      tell();
    },
    /** Says that something else changed that listeners show. */
    tell,
    /** @param {() => void} listener @returns {() => void} stops listening; the last to do so ends the watch */
    listen: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) begin();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) endLife();
      };
    },
  };
};
