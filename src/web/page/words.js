// @ts-check
/** What the page says about a state. Pure: the time is always an argument. */
import { clockWords, instantOf } from './figures.js';

/** @typedef {import('../../routes/schemas/deployment.ts').DeploymentJson} View */
/** @typedef {View['stages'][number]} Stage */

// Typed by the API's own schema: a reason that is added there and has no words here does not compile.
/** @type {Readonly<Record<View['reason'], string>>} */
const REASONS = {
  idle: '',
  waiting_for_runner: '',
  building: '',
  checking_link: '',
  healthy: '',
  link_not_answering: '',
  visitor: 'the visitor who started it asked for it',
  owner: 'the owner asked for it',
  expired: 'its time was up',
  hard_end: 'it reached its latest possible end',
  nightly: 'the nightly clean-up takes everything down',
  not_started: 'its build never came to start',
  deploy_failed: 'the build failed',
  deploy_timeout: 'the build took too long',
  deploy_unknown: 'nobody could tell how the build ended',
  not_live: 'its link never answered',
  unhealthy: 'its link stopped answering',
  auto_stop: 'the timer of the pipeline stopped it',
  arm_failed: 'the safety net could not be set up',
  preflight_failed: 'a check before the build failed',
  adopted_orphan: 'it was found without a record',
};

/**
 * Why it went or goes down, to be put behind "because", or nothing.
 *
 * @param {View['reason']} reason
 * @returns {string}
 */
export const reasonWords = (reason) => REASONS[reason] ?? '';

/**
 * Whether a run that was never live was ended by somebody's wish, which is no failure.
 *
 * @param {string} outcome
 * @param {View['reason']} reason
 */
export const isStopped = (outcome, reason) =>
  outcome === 'failed' && (reason === 'visitor' || reason === 'owner' || reason === 'nightly');

/** @param {View} view */
const goneHeading = (view) => {
  if (view.receipt !== null && isStopped(view.receipt.outcome, view.reason)) return 'Stopped on its way up, and gone';
  if (view.receipt?.outcome === 'never_built') return 'Nothing was built';
  return view.receipt?.outcome === 'failed' ? 'It failed, and everything is gone' : 'Gone, and proven so';
};

/**
 * The state in a few words: the heading of the page.
 *
 * @param {View} view
 * @returns {string}
 */
export const headingOf = (view) => {
  if (view.receipt !== null) return goneHeading(view);
  switch (view.status) {
    case 'idle':
      return 'Nothing is running';
    case 'queued':
      return 'Waiting for a build machine';
    case 'deploying':
      return view.reason === 'checking_link' ? 'Built; checking that it answers' : 'Building';
    case 'live':
      return view.reason === 'link_not_answering' ? 'Live, but its link does not answer' : 'Live';
    case 'destroying':
      return 'Taking it down';
    case 'quarantined':
      return 'Not yet proven gone';
  }
};

/** Up to this span between the click and the latest estimate, seconds are worth saying. */
const SECONDS_MATTER_WITHIN_MS = 600_000;

/**
 * When it is likely to be ready: "likely ready 14:26–14:33"; past the estimate that it takes longer than usual.
 * Null without an estimate.
 *
 * @param {View} view
 * @param {number} now
 * @returns {string | null}
 */
export const readyWords = (view, now) => {
  if (view.eta === null || view.created_at === null) return null;
  const latest = Date.parse(view.eta.latest);
  if (latest <= now) return 'longer than nearly every run so far';
  const withSeconds = latest - Date.parse(view.created_at) < SECONDS_MATTER_WITHIN_MS;
  const from = clockWords(Math.max(now, Date.parse(view.eta.earliest)), now, withSeconds);
  const to = clockWords(latest, now, withSeconds);
  return from === to ? `likely ready ${to}` : `likely ready ${from}–${to}`;
};

/** @typedef {{ now: number, deployDeadlineSeconds: number }} RisingContext */

/** @param {View} view @param {RisingContext} context */
const risingDetail = (view, { now, deployDeadlineSeconds }) => {
  const createdAt = instantOf(view.created_at) ?? now;
  const withSeconds = view.eta !== null && Date.parse(view.eta.latest) - createdAt < SECONDS_MATTER_WITHIN_MS;
  const started = `Started ${clockWords(createdAt, now, withSeconds)}`;
  const ready = readyWords(view, now) ?? 'no estimate yet: too few runs so far';
  const giveUpAt = clockWords(createdAt + deployDeadlineSeconds * 1000, now, withSeconds);
  const isLate = view.eta !== null && Date.parse(view.eta.latest) <= now;
  return isLate ? `${started}, ${ready}; it is stopped at ${giveUpAt} if not live by then.` : `${started}, ${ready}.`;
};

/** @param {View} view @param {number} now */
const liveDetail = (view, now) => {
  const failingSince = instantOf(view.link_failing_since);
  if (view.live_url === null && failingSince !== null) {
    return `It has not answered since ${clockWords(failingSince, now)}, so the link is withheld until it does.`;
  }
  const liveAt = instantOf(view.live_at);
  return liveAt === null ? '' : `Live since ${clockWords(liveAt, now)}.`;
};

/** @param {View} view */
const fallingDetail = (view) => {
  const reason = reasonWords(view.reason);
  const why = reason === '' ? '' : `Because ${reason}. `;
  const down = view.stages.filter((stage) => stage.direction === 'destroy');
  const isDone = down.length > 0 && down.every((stage) => stage.state === 'succeeded');
  return isDone
    ? `${why}It is destroyed; now two looks at the account, some time apart, have to find nothing.`
    : `${why}It counts as gone only when two looks at the account have found nothing.`;
};

/**
 * One or two sentences under the heading.
 *
 * @param {View} view
 * @param {RisingContext} context
 * @returns {string}
 */
export const detailOf = (view, context) => {
  if (view.receipt !== null) {
    const reason = reasonWords(view.reason);
    return reason === '' ? '' : `It was taken down because ${reason}.`;
  }
  switch (view.status) {
    case 'idle':
      return view.can_deploy ? 'Press the button, and it is built while you watch.' : '';
    case 'queued':
    case 'deploying':
      return risingDetail(view, context);
    case 'live':
      return liveDetail(view, context.now);
    case 'destroying':
      return fallingDetail(view);
    case 'quarantined':
      return 'Something may be left. The owner has been told, and it is looked at and destroyed again until nothing is.';
  }
};
