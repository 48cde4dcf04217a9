// @ts-check
/** The page: follows a run, or waits for one, and shows it. */
import { forgetRefusal, renderOwnActions, wireActions } from './actions.js';
import { createAnnouncer } from './announcer.js';
import { fetchLedger, serverNow } from './api.js';
import { blockedWords } from './blocked-words.js';
import { byId, setText, show } from './dom.js';
import { renderLedger } from './ledger.js';
import { createLogSection } from './log-section.js';
import { createReadyNotice } from './notify.js';
import { buildOffer, costOffer, endOffer, factsOf, lifeStep, timeOffer, timeStep } from './offer.js';
import { renderReceipt } from './receipt.js';
import { createReplayOffer } from './replay-offer.js';
import { createRunView } from './run-view.js';
import { createTokens, tokenInFragment } from './tokens.js';
import { renderMissing, renderView, spokenWords } from './view-panel.js';
import { createWatch } from './watch.js';

/** @typedef {import('./watch.js').Watched} Watched */
/** @typedef {import('./offer.js').Entry} Entry */

const TICK_MS = 1_000;

const facts = factsOf(document.documentElement.dataset);
const tokens = createTokens(() => localStorage);
const announcer = createAnnouncer(byId('announcer'));
const runView = createRunView();
const readyNotice = createReadyNotice();
const replayOffer = createReplayOffer();
/** @type {Entry[]} */
let entries = [];
let wasOffered = false;
/** @type {string | null} */
let receiptOf = null;
/** @type {Watched | null} */
let latest = null;

/** @returns {string | null} the id in `/d/<id>`; `current` is no run of its own */
const idInAddress = () => {
  const match = /^\/d\/([^/]+)\/?$/.exec(location.pathname);
  if (match?.[1] === undefined || match[1] === 'current') return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
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
  // That another one runs is reason enough, and there is a link to it.
  const blocked = isFree && !isOtherRunning ? blockedWords(current, currentAt, now) : null;
  const isOffered = isFree && current.can_deploy;
  if (isOffered && !wasOffered) forgetRefusal();
  wasOffered = isOffered;
  show(byId('deploy'), isOffered);
  show(byId('steps'), isOffered && id === null);
  show(byId('join'), isOtherRunning);
  show(byId('blocked'), blocked !== null);
  setText(byId('blocked'), blocked ?? '');
};

const loadLedger = async () => {
  try {
    ({ entries } = await fetchLedger());
  } catch {
    // The list is an extra; it is asked for again when a run ends.
    return;
  }
  renderLedger(byId('ledger'), entries, serverNow());
  setText(byId('offer-time'), timeOffer(entries, facts.simulated));
  setText(byId('step-time'), timeStep(entries, facts.simulated));
  render();
};

const render = () => {
  if (latest === null) return;
  const now = serverNow();
  const view = shownView(latest);
  const receipt = view?.receipt ?? null;
  show(byId('connection'), latest.isLost);
  byId('app').dataset.phase = view === null || view.id === null || receipt !== null ? 'rest' : 'run';
  if (latest.isMissing) renderMissing();
  show(byId('receipt'), receipt !== null);
  runView.render(view, now);
  renderOffer(latest, now);
  renderOwnActions(view, { tokens, now });
  if (view === null) return;
  renderView(view, { facts, now });
  const entry = entries.find(({ id }) => id === view.id);
  renderReceipt(byId('receipt'), view, { entry, simulated: facts.simulated, now });
  readyNotice.update(view);
  announcer.speak(latest.isLost ? 'Connection lost.' : spokenWords(view));
};

/** @param {Watched} watched */
const onUpdate = (watched) => {
  latest = watched;
  render();
  const view = shownView(watched);
  if (view !== null) logSection.follow(view);
  if (watched.view?.receipt == null || receiptOf === watched.id) return;
  receiptOf = watched.id;
  void loadLedger();
  void replayOffer.refresh();
};

const logSection = createLogSection({ inventory: runView.inventory, onRound: render });
const id = idInAddress();
takeToken(id);
const watch = createWatch({ id, onUpdate });
wireActions({ watch, tokens, viewOf: () => (latest === null ? null : shownView(latest)) });
addEventListener('hashchange', () => {
  takeToken(latest?.id ?? id);
  render();
});
setText(byId('offer-build'), buildOffer(facts));
setText(byId('offer-time'), timeOffer([], facts.simulated));
setText(byId('offer-cost'), costOffer(facts));
setText(byId('offer-end'), endOffer(facts));
setText(byId('step-life'), lifeStep(facts));
show(byId('simulated-tag'), facts.simulated);
show(byId('app'), true);
runView.render(null, serverNow());
setInterval(() => !document.hidden && render(), TICK_MS);
void watch.poll();
void loadLedger();
void replayOffer.refresh();
