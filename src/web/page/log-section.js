// @ts-check
/** The section of the log: there while a run is on its way, and on request for one that is gone. */
import { byId, setText, show, within } from './dom.js';
import { safeUrl } from './links.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {Pick<import('./run-log.js').RunLogOptions, 'inventory' | 'onRound'>} LogSectionOptions */

/** @param {string | null} url */
const renderPipelineLink = (url) => {
  const link = byId('pipeline-link');
  const safe = safeUrl(url);
  show(link, safe !== null);
  link.setAttribute('href', safe ?? '/');
};

/**
 * Wires the section. What reads and shows a log is loaded when there is one to show.
 *
 * @param {LogSectionOptions} options
 */
export const createLogSection = ({ inventory, onRound }) => {
  /** @type {ReturnType<typeof import('./run-log.js').createRunLog> | null} */
  let log = null;
  /** @type {View | null} */
  let view = null;
  /** @type {string | null} */
  let followedId = null;
  let isLoading = false;

  const render = () => {
    const isGone = view !== null && view.receipt !== null;
    const isOpen = followedId !== null && followedId === view?.id;
    const isNothing = isOpen && isGone && log?.isComplete() === true && log.isEmpty();
    const isShown = isOpen && log !== null && !log.isEmpty();
    show(byId('log'), isShown || (isGone && (view?.stages.length ?? 0) > 0));
    show(byId('show-log'), isGone && !isOpen);
    show(within('#log .log-host', document), isShown);
    show(byId('log-words'), isShown || isNothing);
    setText(
      byId('log-words'),
      isNothing ? 'Its log is not kept any more.' : 'Secrets are masked before a line leaves the server.',
    );
  };

  const load = async () => {
    if (log !== null || isLoading) return log;
    isLoading = true;
    try {
      const { createRunLog } = await import('./run-log.js');
      const options = { inventory, onPipeline: renderPipelineLink };
      log = createRunLog({
        ...options,
        host: within('#log .log-host', document),
        onRound: () => {
          render();
          onRound();
        },
      });
    } catch {
      // The next update tries again.
    } finally {
      isLoading = false;
    }
    return log;
  };

  /** @param {View} next */
  const open = async (next) => {
    followedId = next.id;
    const loaded = await load();
    if (view !== null && view.id === followedId) loaded?.follow(view);
    render();
  };

  byId('show-log').addEventListener('click', () => {
    if (view !== null) void open(view);
    byId('log-heading').focus();
  });
  byId('log-heading').setAttribute('tabindex', '-1');

  return {
    /** @param {View} next */
    follow: (next) => {
      if (next.id !== view?.id) {
        inventory.clear();
        renderPipelineLink(null);
      }
      view = next;
      const isWatchable = next.id !== null && next.stages.length > 0;
      // What is gone is shown on request; what was watched until its end is read to its end.
      if (isWatchable && (next.receipt === null || followedId === next.id)) void open(next);
      else render();
    },
  };
};
