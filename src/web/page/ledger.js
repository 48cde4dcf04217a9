// @ts-check
import { make } from './dom.js';
import { clockWords, durationWords, moneyWords } from './figures.js';
import { OUTCOMES } from './receipt.js';

/** @typedef {import('./offer.js').Entry} Entry */

/** @param {Entry} entry */
const storyOf = (entry) => {
  if (entry.live_seconds === null || entry.deploy_seconds === null) return OUTCOMES[entry.outcome];
  return `${OUTCOMES[entry.outcome]} ${durationWords(entry.live_seconds)}, live after ${durationWords(entry.deploy_seconds)}`;
};

/** @param {Entry} entry @param {number} now */
const makeRow = (entry, now) => {
  const createdAt = Date.parse(entry.created_at);
  const link = make('a', '', clockWords(createdAt, now));
  link.setAttribute('href', `/d/${encodeURIComponent(entry.id)}`);
  const cost = moneyWords(entry.cost_usd, entry.outcome === 'never_built');
  const row = make(
    'li',
    'run',
    make('span', 'run-when', link),
    make('span', 'run-story', storyOf(entry), ...(entry.sample ? [' ', make('span', 'tag', 'sample')] : [])),
    // The day is said once; it is said again only when the proof came on another one.
    make('span', 'run-end', `${cost}, proven gone ${clockWords(Date.parse(entry.gone_at), createdAt)}`),
  );
  row.dataset.outcome = entry.outcome;
  return row;
};

/**
 * Lists past runs, newest first.
 *
 * @param {HTMLElement} list
 * @param {readonly Entry[]} entries
 * @param {number} now
 */
export const renderLedger = (list, entries, now) => {
  list.replaceChildren(...entries.map((entry) => makeRow(entry, now)));
};
