// @ts-check
import { make, show } from './dom.js';
import { spansOf } from './sgr.js';

/** A whole run has about this many lines; a page that is left open must not grow for ever. */
const MOST_LINES = 2_000;
/** This near to the end counts as being at the end. */
const NEAR_END_PIXELS = 40;

/** @param {string} line */
const makeLine = (line) =>
  make(
    'div',
    'log-line',
    ...spansOf(line).map(({ text, classes }) => (classes === '' ? text : make('span', classes, text))),
  );

/**
 * The log as it grows. While "follow" is on the end stays in sight; scrolling up turns it off.
 *
 * @param {{ box: HTMLElement, trimmed: HTMLElement, follow: HTMLInputElement }} elements
 */
export const createLogPanel = ({ box, trimmed, follow }) => {
  const isAtEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PIXELS;
  const scrollToEnd = () => {
    if (follow.checked) box.scrollTop = box.scrollHeight;
  };

  follow.addEventListener('change', scrollToEnd);
  // Only what a person does turns following off: a scroll event also comes from lines that were added.
  for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerup']) {
    box.addEventListener(
      kind,
      () => requestAnimationFrame(() => requestAnimationFrame(() => (follow.checked &&= isAtEnd()))),
      {
        passive: true,
      },
    );
  }

  /** @param {readonly HTMLElement[]} rows */
  const append = (rows) => {
    box.append(...rows.slice(-MOST_LINES));
    const excess = box.childElementCount - MOST_LINES;
    for (let count = 0; count < excess; count += 1) box.firstElementChild?.remove();
    if (excess > 0 || rows.length > MOST_LINES) show(trimmed, true);
    scrollToEnd();
  };

  return {
    /** @param {readonly string[]} lines */
    addLines: (lines) => append(lines.map(makeLine)),
    /** @param {string} title of the job whose lines follow */
    addHeading: (title) => append([make('div', 'log-heading', title)]),
    clear: () => {
      box.replaceChildren();
      show(trimmed, false);
    },
  };
};
