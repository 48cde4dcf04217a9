// @ts-check
/** The card of the state: what is going on, how far it is, the link. */
import { byId, setText, show } from './dom.js';
import { clockWords, durationWords, instantOf, moneyWords } from './figures.js';
import { safeUrl } from './links.js';
import { progressAt } from './progress.js';
import { stageWords } from './stage-words.js';
import { renderTab, titleOf } from './tab.js';
import { detailOf, headingOf, isStopped, readyWords } from './words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {import('./offer.js').Facts} Facts */

/** The colour of the light beside the heading, and of the tab's icon. @param {View} view @returns {import('./tab.js').Mood} */
export const moodOf = (view) => {
  if (view.receipt !== null) {
    const { outcome } = view.receipt;
    return outcome === 'failed' && !isStopped(outcome, view.reason) ? 'trouble' : 'rest';
  }
  if (view.status === 'idle') return 'rest';
  if (view.status === 'quarantined' || view.reason === 'link_not_answering') return 'trouble';
  return view.status === 'live' ? 'good' : 'busy';
};

/** @param {View} view */
const isRising = (view) => view.status === 'queued' || view.status === 'deploying';

/** @param {View} view */
const runningStage = (view) => {
  const stage = view.stages.findLast(({ state }) => state === 'running');
  return stage === undefined ? null : stageWords(stage.name).title;
};

/** @param {View} view @param {number} now */
const renderProgress = (view, now) => {
  show(byId('rising'), isRising(view));
  if (!isRising(view)) return;
  const bar = byId('progress');
  const percent = Math.round(progressAt(view.stages, now) * 100);
  const stage = runningStage(view);
  const ready = readyWords(view, now)?.replace('–', ' to ') ?? null;
  const words = [`${percent} percent`, stage === null ? null : `${stage} is running`, ready];
  bar.setAttribute('aria-valuenow', String(percent));
  bar.setAttribute('aria-valuetext', words.filter((word) => word !== null).join(', '));
  byId('progress-bar').style.width = `${percent}%`;
  setText(byId('percent'), `${percent}\u00a0%`);
  const elapsedMs = now - (instantOf(view.created_at) ?? now);
  setText(byId('elapsed'), `${durationWords(elapsedMs / 1000)} since the press`);
};

/** @param {View} view @param {number} now */
const renderLive = (view, now) => {
  const expiresAt = instantOf(view.expires_at);
  const url = safeUrl(view.live_url);
  const isLive = view.status === 'live' && expiresAt !== null;
  show(byId('live'), isLive);
  if (!isLive) return;
  show(byId('live-link'), url !== null);
  show(byId('live-url'), url !== null);
  byId('live-link').setAttribute('href', url ?? '/');
  setText(byId('live-url'), url ?? '');
  setText(byId('countdown'), `${durationWords((expiresAt - now) / 1000)} left,`);
  setText(byId('expiry'), `until it is destroyed at ${clockWords(expiresAt, now, expiresAt - now < 600_000)}.`);
};

/** @param {View} view @param {Facts} facts @param {number} now */
const renderFacts = (view, facts, now) => {
  const createdAt = instantOf(view.created_at);
  show(byId('running-facts'), view.id !== null);
  show(byId('copy'), view.id !== null);
  if (view.id === null || createdAt === null) return;
  const path = `/d/${encodeURIComponent(view.id)}`;
  byId('permalink').setAttribute('href', path);
  show(byId('permalink'), location.pathname !== path);
  const usd = (facts.hourlyCostUsd * Math.max(0, now - createdAt)) / 3_600_000;
  const note = facts.simulated ? ' if it were real' : '';
  setText(byId('cost'), view.receipt === null ? `Cost so far: ${moneyWords(usd)}${note}.` : '');
};

/**
 * What is said aloud when it changes: the state and the stage.
 *
 * @param {View} view
 */
export const spokenWords = (view) => {
  const stage = view.receipt === null ? runningStage(view) : null;
  return stage === null ? `${headingOf(view)}.` : `${headingOf(view)}. ${stage} is running.`;
};

/**
 * Shows a view: the state in words, the way up, the link.
 *
 * @param {View} view
 * @param {{ facts: Facts, now: number }} context
 */
export const renderView = (view, { facts, now }) => {
  const mood = moodOf(view);
  setText(byId('heading-words'), headingOf(view));
  setText(byId('detail'), detailOf(view, { now, deployDeadlineSeconds: facts.deployDeadlineSeconds }));
  renderTab(titleOf(view, { now, progress: progressAt(view.stages, now) }), mood);
  byId('state').dataset.mood = mood;
  renderProgress(view, now);
  renderLive(view, now);
  renderFacts(view, facts, now);
};

/** Says that there is no run of that id. */
export const renderMissing = () => {
  setText(byId('heading-words'), 'There is no such run');
  setText(byId('detail'), 'No deployment has the id in this address. It may have been mistyped.');
  renderTab('No such run', 'rest');
  byId('state').dataset.mood = 'rest';
};
