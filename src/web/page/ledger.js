// @ts-check
/** The latest runs as a table with a chart in it: how long each way took, how it ended, what it cost. */
import { make } from './dom.js';
import { clockWords, durationWords, moneyWords } from './figures.js';
import { medianUpSeconds, sharesOf, upSeconds, widestSeconds } from './ledger-scale.js';
import { outcomeWords } from './receipt.js';
import { isStopped } from './words.js';

/** @typedef {import('./offer.js').Entry} Entry */

/** A shape for each outcome, because colour alone says nothing to many. @type {Readonly<Record<Entry['outcome'], string>>} */
const SHAPES = { lived: '●', failed: '▲', never_built: '○' };
const STOPPED_SHAPE = '■';

/** @param {string} tag @param {string} role @param {string} className @param {...(Node | string)} children */
const cell = (tag, role, className, ...children) => {
  const made = make(tag, className, ...children);
  // On narrow screens the cells are blocks, and some browsers forget then that this is a table.
  made.setAttribute('role', role);
  return made;
};

/** @param {Entry} entry */
const waysWords = (entry) => {
  const up = `${durationWords(upSeconds(entry))} up`;
  const live = entry.live_seconds === null ? 'never live' : `${durationWords(entry.live_seconds)} live`;
  return `${up}, ${live}, ${durationWords(entry.destroy_seconds)} down`;
};

/** @param {Entry} entry @param {number} widest @param {number | null} medianSeconds */
const makeBar = (entry, widest, medianSeconds) => {
  const bar = make('div', 'bar');
  bar.setAttribute('aria-hidden', 'true');
  for (const [way, share] of Object.entries(sharesOf(entry, widest))) {
    const part = make('span', `bar-${way}`);
    part.style.width = `${share.toFixed(2)}%`;
    bar.append(part);
  }
  if (medianSeconds !== null) {
    const line = make('i', 'bar-median');
    line.style.left = `${((medianSeconds / widest) * 100).toFixed(2)}%`;
    bar.append(line);
  }
  return bar;
};

/** @param {Entry} entry @param {{ now: number, widest: number, medianSeconds: number | null }} context */
const makeRow = (entry, { now, widest, medianSeconds }) => {
  const createdAt = Date.parse(entry.created_at);
  const link = make('a', '', clockWords(createdAt, now));
  link.setAttribute('href', `/d/${encodeURIComponent(entry.id)}`);
  const cost = moneyWords(entry.cost_usd, entry.outcome === 'never_built');
  const shape = make('span', 'shape', isStopped(entry.outcome, entry.reason) ? STOPPED_SHAPE : SHAPES[entry.outcome]);
  shape.setAttribute('aria-hidden', 'true');
  const row = cell(
    'tr',
    'row',
    'run',
    cell('th', 'rowheader', 'run-when', link, ...(entry.sample ? [' ', make('span', 'tag', 'sample')] : [])),
    cell('td', 'cell', 'run-outcome', shape, ` ${outcomeWords(entry.outcome, entry.reason)}`),
    cell('td', 'cell', 'run-ways', makeBar(entry, widest, medianSeconds), make('span', 'quiet', waysWords(entry))),
    // The day is said once; it is said again only when the proof came on another one.
    cell('td', 'cell', 'run-end quiet', `${cost}, proven gone ${clockWords(Date.parse(entry.gone_at), createdAt)}`),
  );
  row.dataset.outcome = isStopped(entry.outcome, entry.reason) ? 'stopped' : entry.outcome;
  return row;
};

const makeLegend = () => {
  const key = (/** @type {string} */ way, /** @type {string} */ words) =>
    make('span', 'key', make('i', `bar-${way}`), words);
  const legend = make('p', 'legend quiet', key('up', 'up'), key('live', 'live'), key('down', 'down'));
  legend.setAttribute('aria-hidden', 'true');
  return legend;
};

/** @param {number | null} medianSeconds */
const medianWords = (medianSeconds) =>
  medianSeconds === null
    ? ''
    : `Half of the runs that lived were live within ${durationWords(medianSeconds)}, where the line stands.`;

/**
 * Shows past runs, newest first.
 *
 * @param {HTMLElement} host
 * @param {readonly Entry[]} entries
 * @param {number} now
 */
export const renderLedger = (host, entries, now) => {
  if (entries.length === 0) {
    host.replaceChildren(make('p', 'quiet', 'None yet.'));
    return;
  }
  const [widest, medianSeconds] = [widestSeconds(entries), medianUpSeconds(entries)];
  const heads = ['Started', 'Outcome', 'How long', 'Cost and proof'].map((words) =>
    cell('th', 'columnheader', '', words),
  );
  const table = cell(
    'table',
    'table',
    'runs',
    make('caption', 'visually-hidden', 'The latest runs, newest first'),
    cell('thead', 'rowgroup', '', cell('tr', 'row', '', ...heads)),
    cell('tbody', 'rowgroup', '', ...entries.map((entry) => makeRow(entry, { now, widest, medianSeconds }))),
  );
  host.replaceChildren(makeLegend(), table, make('p', 'quiet', medianWords(medianSeconds)));
};
