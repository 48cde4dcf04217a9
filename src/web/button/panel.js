// @ts-check
/** What stands in the place of the element: the button or link, the state in words, and what a press leads to. */
import { Problem, refusalWords } from '../page/problem.js';
import { make, makeLink, setAttribute, setText } from './elements.js';
import { createOfferDialog } from './offer-dialog.js';
import { FACTS } from './served-facts.js';
import { permalinkOf, shownState } from './shown-state.js';

/** @typedef {import('./connection.js').Connection} Connection */
/** @typedef {import('./shown-state.js').Kind} Kind */

/** What is said about a press, and in which states it is still news. @typedef {{ words: string, kinds: Kind[] }} Notice */

/**
 * Opens the tab that the demo will be shown in. A browser allows it only inside a click, before the answer is there.
 *
 * @returns {Window | null} null when the browser blocks it
 */
const reserveTab = () => {
  const tab = window.open('about:blank');
  if (tab === null) return null;
  // What is shown there must not be able to lead this page away.
  tab.opener = null;
  try {
    tab.document.body.textContent = tab.document.title = 'Starting the demo …';
  } catch {
    // Some browsers have no document there yet; it is only there for a moment anyway.
  }
  return tab;
};

/** @param {Window | null} tab @param {string} address @returns {boolean} whether the visitor was led there */
const lead = (tab, address) => {
  if (tab === null || tab.closed) return false;
  tab.location.replace(address);
  return true;
};

const makeElements = () => {
  const startLabel = make('span', { part: 'label' });
  const mark = make('span', { class: 'mark', 'aria-hidden': 'true' });
  const start = make('button', { type: 'button', part: 'action', class: 'action', hidden: '' }, mark, startLabel);
  const go = makeLink('action');
  go.link.className = 'action';
  const bar = make('span', { class: 'bar' });
  const track = make('div', { class: 'track', part: 'progress', 'aria-hidden': 'true', hidden: '' }, bar);
  const light = make('span', { class: 'light', part: 'light', 'aria-hidden': 'true' });
  const words = make('span', { part: 'words' });
  const more = makeLink('more');
  const status = make('p', { class: 'status', part: 'status' }, light, make('span', {}, words, ' ', more.link));
  const notice = make('p', { class: 'notice', part: 'notice', hidden: '' });
  const announcer = make('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  const frame = make('div', { class: 'frame' }, start, go.link, track, status, notice, announcer);
  return { frame, start, startLabel, go, track, bar, words, more, notice, announcer };
};

/**
 * @param {Connection} connection
 * @param {string} label of the button
 * @returns {{ frame: HTMLElement, close: () => void }}
 */
export const createPanel = ({ server, api, watch, own }, label) => {
  const elements = makeElements();
  const { frame, start, go, announcer } = elements;
  /** @type {Notice | null} */
  let notice = null;
  /** @type {Kind} */
  let kind = 'asking';
  let isStarting = false;

  /** @param {string} words */
  const speak = (words) => setText(announcer, words);

  const shown = () => {
    const { view, heardAt } = watch.seen;
    const run = view === null ? null : own.current(view.id, heardAt);
    return shownState({ server, ...watch.seen, own: run, isStarting, label, facts: FACTS }, api.now());
  };

  /** @param {ReturnType<typeof shown>} state */
  const renderAction = ({ link, kind: shownKind, words }) => {
    const root = frame.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    start.hidden = link !== null;
    setText(elements.startLabel, shownKind === 'starting' ? words : label);
    setAttribute(start, 'aria-disabled', String(shownKind === 'starting'));
    go.show(link);
    // Who stood on the one that went away stands on the one that came.
    if (focused === start && start.hidden) go.link.focus();
    if (focused === go.link && go.link.hidden) start.focus();
  };

  const render = () => {
    const state = shown();
    if (notice?.kinds.includes(state.kind) === false) notice = null;
    if (state.kind !== kind) {
      // What stands there at first is read with the page; only changes are spoken, and news of a press before the state.
      if (kind !== 'asking') speak(notice?.words ?? state.words);
      if (state.kind === 'ready') dialog.forgetTimes();
      kind = state.kind;
    }
    setAttribute(frame, 'part', `frame ${state.kind}`);
    setAttribute(frame, 'data-mood', state.mood);
    renderAction(state);
    elements.track.hidden = state.progress === null;
    elements.bar.style.width = `${Math.round((state.progress ?? 0) * 100)}%`;
    setText(elements.words, state.words);
    elements.more.show(state.more);
    elements.notice.hidden = notice === null;
    setText(elements.notice, notice?.words ?? '');
  };

  /** @param {Notice} news */
  const tell = (news) => {
    notice = news;
    speak(news.words);
  };

  /** @param {unknown} error */
  const noteRefusal = (error) => {
    const running = error instanceof Problem && error.status === 409 ? error.body.deployment : undefined;
    if (running?.id == null) {
      tell({ words: refusalWords(error, api.now()), kinds: ['ready'] });
      return;
    }
    watch.adopt(running);
    tell({ words: 'Somebody was faster: a demo is already running. You can join it.', kinds: ['building', 'live'] });
  };

  const deploy = async () => {
    if (isStarting) return;
    const tab = reserveTab();
    isStarting = true;
    notice = null;
    render();
    try {
      const { id, control_token: token, created_at: createdAt } = await api.startDeployment();
      if (token !== null) own.keep({ id, token, startedAt: Date.parse(createdAt) });
      isStarting = false;
      const isShown = lead(tab, permalinkOf(server, id, token));
      if (!isShown)
        tell({ words: 'No new tab could be opened. Your demo is behind this link.', kinds: ['starting', 'building'] });
    } catch (error) {
      isStarting = false;
      tab?.close();
      noteRefusal(error);
    }
    watch.wake();
    watch.tell();
  };

  const dialog = createOfferDialog({ facts: FACTS, fetchLedger: api.fetchLedger, onDeploy: () => void deploy() });
  frame.append(dialog.dialog);
  // The button may have become a link behind the open dialog, and then the focus has nowhere to go back to.
  dialog.dialog.addEventListener('close', () => (start.hidden ? go.link : start).focus());
  for (const nearing of ['pointerenter', 'focus']) start.addEventListener(nearing, dialog.prepare);
  start.addEventListener('click', () => {
    if (isStarting || kind !== 'ready') return;
    dialog.prepare();
    dialog.dialog.showModal();
  });
  const close = watch.listen(render);
  render();
  return { frame, close };
};
