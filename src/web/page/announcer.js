// @ts-check
/** The one polite live region of the page: it speaks when the state or the stage changes, and never else. */
import { setText } from './dom.js';

/** @param {HTMLElement} region */
export const createAnnouncer = (region) => {
  let spoken = '';
  return {
    /** @param {string} words */
    speak: (words) => {
      // What stands there at first is read with the page; only changes are spoken.
      if (spoken !== '' && spoken !== words) setText(region, words);
      spoken = words;
    },
  };
};
