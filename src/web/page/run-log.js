// @ts-check
/** The log of the run that is shown: read while somebody may look, shown, and counted into the picture. */
import { saveText } from './download.js';
import { createLogPanel } from './log-panel.js';
import { createLogReader } from './log-reader.js';
import { plainText } from './sgr.js';
import { resourceEvent } from './trace-lines.js';

/** @typedef {import('./words.js').View} View */

/** After new lines; each round without any waits longer. */
const FIRST_WAIT_MS = 1_500;
const LONGEST_WAIT_MS = 6_000;
const HIDDEN_WAIT_MS = 15_000;

/**
 * @typedef {object} RunLogOptions
 * @property {HTMLElement} host
 * @property {ReturnType<typeof import('./inventory.js').createInventory>} inventory is told what the lines report
 * @property {() => void} onRound after each look, whether there was anything new or not
 * @property {(url: string | null) => void} onPipeline the pipeline's public link, if it has one
 */

/** @param {RunLogOptions} options */
export const createRunLog = ({ host, inventory, onRound, onPipeline }) => {
  /** @type {View | null} */
  let view = null;
  /** @type {ReturnType<typeof createLogReader> | null} */
  let reader = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let waitMs = FIRST_WAIT_MS;
  let isReading = false;
  let isComplete = false;

  const download = async () => {
    const name = `live-demo-${view?.id ?? 'log'}.log`;
    try {
      const lines = (await reader?.readAll()) ?? [];
      saveText(name, lines.map((line) => `${plainText(line)}\n`).join(''));
    } catch {
      saveText(name, panel.shownText());
    }
  };

  const panel = createLogPanel(host, { label: 'Log lines', onDownload: () => void download() });

  /** @param {string} runId */
  const open = (runId) => {
    /** Lines of a run that is no longer shown are nobody's. @param {() => void} act */
    const ifShown = (act) => {
      if (view?.id === runId) act();
    };
    panel.clear();
    inventory.clear();
    isComplete = false;
    reader = createLogReader(runId, {
      addHeading: (title) => ifShown(() => panel.addHeading(title)),
      addLines: (lines) =>
        ifShown(() => {
          for (const line of lines) inventory.note(resourceEvent(line));
          panel.addLines(lines);
        }),
    });
  };

  const look = async () => {
    clearTimeout(timer);
    if (isReading || view === null || reader === null) return;
    isReading = true;
    const [asked, mine] = [view, reader];
    const { lines, hasMore, pipelineUrl } = await mine.read(asked);
    isReading = false;
    if (mine !== reader) return void look();
    if (pipelineUrl !== undefined) onPipeline(pipelineUrl);
    isComplete = asked.receipt !== null && !hasMore;
    waitMs = lines > 0 ? FIRST_WAIT_MS : Math.min(waitMs * 1.5, LONGEST_WAIT_MS);
    onRound();
    if (!isComplete) timer = setTimeout(look, document.hidden ? HIDDEN_WAIT_MS : waitMs);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !isComplete) void look();
  });

  return {
    isEmpty: panel.isEmpty,
    /** No more lines are to come. */
    isComplete: () => isComplete,
    /** @param {View} next a view with an id and stages */
    follow: (next) => {
      const isOther = next.id !== view?.id;
      const isNews =
        isOther || JSON.stringify(next.stages) !== JSON.stringify(view?.stages) || next.receipt !== view?.receipt;
      view = next;
      if (isOther && next.id !== null) open(next.id);
      if (!isNews) return;
      waitMs = FIRST_WAIT_MS;
      if (isOther || !isComplete) void look();
    },
  };
};
