// @ts-check
/** The API as the page uses it. Every call ends: with an answer, a `Problem`, or an error of the connection. */

/** @typedef {import('./words.js').View} View */
/** @typedef {import('../../routes/schemas/problem.ts').ProblemJson} ProblemJson */
/** @typedef {import('../../routes/schemas/start.ts').StartedJson} StartedJson */
/** @typedef {import('../../routes/schemas/ledger.ts').LedgerJson} LedgerJson */
/** @typedef {import('../../routes/schemas/logs.ts').LogsJson} LogsJson */
/** @typedef {import('../../routes/schemas/pipeline.ts').PipelineJson} PipelineJson */

const TIMEOUT_MS = 15_000;

/** A refusal of the API, as RFC 9457 problem. */
export class Problem extends Error {
  /** @param {number} status @param {Partial<ProblemJson>} body */
  constructor(status, body) {
    super(body.title ?? `The server answered with ${status}`);
    this.status = status;
    this.body = body;
  }
}

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
 * @returns {Promise<Response>} 2xx or 304
 */
const call = async (path, init = {}) => {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
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
 * @param {string | null} etag of the view at hand
 * @returns {Promise<{ view: View, etag: string | null } | null>} null: unchanged
 */
export const fetchView = async (id, etag) => {
  const response = await call(pathOf(id), etag === null ? {} : { headers: { 'If-None-Match': etag } });
  if (response.status === 304) return null;
  return { view: await response.json(), etag: response.headers.get('etag') };
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
