// @ts-check
import { fetchView, serverNow } from './api.js';
import { waitAfterAnswer, waitAfterFailure } from './backoff.js';
import { askedToWaitMs, Problem } from './problem.js';

/** @typedef {import('./words.js').View} View */

/** An answer that says it was held and comes sooner than this was held by nobody: no reason to ask again at once. */
const SHORTEST_HOLD_MS = 500;

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

/**
 * Follows one run, or `current` until there is one. One question at a time, whose answer the server holds until
 * something changes; backs off while there is no answer, asks rarely in a hidden tab, and at once when it is looked at
 * again or the network is back.
 *
 * @param {{ id: string | null, onUpdate: (watched: Watched) => void }} options
 */
export const createWatch = ({ id, onUpdate }) => {
  /** @type {Watched} */
  const watched = { id, view: null, isMissing: false, current: null, currentAt: 0, isLost: false };
  /** @type {{ run: string | null, current: string | null }} */
  const etags = { run: null, current: null };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | null} */
  let asking = null;
  let failures = 0;

  /** @param {string | null} runId @param {View | null} view */
  const follow = (runId, view) => {
    Object.assign(watched, { id: runId, view, isMissing: false });
    etags.run = null;
  };

  /** Whoever has seen nothing yet, or has lost the server, wants an answer now. */
  const isPatient = () => !document.hidden && !watched.isLost;

  /** @param {string} runId @param {AbortSignal} signal @returns {Promise<boolean>} whether the answer was held */
  const askRun = async (runId, signal) => {
    try {
      const answer = await fetchView(runId, { etag: etags.run, isPatient: isPatient(), signal });
      if (answer.view === null || runId !== watched.id) return answer.wasHeld;
      watched.view = answer.view;
      etags.run = answer.etag;
      return answer.wasHeld;
    } catch (error) {
      // A run that was seen, or has just been started here, does not cease to exist: that is a failure like others.
      const isUnknown = error instanceof Problem && error.status === 404 && watched.view === null;
      if (!isUnknown || runId !== id) throw error;
      watched.isMissing = true;
      return false;
    }
  };

  /** @param {AbortSignal} signal @returns {Promise<boolean>} whether the answer was held */
  const askCurrent = async (signal) => {
    const answer = await fetchView('current', { etag: etags.current, isPatient: isPatient(), signal });
    if (answer.view !== null) {
      watched.current = answer.view;
      watched.currentAt = serverNow();
      etags.current = answer.etag;
    }
    const running = watched.current;
    if (watched.id === null && running !== null && running.id !== null) follow(running.id, running);
    return answer.wasHeld;
  };

  /** @param {AbortSignal} signal @returns {Promise<boolean>} whether the last answer was held */
  const ask = async (signal) => {
    const wasHeld = watched.id !== null && !isOver(watched) ? await askRun(watched.id, signal) : false;
    return watched.id === null || isOver(watched) ? askCurrent(signal) : wasHeld;
  };

  const isEventful = () => watched.id !== null && !isOver(watched);

  /** @param {AbortSignal} signal @returns {Promise<number>} how long to wait before the next question */
  const round = async (signal) => {
    const askedAt = performance.now();
    try {
      const wasHeld = (await ask(signal)) && performance.now() - askedAt >= SHORTEST_HOLD_MS;
      failures = 0;
      watched.isLost = false;
      return waitAfterAnswer({
        isHidden: document.hidden,
        isEventful: isEventful(),
        wasHeld: wasHeld && !watched.isMissing,
        chance: Math.random(),
      });
    } catch (error) {
      if (signal.aborted) return 0;
      failures += 1;
      watched.isLost = true;
      return waitAfterFailure({ failures, askedMs: askedToWaitMs(error), chance: Math.random() });
    }
  };

  /** Asks now, and goes on from there; a question that is still open is given up. */
  const poll = async () => {
    clearTimeout(timer);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const waitMs = await round(mine.signal);
    if (mine.signal.aborted) return;
    onUpdate(watched);
    timer = setTimeout(poll, waitMs);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void poll();
  });
  for (const kind of ['online', 'offline']) addEventListener(kind, () => void poll());
  addEventListener('pageshow', (event) => event.persisted && void poll());

  return {
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
