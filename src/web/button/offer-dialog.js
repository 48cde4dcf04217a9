// @ts-check
/** The dialog before anything is built, in the words of the page. */
import { buildOffer, costOffer, endOffer, timeOffer } from '../page/offer.js';
import { make, setText } from './elements.js';

/** @typedef {import('../page/offer.js').Facts} Facts */
/** @typedef {import('./server-api.js').LedgerJson} LedgerJson */

/** @param {string} term @param {string} words */
const makeRow = (term, words) => {
  const description = make('dd', {}, words);
  return { row: make('div', {}, make('dt', {}, term), description), description };
};

/**
 * @param {object} options
 * @param {Facts} options.facts
 * @param {() => Promise<LedgerJson>} options.fetchLedger
 * @param {() => void} options.onDeploy is called inside the click, where a browser lets a tab be opened
 */
export const createOfferDialog = ({ facts, fetchLedger, onDeploy }) => {
  const time = makeRow('How long it takes', '…');
  const rows = [
    makeRow('What is built', buildOffer(facts)).row,
    time.row,
    makeRow('What it costs', costOffer(facts)).row,
    makeRow('How it ends', endOffer(facts)).row,
  ];
  const title = make('h2', { id: 'title' }, 'Deploy a live demo?');
  const deploy = make('button', { type: 'button', part: 'deploy', class: 'action', autofocus: '' }, 'Deploy');
  const cancel = make('button', { type: 'button', part: 'cancel', class: 'plain' }, 'Not now');
  const note = make('p', { class: 'quiet' }, 'A new tab opens and shows it being built.');
  const sheet = make(
    'div',
    { class: 'sheet' },
    title,
    make('dl', {}, ...rows),
    note,
    make('div', { class: 'answers' }, deploy, cancel),
  );
  const dialog = make('dialog', { part: 'dialog', 'aria-labelledby': 'title' }, sheet);

  dialog.addEventListener('click', (event) => {
    // A click on the dialog itself, not on its sheet, is one beside it.
    if (event.target === dialog) dialog.close();
  });
  cancel.addEventListener('click', () => dialog.close());
  deploy.addEventListener('click', () => {
    dialog.close();
    onDeploy();
  });

  let isKnown = false;
  const askForTimes = async () => {
    isKnown = true;
    const { entries } = await fetchLedger().catch(() => {
      isKnown = false;
      return { entries: [] };
    });
    setText(time.description, timeOffer(entries, facts.simulated));
  };

  return {
    dialog,
    /** Asks how long the latest runs took, once: called when somebody comes near, so that it is there in time. */
    prepare: () => {
      if (!isKnown) void askForTimes();
    },
    /** Another run has ended, so what was learned is old. */
    forgetTimes: () => {
      isKnown = false;
    },
  };
};
