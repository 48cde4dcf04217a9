// @ts-check
/** The API of one server as the button uses it, from whatever site it stands on. No cookies, no redirects. */
import { Problem } from '../page/problem.js';

/** @typedef {import('../../routes/schemas/deployment.ts').DeploymentJson} View */
/** @typedef {import('../../routes/schemas/start.ts').StartedJson} StartedJson */
/** @typedef {import('../../routes/schemas/ledger.ts').LedgerJson} LedgerJson */
/** @typedef {{ view: View, etag: string | null } | { view: null, wasHeld: boolean }} Answer */

const TIMEOUT_MS = 15_000;
const WAIT_SECONDS = 20;
/** Longer than the server holds an answer. */
const HELD_TIMEOUT_MS = 35_000;
const RETRY_WAITS_MS = [1_000, 3_000];

/** `Date` has whole seconds, cut off: on average half a second is missing. */
const HALF_SECOND_MS = 500;
/** A smaller difference is the rounding and the way of the answer; following it would make countdowns jump. */
const NOTEWORTHY_MS = 2_000;

/**
 * The server's time, counted on from the `Date` of its answers by the clock that nobody can set. Until the first answer
 * it is this machine's.
 */
const createServerClock = () => {
  let startedAtMs = performance.timeOrigin;
  return {
    /** @param {string | null} dateHeader */
    note: (dateHeader) => {
      const measuredMs = Date.parse(dateHeader ?? '') + HALF_SECOND_MS - performance.now();
      if (Math.abs(measuredMs - startedAtMs) > NOTEWORTHY_MS) startedAtMs = measuredMs;
    },
    now: () => startedAtMs + performance.now(),
  };
};

// Not `randomUUID`, which browsers have only on https and localhost.
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('-');

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {unknown} view @returns {View} throws when it cannot be one */
const checkedView = (view) => {
  if (typeof view !== 'object' || view === null || !('status' in view)) throw new Error('This is no view');
  return /** @type {View} */ (view);
};

/**
 * Every call ends: with an answer, a `Problem`, or an error of the connection.
 *
 * @param {string} server an origin
 */
export const createServerApi = (server) => {
  const clock = createServerClock();

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @param {AbortSignal} signal
   * @returns {Promise<Response>} 2xx or 304
   */
  const call = async (path, init, signal) => {
    const response = await fetch(server + path, {
      ...init,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal,
    });
    clock.note(response.headers.get('date'));
    if (response.ok || response.status === 304) return response;
    throw new Problem(response.status, (await response.json().catch(() => null)) ?? {});
  };

  return {
    /** The server's time, so that a countdown is right on a phone whose clock is wrong. Epoch milliseconds. */
    now: clock.now,

    /**
     * The view of what runs.
     *
     * @param {{ etag: string | null, mayWait: boolean, signal: AbortSignal }} options `etag` of the view at hand; with
     * `mayWait` the server may hold the answer until there is another one
     * @returns {Promise<Answer>} without a view: unchanged, and whether the server held the answer
     */
    fetchCurrent: async ({ etag, mayWait, signal }) => {
      /** @type {Record<string, string>} */
      const headers = etag === null ? {} : { 'If-None-Match': etag };
      if (etag !== null && mayWait) headers.Prefer = `wait=${WAIT_SECONDS}`;
      const timeout = AbortSignal.timeout(mayWait ? HELD_TIMEOUT_MS : TIMEOUT_MS);
      const response = await call('/v1/deployments/current', { headers }, AbortSignal.any([signal, timeout]));
      if (response.status === 304) return { view: null, wasHeld: response.headers.has('preference-applied') };
      return { view: checkedView(await response.json()), etag: response.headers.get('etag') };
    },

    /** @returns {Promise<LedgerJson>} the latest runs */
    fetchLedger: async () => (await call('/v1/deployments?limit=10', {}, AbortSignal.timeout(TIMEOUT_MS))).json(),

    /**
     * Starts a demo. A lost answer is asked for again with the same key, which starts nothing twice.
     *
     * @returns {Promise<StartedJson>}
     */
    startDeployment: async () => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomKey() };
      /** @param {readonly number[]} waits @returns {Promise<StartedJson>} */
      const attempt = async ([waitMs, ...laterWaits]) => {
        try {
          const signal = AbortSignal.timeout(TIMEOUT_MS);
          return await (await call('/v1/deployments', { method: 'POST', headers, body: '{}' }, signal)).json();
        } catch (error) {
          if (error instanceof Problem || waitMs === undefined) throw error;
          await pause(waitMs);
          return attempt(laterWaits);
        }
      };
      return attempt(RETRY_WAITS_MS);
    },
  };
};
