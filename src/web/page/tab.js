// @ts-check
/** The title and the icon of the tab, for whoever looks at another one. */
import { byId } from './dom.js';
import { durationWords, instantOf } from './figures.js';
import { headingOf } from './words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {'good' | 'busy' | 'trouble' | 'rest'} Mood */

/** @type {Readonly<Record<Mood, string>>} */
const ICONS = {
  rest: '/assets/icon.svg',
  busy: '/assets/icon-busy.svg',
  good: '/assets/icon-live.svg',
  trouble: '/assets/icon-trouble.svg',
};

/** Whole minutes, rounded up: a title that ticks would only distract. @param {number} ms */
const minutesWords = (ms) => durationWords(Math.max(1, Math.ceil(ms / 60_000)) * 60);

/**
 * What the tab says: "62 %, 9 min left – Building", "Live, 41 min left".
 *
 * @param {View} view
 * @param {{ now: number, progress: number }} context
 * @returns {string}
 */
export const titleOf = (view, { now, progress }) => {
  const heading = headingOf(view);
  const expiresAt = instantOf(view.expires_at);
  if (view.receipt === null && view.status === 'live' && expiresAt !== null) {
    return `${heading}, ${minutesWords(expiresAt - now)} left`;
  }
  if (view.status !== 'queued' && view.status !== 'deploying') return heading;
  const likely = instantOf(view.eta?.likely ?? null);
  const left = likely === null || likely <= now ? '' : `, ${minutesWords(likely - now)}`;
  return `${Math.round(progress * 100)}\u00a0%${left} – ${heading}`;
};

/** @param {string} words @param {Mood} mood */
export const renderTab = (words, mood) => {
  const title = `${words} – Live demo`;
  if (document.title !== title) document.title = title;
  const icon = byId('icon');
  if (icon.getAttribute('href') !== ICONS[mood]) icon.setAttribute('href', ICONS[mood]);
};
