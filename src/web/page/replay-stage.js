// @ts-check
/** Shows a replay at a moment: the same cards, picture and log as a run has, in a place of its own. */

import { setText, within } from './dom.js';
import { saveText } from './download.js';
import { busyWith, courseOf, createInventory, summaryWords } from './inventory.js';
import { createLogPanel } from './log-panel.js';
import { createPicture } from './picture.js';
import { lineCountAt, sceneAt, stagesAt } from './replay-timeline.js';
import { plainText } from './sgr.js';
import { stageWords } from './stage-words.js';
import { arrangeWays, renderStages } from './stages.js';
import { resourceEvent } from './trace-lines.js';

/** @typedef {import('./replay-timeline.js').Replay} Replay */
/** @typedef {ReturnType<typeof createLogPanel>} LogPanel */

/** As many as the log shows at most: what came before them would be thrown away at once. */
const LATEST_LINES = 2_000;

/** @param {Replay['lines']} lines @param {LogPanel} panel @param {string} stage the one whose lines came last @returns {string} */
const addLines = (lines, panel, stage) => {
  let current = stage;
  /** @type {string[]} */
  let texts = [];
  for (const line of lines) {
    if (line.stage !== current) {
      panel.addLines(texts);
      texts = [];
      panel.addHeading(stageWords(line.stage).title);
      current = line.stage;
    }
    texts.push(line.text);
  }
  panel.addLines(texts);
  return current;
};

/**
 * @param {HTMLElement} root of the player
 * @param {Replay} replay
 * @returns {{ show: (moment: number) => string }} `show` answers what is going on at that moment, in words
 */
export const createReplayStage = (root, replay) => {
  const lines = replay.lines.toSorted((left, right) => left.at_seconds - right.at_seconds);
  const events = lines.map(({ text }) => resourceEvent(text));
  const inventory = createInventory();
  const picture = createPicture(within('.picture-host', root));
  const panel = createLogPanel(within('.log-host', root), {
    label: 'Log lines of the replay',
    onDownload: () => saveText(`live-demo-${replay.id}.log`, lines.map(({ text }) => `${plainText(text)}\n`).join('')),
  });
  let shownLines = 0;
  let shownStage = '';

  /** @param {number} count */
  const showLines = (count) => {
    if (count < shownLines) {
      panel.clear();
      inventory.clear();
      shownLines = 0;
      shownStage = '';
    }
    for (const event of events.slice(shownLines, count)) inventory.note(event);
    const from = Math.max(shownLines, count - LATEST_LINES);
    if (count > shownLines) shownStage = addLines(lines.slice(from, count), panel, shownStage);
    shownLines = count;
  };

  return {
    show: (moment) => {
      const scene = sceneAt(replay, moment);
      const stages = stagesAt(replay, moment);
      showLines(lineCountAt(lines, moment));
      const summary = inventory.summary(courseOf(stages, scene));
      const now = Date.parse(replay.created_at) + moment * 1000;
      picture.render(summary, summaryWords(summary, scene.isFalling));
      const context = { now, busy: busyWith(summary) };
      renderStages(
        within('.stages-up', root),
        stages.filter(({ direction }) => direction === 'apply'),
        context,
      );
      renderStages(
        within('.stages-down', root),
        stages.filter(({ direction }) => direction === 'destroy'),
        context,
      );
      arrangeWays(within('.way-up', root), within('.way-down', root), scene.isFalling && !scene.isOver);
      setText(within('.scene-words', root), scene.words);
      within('.scene', root).dataset.mood = scene.mood;
      return scene.words;
    },
  };
};
