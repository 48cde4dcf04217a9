// @ts-check
import { make, setText } from './dom.js';
import { durationWords } from './figures.js';
import { STAGE_STATES, stageWords } from './stage-words.js';

/** @typedef {import('./words.js').Stage} Stage */

/** @param {Stage} stage @param {number} now */
const timeWords = (stage, now) => {
  const usually = stage.expected_seconds === null ? '' : `usually ${durationWords(stage.expected_seconds)}`;
  if (stage.started_at === null) return usually;
  const until = stage.finished_at === null ? now : Date.parse(stage.finished_at);
  const took = durationWords((until - Date.parse(stage.started_at)) / 1000);
  return stage.state === 'running' && usually !== '' ? `${took}, ${usually}` : took;
};

/** @param {Stage} stage */
const makeRow = (stage) => {
  const { title, what } = stageWords(stage.name);
  const mark = make('span', 'stage-mark');
  mark.setAttribute('aria-hidden', 'true');
  const row = make(
    'li',
    'stage',
    mark,
    make('span', 'stage-name', title),
    make('span', 'stage-state'),
    make('span', 'stage-what', what),
    make('span', 'stage-time'),
  );
  row.dataset.stage = stage.name;
  return row;
};

/** @param {readonly Stage[]} stages */
const shapeOf = (stages) => stages.map(({ name, direction }) => `${direction}/${name}`).join(' ');

/**
 * Shows stages as rows of a list. Rows are kept while the same stages are shown and only their words change, so that
 * a reader is not thrown out of the list every second.
 *
 * @param {HTMLElement} list
 * @param {readonly Stage[]} stages
 * @param {number} now
 */
export const renderStages = (list, stages, now) => {
  const shape = shapeOf(stages);
  if (list.dataset.shape !== shape) {
    list.replaceChildren(...stages.map(makeRow));
    list.dataset.shape = shape;
  }
  for (const [index, stage] of stages.entries()) {
    const row = list.children[index];
    if (!(row instanceof HTMLElement)) continue;
    row.dataset.state = stage.state;
    const [state, time] = [row.querySelector('.stage-state'), row.querySelector('.stage-time')];
    if (state !== null) setText(state, STAGE_STATES[stage.state] ?? stage.state);
    if (time !== null) setText(time, timeWords(stage, now));
  }
};
