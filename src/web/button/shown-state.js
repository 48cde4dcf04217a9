// @ts-check
/** What the button shows for what is known. Pure: the time is always an argument. */
import { blockedWords } from '../page/blocked-words.js';
import { clockWords, durationWords, instantOf } from '../page/figures.js';
import { progressAt } from '../page/progress.js';

/** @typedef {import('./server-api.js').View} View */
/** @typedef {import('./own-run.js').OwnRun} OwnRun */
/** @typedef {import('../page/offer.js').Facts} Facts */
/** @typedef {{ label: string, href: string }} Link */

/**
 * @typedef {'asking' | 'ready' | 'starting' | 'building' | 'live' | 'falling' | 'quarantined' | 'blocked' | 'offline'} Kind
 */

/**
 * @typedef {object} Shown
 * @property {Kind} kind
 * @property {'good' | 'busy' | 'rest' | 'trouble'} mood the colour of the light
 * @property {string} words
 * @property {Link | null} link what the button is when it is a link; null: pressing it asks whether to start
 * @property {Link | null} more a second, smaller link
 * @property {number | null} progress 0 to 1 on the way up
 */

/**
 * @typedef {object} Known
 * @property {string} server its origin
 * @property {View | null} view of what runs; null before the first answer
 * @property {number} receivedAt when that was
 * @property {boolean} isLost the server does not answer
 * @property {OwnRun | null} own
 * @property {boolean} isStarting a press is on its way
 * @property {string} label of the button when it can be pressed
 * @property {Facts} facts
 */

/** Up to this span between the click and the latest estimate, seconds are worth saying, as on the page. */
const SECONDS_MATTER_WITHIN_MS = 600_000;

/** Only http links are followed, whatever the server says. @param {string | null} url */
const safeUrl = (url) => (typeof url === 'string' && /^https?:\/\//i.test(url) ? url : null);

/**
 * The address of a run on its server. Its starter's carries the token behind the `#`, which no server is ever sent.
 *
 * @param {string} server
 * @param {string} id
 * @param {string | null} token
 * @returns {string}
 */
export const permalinkOf = (server, id, token) =>
  `${server}/d/${encodeURIComponent(id)}${token === null ? '' : `#token=${encodeURIComponent(token)}`}`;

/** @param {View} view @param {number} now */
const readyWords = ({ eta, created_at: createdAt }, now) => {
  if (eta === null || createdAt === null) return '';
  const [likely, latest] = [Date.parse(eta.likely), Date.parse(eta.latest)];
  if (latest <= now) return ', taking longer than the runs before it';
  const withSeconds = latest - Date.parse(createdAt) < SECONDS_MATTER_WITHIN_MS;
  const at = clockWords(likely > now ? likely : latest, now, withSeconds);
  return likely > now ? `, ready\u00a0~${at}` : `, ready by ${at}`;
};

/** @param {View} view @param {boolean} isOwn @param {number} now */
const buildingWords = (view, isOwn, now) => {
  const who = isOwn ? 'Your demo' : 'Busy: a demo';
  if (view.status === 'queued') return `${who} waits for a build machine${readyWords(view, now)}.`;
  if (view.reason === 'checking_link') return `${who} is built; checking that it answers.`;
  return `${who} is being built${readyWords(view, now)}.`;
};

/**
 * @param {Kind} kind
 * @param {Shown['mood']} mood
 * @param {string} words
 * @param {Link | null} link
 * @returns {Shown}
 */
const shownAs = (kind, mood, words, link) => ({ kind, mood, words, link, more: null, progress: null });

/** @param {View} view @param {string} permalink @param {number} now @returns {Shown} */
const liveShown = (view, permalink, now) => {
  const url = safeUrl(view.live_url);
  const expiresAt = instantOf(view.expires_at);
  const left = expiresAt === null ? '' : `, ${durationWords((expiresAt - now) / 1000)} left`;
  if (url === null) {
    const words = `Live${left}, but its link does not answer.`;
    return shownAs('live', 'trouble', words, { label: 'See its state', href: permalink });
  }
  const shown = shownAs('live', 'good', `Live${left}.`, { label: 'Open the live demo', href: url });
  return { ...shown, more: { label: 'How it was built', href: permalink } };
};

/** @param {View} view @param {string} id @param {Known} known @param {number} now @returns {Shown} */
const runShown = (view, id, { server, own }, now) => {
  const isOwn = own?.id === id;
  const href = permalinkOf(server, id, isOwn ? own.token : null);
  switch (view.status) {
    case 'live':
      return liveShown(view, href, now);
    case 'destroying': {
      const words = 'Being taken down. Free again when it is proven gone.';
      return shownAs('falling', 'busy', words, { label: 'Watch it go', href });
    }
    case 'quarantined': {
      const words = 'Not yet proven gone. The owner has been told.';
      return shownAs('quarantined', 'trouble', words, { label: 'See its state', href });
    }
    default: {
      const label = isOwn ? 'Watch it being built' : 'Join and watch';
      const shown = shownAs('building', 'busy', buildingWords(view, isOwn, now), { label, href });
      return { ...shown, progress: progressAt(view.stages, now) };
    }
  }
};

/** @param {View} view @param {Known} known @param {number} now @returns {Shown} */
const idleShown = (view, { server, receivedAt, facts }, now) => {
  const blocked = blockedWords(view, receivedAt, now);
  if (blocked !== null) return shownAs('blocked', 'rest', blocked, { label: 'See earlier demos', href: `${server}/` });
  const words = facts.simulated
    ? 'Ready. Simulated here: nothing real is built.'
    : `Ready. Real infrastructure, gone again after ${durationWords(facts.lifetimeSeconds)}.`;
  return shownAs('ready', 'good', words, null);
};

/**
 * What to show now.
 *
 * @param {Known} known
 * @param {number} now the server's time
 * @returns {Shown}
 */
export const shownState = (known, now) => {
  const { server, view, own, isLost, isStarting, label } = known;
  if (isStarting) return shownAs('starting', 'busy', 'Starting …', null);
  if (isLost) {
    const words = 'The demo server does not answer. Trying again.';
    return shownAs('offline', 'rest', words, { label: 'Open the demo page', href: `${server}/` });
  }
  if (view === null) return shownAs('asking', 'rest', 'Asking whether it is free …', { label, href: `${server}/` });
  if (own !== null && own.id !== view.id) {
    const href = permalinkOf(server, own.id, own.token);
    return shownAs('starting', 'busy', 'Your demo is starting …', { label: 'Watch it being built', href });
  }
  return view.id === null ? idleShown(view, known, now) : runShown(view, view.id, known, now);
};
