// @ts-check
/** One notification of the browser when the demo is ready, for whoever asked for it by pressing a button. */
import { byId, setText, show } from './dom.js';

/** @typedef {import('./words.js').View} View */

/** @param {string} words */
const say = (words) => {
  setText(byId('notify-words'), words);
  show(byId('notify-words'), words !== '');
};

const DENIED = 'This browser does not let this page notify you. The title of this tab will say it, too.';
const PROMISED = 'You will be told, as long as this tab is open.';

/** @param {string} title @param {string} body */
const notify = (title, body) => {
  try {
    const notification = new Notification(title, { body, tag: 'live-demo', icon: '/assets/icon-live.svg' });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch {
    // Some browsers on phones only let a service worker do it, and this page has none: the tab's title has to do.
  }
};

/** Wires the button. The permission is asked for on its press and never else. */
export const createReadyNotice = () => {
  const isPossible = 'Notification' in globalThis;
  let isWanted = false;
  /** @type {string | null} */
  let risingId = null;

  byId('notify').addEventListener('click', async () => {
    const permission = await Notification.requestPermission();
    isWanted = permission === 'granted';
    say(isWanted ? PROMISED : DENIED);
    show(byId('notify'), false);
    // The button goes, and the focus shall not be lost with it.
    byId('heading').focus();
  });

  return {
    /** @param {View} view */
    update: (view) => {
      const isRising = view.status === 'queued' || view.status === 'deploying';
      show(byId('notify'), isPossible && isRising && byId('notify-words').hidden === true);
      if (isRising) {
        risingId = view.id;
        return;
      }
      say('');
      if (risingId === null || risingId !== view.id) return;
      risingId = null;
      if (!isWanted) return;
      isWanted = false;
      if (view.status === 'live') notify('The live demo is ready', 'It answers. Come and open it.');
      else notify('The live demo did not come up', 'It is being taken down again.');
    },
  };
};
