// @ts-check
/** The page: follows a run, or waits for one, and shows it. */
import { forgetRefusal, renderOwnActions, wireActions } from './actions.js';
import { fetchLedger, serverNow } from './api.js';
import { blockedWords } from './blocked-words.js';
import { byId, setText, show } from './dom.js';
import { renderLedger } from './ledger.js';
import { createLogPanel } from './log-panel.js';
import { createLogReader } from './log-reader.js';
import { buildOffer, costOffer, endOffer, factsOf, timeOffer } from './offer.js';
import { renderReceipt } from './receipt.js';
import { createTokens, tokenInFragment } from './tokens.js';
import { renderMissing, renderView, spokenWords } from './view-panel.js';
import { createWatch } from './watch.js';

/** @typedef {import('./watch.js').Watched} Watched */
/** @typedef {import('./offer.js').Entry} Entry */

const TICK_MS = 1_000;

const facts = factsOf(document.documentElement.dataset);
const tokens = createTokens(() => localStorage);
/** @type {Entry[]} */
let entries = [];
let spoken = '';
let wasOffered = false;
/** @type {string | null} */
let receiptOf = null;
/** @type {Watched | null} */
let latest = null;

/** @returns {string | null} the id in `/d/<id>` */
const idInAddress = () => {
  const match = /^\/d\/([^/]+)\/?$/.exec(location.pathname);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
};

/** Takes the token out of the address, so that it is not shared with it. @param {string | null} id */
const takeToken = (id) => {
  const token = tokenInFragment(location.hash);
  if (token === null) return;
  if (id !== null) tokens.keep(id, token);
  history.replaceState(null, '', location.pathname + location.search);
};

/** @param {Watched} watched */
const shownView = ({ id, view, current }) => (id === null ? current : view);

/** What a visitor may do who has no run on its way here. @param {Watched} watched @param {number} now */
const renderOffer = ({ id, view, isMissing, current, currentAt }, now) => {
  const isFree = (id === null || isMissing || view?.receipt != null) && current !== null;
  const isOtherRunning = isFree && current.id !== null && current.id !== id;
  const blocked = isFree ? blockedWords(current, currentAt, now) : null;
  const isOffered = isFree && current.can_deploy;
  if (isOffered && !wasOffered) forgetRefusal();
  wasOffered = isOffered;
  show(byId('deploy'), isOffered);
  show(byId('join'), isOtherRunning);
  show(byId('blocked'), blocked !== null);
  setText(byId('blocked'), blocked ?? '');
};

/** @param {string} words */
const speak = (words) => {
  // What stands there at first is read with the page; only changes are spoken.
  if (spoken !== '' && spoken !== words) setText(byId('announcer'), words);
  spoken = words;
};

const loadLedger = async () => {
  try {
    ({ entries } = await fetchLedger());
  } catch {
    // The list is an extra; it is asked for again when a run ends.
    return;
  }
  renderLedger(byId('ledger'), entries, serverNow());
  show(byId('ledger-empty'), entries.length === 0);
  setText(byId('offer-time'), timeOffer(entries, facts.simulated));
  render();
};

const render = () => {
  if (latest === null) return;
  const now = serverNow();
  const view = shownView(latest);
  const receipt = view?.receipt ?? null;
  show(byId('connection'), latest.isLost);
  if (latest.isMissing) renderMissing();
  if (view !== null) renderView(view, { facts, now });
  show(byId('receipt'), receipt !== null);
  if (view !== null) {
    renderReceipt(byId('receipt'), view, {
      entry: entries.find(({ id }) => id === view.id),
      simulated: facts.simulated,
      now,
    });
  }
  renderOffer(latest, now);
  renderOwnActions(view, { tokens, now });
  if (view !== null) speak(latest.isLost ? 'Connection lost.' : spokenWords(view));
};

/** @param {Watched} watched */
const onUpdate = (watched) => {
  latest = watched;
  render();
  if (watched.view?.receipt == null || receiptOf === watched.id) return;
  receiptOf = watched.id;
  void loadLedger();
};

const box = byId('log-box');
const follow = /** @type {HTMLInputElement} */ (byId('follow'));
const reader = createLogReader(createLogPanel({ box, trimmed: byId('log-trimmed'), follow }));

/** Logs are read while there is something to follow; the end of them is still fetched when it is over. @param {Watched} watched */
const onRound = async ({ view }) => {
  const isWatchable = view !== null && view.stages.length > 0 && (view.receipt === null || box.childElementCount > 0);
  if (isWatchable) await reader.read(view);
  show(byId('log'), box.childElementCount > 0);
};

const id = idInAddress();
takeToken(id);
const watch = createWatch({ id, onUpdate, onRound });
wireActions({ watch, tokens, viewOf: () => (latest === null ? null : shownView(latest)) });
addEventListener('hashchange', () => {
  takeToken(latest?.id ?? id);
  render();
});
setText(byId('offer-build'), buildOffer(facts));
setText(byId('offer-time'), timeOffer([], facts.simulated));
setText(byId('offer-cost'), costOffer(facts));
setText(byId('offer-end'), endOffer(facts));
show(byId('simulated-tag'), facts.simulated);
show(byId('app'), true);
setInterval(() => !document.hidden && render(), TICK_MS);
void watch.poll();
void loadLedger();
