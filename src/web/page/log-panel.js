// @ts-check
/** The log as it grows: followed or paused, bounded, and drawn once a frame however fast the lines come. */
import { make, setText, show } from './dom.js';
import { spansOf } from './sgr.js';

/** A whole run has about this many lines; a page that is left open must not grow for ever. */
const MOST_LINES = 2_000;
/** Drawn in one frame at most, so that catching up with a long log does not make the page stumble. */
const LINES_PER_FRAME = 100;
/** This near to the end counts as being at the end. */
const NEAR_END_PIXELS = 40;

/** Beside a replay, which can be paused as well. */
const PAUSE = 'Pause the log';

/** @typedef {{ kind: 'line' | 'heading', text: string }} Row */

/** @param {Row} row */
const makeRow = ({ kind, text }) =>
  kind === 'heading'
    ? make('div', 'log-heading', text)
    : make(
        'div',
        'log-line',
        ...spansOf(text).map((span) => (span.classes === '' ? span.text : make('span', span.classes, span.text))),
      );

/** @param {number} count */
const newWords = (count) => (count === 1 ? '1 new line' : `${count} new lines`);

/** @param {string} label */
const makeParts = (label) => {
  const [toggle, jump, download] = [PAUSE, '', 'Download'].map((text) => {
    const button = make('button', 'button small', text);
    button.setAttribute('type', 'button');
    return button;
  });
  const box = make('div', 'log-box');
  // Hundreds of lines a minute are no news to be read aloud; whoever wants them goes there.
  const attributes = { role: 'log', 'aria-live': 'off', 'aria-label': label, tabindex: '0' };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  return { toggle, jump, download, box, trimmed: make('p', 'quiet', 'Earlier lines are no longer shown here.') };
};

/**
 * Puts a log into an element.
 *
 * @param {HTMLElement} host
 * @param {{ label: string, onDownload: () => void }} options
 */
export const createLogPanel = (host, { label, onDownload }) => {
  const { toggle, jump, download, box, trimmed } = makeParts(label);
  if (toggle === undefined || jump === undefined || download === undefined) throw new Error('A button is missing');
  host.replaceChildren(make('div', 'log-bar', toggle, jump, download), box, trimmed);
  for (const hidden of [jump, trimmed]) show(hidden, false);

  /** Rows that are not drawn yet. @type {Row[]} */
  let pending = [];
  let isPaused = false;
  let newLines = 0;
  let frame = 0;

  const draw = () => {
    frame = 0;
    if (isPaused) return;
    box.append(...pending.splice(0, LINES_PER_FRAME).map(makeRow));
    const excess = box.childElementCount - MOST_LINES;
    for (let count = 0; count < excess; count += 1) box.firstElementChild?.remove();
    if (excess > 0) show(trimmed, true);
    box.scrollTop = box.scrollHeight;
    if (pending.length > 0) schedule();
  };

  const schedule = () => {
    if (frame === 0 && !isPaused) frame = requestAnimationFrame(draw);
  };

  const renderPause = () => {
    setText(toggle, isPaused ? 'Follow the log' : PAUSE);
    show(jump, isPaused && newLines > 0);
    setText(jump, newLines === 0 ? '' : `${newWords(newLines)} – jump to the end`);
  };

  /** @param {boolean} wanted */
  const setPaused = (wanted) => {
    if (isPaused === wanted) return;
    isPaused = wanted;
    newLines = 0;
    renderPause();
    if (isPaused) return;
    box.scrollTop = box.scrollHeight;
    schedule();
  };

  const isAtEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PIXELS;

  toggle.addEventListener('click', () => setPaused(!isPaused));
  jump.addEventListener('click', () => {
    setPaused(false);
    // The button goes, and the focus shall not be lost with it.
    box.focus();
  });
  download.addEventListener('click', onDownload);
  // The page itself only ever scrolls to the end, so whoever is elsewhere went there to read.
  box.addEventListener('scroll', () => !isAtEnd() && setPaused(true), { passive: true });
  // Lines that wrap in another place make it longer or shorter, and who follows it stays at its end.
  new ResizeObserver(() => {
    if (!isPaused) box.scrollTop = box.scrollHeight;
  }).observe(box);

  /** @param {readonly Row[]} rows */
  const add = (rows) => {
    pending.push(...rows);
    if (pending.length > MOST_LINES) {
      pending = pending.slice(-MOST_LINES);
      show(trimmed, true);
    }
    if (isPaused) {
      newLines += rows.filter(({ kind }) => kind === 'line').length;
      renderPause();
    }
    schedule();
  };

  return {
    /** @param {readonly string[]} lines */
    addLines: (lines) => add(lines.map((text) => ({ kind: 'line', text }))),
    /** @param {string} text the title of the job whose lines follow */
    addHeading: (text) => add([{ kind: 'heading', text }]),
    /** Whether there is anything in it. */
    isEmpty: () => box.childElementCount + pending.length === 0,
    /** What is shown, as text: for a download when the server does not answer. */
    shownText: () => [...box.children].map((row) => `${row.textContent}\n`).join(''),
    clear: () => {
      pending = [];
      newLines = 0;
      box.replaceChildren();
      show(trimmed, false);
      renderPause();
    },
  };
};
