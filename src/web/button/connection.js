// @ts-check
/** One connection to each server, however many buttons of a document stand for it. */
import { createOwnRun } from './own-run.js';
import { createServerApi } from './server-api.js';
import { createWatch } from './watch.js';

/**
 * @typedef {object} Connection
 * @property {string} server
 * @property {ReturnType<typeof createServerApi>} api
 * @property {ReturnType<typeof createWatch>} watch
 * @property {ReturnType<typeof createOwnRun>} own
 */

/** @type {Map<string, Connection>} */
const connections = new Map();

/** @param {string} server its origin @returns {Connection} */
export const connectionTo = (server) => {
  const known = connections.get(server);
  if (known !== undefined) return known;
  const api = createServerApi(server);
  const connection = { server, api, watch: createWatch(api), own: createOwnRun(server, () => localStorage) };
  connections.set(server, connection);
  return connection;
};
