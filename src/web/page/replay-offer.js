// @ts-check
/** Offers the replay of the last run where there is one, and loads it only when somebody wants to see it. */
import { fetchReplay, hasReplay, serverNow } from './api.js';
import { byId, setText, show, within } from './dom.js';

const WORDS =
  'The last run that went well, with its own stages and its own log. The time in which it was only live is cut short.';

/** @param {import('./replay-timeline.js').Replay} replay */
const wordsOf = ({ lines, lines_total: total }) =>
  lines.length < total ? `${WORDS} Of its ${total} log lines, ${lines.length} are kept.` : WORDS;

/** Wires the offer. `refresh` asks whether there is one now. */
export const createReplayOffer = () => {
  const open = byId('replay-open');
  let isLoading = false;

  const load = async () => {
    if (isLoading) return;
    isLoading = true;
    show(byId('replay'), true);
    setText(byId('replay-words'), 'Loading …');
    try {
      const [{ createPlayer }, replay] = await Promise.all([import('./replay-player.js'), fetchReplay()]);
      setText(byId('replay-words'), wordsOf(replay));
      createPlayer(within('#replay .player-host', document), replay, serverNow());
    } catch {
      setText(byId('replay-words'), 'The replay could not be loaded. Please try again.');
    } finally {
      isLoading = false;
    }
  };

  open.addEventListener('click', () => void load());

  return {
    refresh: async () => show(open, await hasReplay()),
  };
};
