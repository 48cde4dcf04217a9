// @ts-check
import { byId, setText, show } from './dom.js';
import { clockWords, durationWords, instantOf, moneyWords } from './figures.js';
import { progressAt } from './progress.js';
import { stageWords } from './stage-words.js';
import { renderStages } from './stages.js';
import { detailOf, headingOf, readyWords } from './words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {import('./offer.js').Facts} Facts */

/** The colour of the light beside the heading. @param {View} view */
const moodOf = (view) => {
  if (view.receipt !== null) return view.receipt.outcome === 'failed' ? 'trouble' : 'rest';
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
  const bar = byId('progress');
  show(bar, isRising(view));
  if (!isRising(view)) return;
  const percent = Math.round(progressAt(view.stages, now) * 100);
  const stage = runningStage(view);
  const ready = readyWords(view, now)?.replace('–', ' to ') ?? null;
  const words = [`${percent} percent`, stage === null ? null : `${stage} is running`, ready];
  bar.setAttribute('aria-valuenow', String(percent));
  bar.setAttribute('aria-valuetext', words.filter((word) => word !== null).join(', '));
  byId('progress-bar').style.width = `${percent}%`;
};

/** Only http links are followed, whatever the server says. @param {string | null} url */
const safeUrl = (url) => (url !== null && /^https?:\/\//.test(url) ? url : null);

/** @param {View} view @param {number} now */
const renderLive = (view, now) => {
  const expiresAt = instantOf(view.expires_at);
  const url = safeUrl(view.live_url);
  const isLive = view.status === 'live' && expiresAt !== null;
  show(byId('live'), isLive);
  if (!isLive) return;
  show(byId('live-link'), url !== null);
  show(byId('live-url'), url !== null);
  if (url !== null) byId('live-link').setAttribute('href', url);
  setText(byId('live-url'), url ?? '');
  setText(byId('countdown'), `${durationWords((expiresAt - now) / 1000)} left,`);
  setText(byId('expiry'), `until it is destroyed at ${clockWords(expiresAt, now, expiresAt - now < 600_000)}.`);
};

/** @param {View} view @param {Facts} facts @param {number} now */
const renderFacts = (view, facts, now) => {
  const createdAt = instantOf(view.created_at);
  show(byId('running-facts'), view.id !== null);
  if (view.id === null || createdAt === null) return;
  byId('permalink').setAttribute('href', `/d/${encodeURIComponent(view.id)}`);
  const usd = (facts.hourlyCostUsd * Math.max(0, now - createdAt)) / 3_600_000;
  const note = facts.simulated ? ' if it were real' : '';
  setText(byId('cost'), view.receipt === null ? `Cost so far: ${moneyWords(usd)}${note}.` : '');
};

/** @param {View} view @param {number} now */
const renderBothWays = (view, now) => {
  const down = view.stages.filter((stage) => stage.direction === 'destroy');
  show(byId('stages'), view.stages.length > 0);
  renderStages(
    byId('stages-up'),
    view.stages.filter((stage) => stage.direction === 'apply'),
    now,
  );
  renderStages(byId('stages-down'), down, now);
  for (const id of ['up-heading', 'down-heading', 'stages-down']) show(byId(id), down.length > 0);
};

/** @param {View} view @param {number} now */
const titleOf = (view, now) => {
  const expiresAt = instantOf(view.expires_at);
  if (view.status !== 'live' || expiresAt === null) return headingOf(view);
  return `${headingOf(view)}, ${durationWords(Math.ceil((expiresAt - now) / 60_000) * 60)} left`;
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
 * Shows a view: the state in words, the way up, the link, the stages.
 *
 * @param {View} view
 * @param {{ facts: Facts, now: number }} context
 */
export const renderView = (view, { facts, now }) => {
  setText(byId('heading-words'), headingOf(view));
  setText(byId('detail'), detailOf(view, { now, deployDeadlineSeconds: facts.deployDeadlineSeconds }));
  document.title = `${titleOf(view, now)} – Live demo`;
  byId('state').dataset.mood = moodOf(view);
  renderProgress(view, now);
  renderLive(view, now);
  renderFacts(view, facts, now);
  renderBothWays(view, now);
};

/** Says that there is no run of that id. */
export const renderMissing = () => {
  setText(byId('heading-words'), 'There is no such run');
  setText(byId('detail'), 'No deployment has the id in this address. It may have been mistyped.');
  document.title = 'No such run – Live demo';
  byId('state').dataset.mood = 'rest';
};
