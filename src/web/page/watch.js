// @ts-check
import { fetchView, Problem, serverNow } from './api.js';

/** @typedef {import('./words.js').View} View */

const POLL_MS = 2_000;
const HIDDEN_POLL_MS = 15_000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * @typedef {object} Watched
 * @property {string | null} id of the run whose life is shown; null: whatever `current` is
 * @property {View | null} view
 * @property {boolean} isMissing there is no such run
 * @property {View | null} current as last seen; asked for only while no run is on its way
 * @property {number} currentAt when that was
 * @property {boolean} isLost the server does not answer
 */

/** @param {Watched} watched */
const isOver = ({ isMissing, view }) => isMissing || (view !== null && view.receipt !== null);

/** @param {unknown} error */
const askedToWaitMs = (error) => (error instanceof Problem ? (error.body.retry_after_seconds ?? 0) * 1000 : 0);

/**
 * Follows one run by polling, or `current` until there is one. Backs off while the server does not answer.
 *
 * @param {{ id: string | null, onUpdate: (watched: Watched) => void, onRound: (watched: Watched) => Promise<void> }} options
 */
export const createWatch = ({ id, onUpdate, onRound }) => {
  /** @type {Watched} */
  const watched = { id, view: null, isMissing: false, current: null, currentAt: 0, isLost: false };
  /** @type {{ run: string | null, current: string | null }} */
  const etags = { run: null, current: null };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let isPolling = false;
  let isDue = false;

  /** @param {string | null} runId @param {View | null} view */
  const follow = (runId, view) => {
    Object.assign(watched, { id: runId, view, isMissing: false });
    etags.run = null;
  };

  /** @param {string} runId */
  const askRun = async (runId) => {
    try {
      const answer = await fetchView(runId, etags.run);
      if (answer === null || runId !== watched.id) return;
      watched.view = answer.view;
      etags.run = answer.etag;
    } catch (error) {
      // A run that was seen, or has just been started here, does not cease to exist: that is a failure like others.
      const isUnknown = error instanceof Problem && error.status === 404 && watched.view === null;
      if (!isUnknown || runId !== id) throw error;
      watched.isMissing = true;
    }
  };

  const askCurrent = async () => {
    const answer = await fetchView('current', etags.current);
    if (answer !== null) {
      watched.current = answer.view;
      watched.currentAt = serverNow();
      etags.current = answer.etag;
    }
    const running = watched.current;
    if (watched.id === null && running !== null && running.id !== null) follow(running.id, running);
  };

  const ask = async () => {
    if (watched.id !== null && !isOver(watched)) await askRun(watched.id);
    if (watched.id === null || isOver(watched)) await askCurrent();
  };

  /** @param {unknown} error @returns {number} how long to wait */
  const noteFailure = (error) => {
    failures += 1;
    watched.isLost = true;
    return Math.min(Math.max(POLL_MS * 2 ** (failures - 1), askedToWaitMs(error)), LONGEST_BACKOFF_MS);
  };

  const round = async () => {
    try {
      await ask();
      failures = 0;
      watched.isLost = false;
      return document.hidden ? HIDDEN_POLL_MS : POLL_MS;
    } catch (error) {
      return noteFailure(error);
    }
  };

  const poll = async () => {
    clearTimeout(timer);
    if (isPolling) {
      isDue = true;
      return;
    }
    isPolling = true;
    const waitMs = await round();
    onUpdate(watched);
    await onRound(watched);
    isPolling = false;
    timer = setTimeout(poll, isDue ? 0 : waitMs);
    isDue = false;
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void poll();
  });

  return {
    /** Asks now, and goes on from there. */
    poll,
    /** Follows another run from now on. @param {string} runId @param {View | null} view */
    follow: (runId, view) => {
      follow(runId, view);
      onUpdate(watched);
      void poll();
    },
    /** Shows the answer of a change at once. @param {View} view */
    adopt: (view) => {
      if (view.id !== watched.id) return;
      watched.view = view;
      etags.run = null;
      onUpdate(watched);
      void poll();
    },
  };
};
