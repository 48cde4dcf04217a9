// @ts-check
/** The API as the page uses it. Every call ends: with an answer, a `Problem`, or an error of the connection. */
import { Problem } from './problem.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {import('../../routes/schemas/start.ts').StartedJson} StartedJson */
/** @typedef {import('../../routes/schemas/ledger.ts').LedgerJson} LedgerJson */
/** @typedef {import('../../routes/schemas/logs.ts').LogsJson} LogsJson */
/** @typedef {import('../../routes/schemas/pipeline.ts').PipelineJson} PipelineJson */
/** @typedef {import('./replay-timeline.js').Replay} Replay */

const TIMEOUT_MS = 15_000;
/** How long an answer may be held; the server's own limit is 25 seconds. */
const HELD_SECONDS = 20;
/** The wait, the way, and a slow phone. */
const HELD_TIMEOUT_MS = 35_000;

/** How far the server's clock is ahead of ours, from the latest answer's `Date`. Milliseconds. */
let aheadMs = 0;
/** `Date` has whole seconds, cut off: on average half a second is missing. */
const HALF_SECOND_MS = 500;
/** A smaller difference is the rounding and the way of the answer; following it would make countdowns jump. */
const NOTEWORTHY_MS = 2_000;

/** @param {string | null} dateHeader */
const noteDate = (dateHeader) => {
  const measuredMs = Date.parse(dateHeader ?? '') + HALF_SECOND_MS - Date.now();
  if (Math.abs(measuredMs - aheadMs) > NOTEWORTHY_MS) aheadMs = measuredMs;
};

/** The server's time, so that a countdown is right on a phone whose clock is wrong. Epoch milliseconds. */
export const serverNow = () => Date.now() + aheadMs;

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @param {number} [timeoutMs]
 * @returns {Promise<Response>} 2xx or 304
 */
const call = async (path, init = {}, timeoutMs = TIMEOUT_MS) => {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = init.signal == null ? timeout : AbortSignal.any([init.signal, timeout]);
  // Kept by us and not by the browser's cache, where a held answer would lock its address: a teardown of the same run, or
  // the same page in another tab, would wait for it.
  const response = await fetch(path, { cache: 'no-store', ...init, signal });
  noteDate(response.headers.get('date'));
  if (response.ok || response.status === 304) return response;
  throw new Problem(response.status, await response.json().catch(() => ({})));
};

/** @param {string} id */
const pathOf = (id) => `/v1/deployments/${encodeURIComponent(id)}`;

/**
 * The view of a deployment, or of `current`.
 *
 * @param {string} id
 * @param {{ etag: string | null, isPatient: boolean, signal: AbortSignal }} options `etag` of the view at hand;
 *   `isPatient`: the answer may be held until that view changes
 * @returns {Promise<{ view: View | null, etag: string | null, wasHeld: boolean }>} null: unchanged
 */
export const fetchView = async (id, { etag, isPatient, signal }) => {
  /** @type {Record<string, string>} */
  const headers = etag === null ? {} : { 'If-None-Match': etag };
  if (isPatient && etag !== null) headers.Prefer = `wait=${HELD_SECONDS}`;
  const response = await call(pathOf(id), { headers, signal }, isPatient ? HELD_TIMEOUT_MS : TIMEOUT_MS);
  const wasHeld = response.headers.get('preference-applied') !== null;
  if (response.status === 304) return { view: null, etag, wasHeld };
  return { view: await response.json(), etag: response.headers.get('etag'), wasHeld };
};

/** @returns {Promise<LedgerJson>} the latest runs */
export const fetchLedger = async () => (await call('/v1/deployments?limit=10')).json();

/** @param {string} id @returns {Promise<PipelineJson>} */
export const fetchPipeline = async (id) => (await call(`${pathOf(id)}/pipeline`)).json();

/** @param {string} id @param {number} job @param {string | null} cursor @returns {Promise<LogsJson>} */
export const fetchLogs = async (id, job, cursor) => {
  const query = new URLSearchParams({ job: String(job), ...(cursor === null ? {} : { cursor }) });
  return (await call(`${pathOf(id)}/logs?${query}`)).json();
};

const REPLAY = '/v1/deployments/latest/replay';

/** Whether there is a run to play again; only its head is asked for, because a replay is large. @returns {Promise<boolean>} */
export const hasReplay = async () => {
  try {
    return (await call(REPLAY, { method: 'HEAD' })).ok;
  } catch {
    return false;
  }
};

/** @returns {Promise<Replay>} the last run that went well */
export const fetchReplay = async () => (await call(REPLAY)).json();

const RETRY_WAITS_MS = [1_000, 3_000];

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Not `randomUUID`, which browsers have only on https and localhost.
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('-');

/**
 * Starts a demo. A lost answer is asked for again with the same key, which starts nothing twice.
 *
 * @returns {Promise<StartedJson>}
 */
export const startDeployment = async () => {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomKey() };
  for (const waitMs of [...RETRY_WAITS_MS, null]) {
    try {
      return await (await call('/v1/deployments', { method: 'POST', headers, body: '{}' })).json();
    } catch (error) {
      if (error instanceof Problem || waitMs === null) throw error;
      await pause(waitMs);
    }
  }
  throw new Error('The last wait is null, so the loop has ended before');
};

/** @param {string} id @param {string} token @returns {Promise<View>} */
export const destroyDeployment = async (id, token) =>
  (await call(pathOf(id), { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })).json();

/** @param {string} id @param {string} token @param {number} expiresAt @returns {Promise<View>} */
export const extendDeployment = async (id, token, expiresAt) => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ expires_at: new Date(expiresAt).toISOString() });
  return (await call(pathOf(id), { method: 'PATCH', headers, body })).json();
};
