// @ts-check
/** The stages as cards: what happens in each, why, where it is written down, and how long it takes. */
import { make, setText, show, within } from './dom.js';
import { durationWords } from './figures.js';
import { STAGE_STATES, stageWords } from './stage-words.js';

/** @typedef {import('./words.js').Stage} Stage */
/** @typedef {{ now: number, busy: import('./inventory.js').Busy | null }} StagesContext `busy`: what is worked on right now */

/** @param {Stage} stage @param {number} now */
const tookSeconds = ({ started_at, finished_at }, now) =>
  started_at === null ? 0 : ((finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at)) / 1000;

/** @param {Stage} stage @param {number} now */
const timeWords = (stage, now) => {
  const usually = stage.expected_seconds === null ? '' : `usually ${durationWords(stage.expected_seconds)}`;
  if (stage.started_at === null) return usually;
  const took = durationWords(tookSeconds(stage, now));
  const isUsual = stage.finished_at !== null && usually === `usually ${took}`;
  return usually === '' || isUsual ? took : `${took}, ${usually}`;
};

/** How much of its usual time is over, 0 to 1. @param {Stage} stage @param {number} now */
const shareOf = (stage, now) => {
  if (stage.state === 'succeeded') return 1;
  if (stage.started_at === null || stage.expected_seconds === null) return 0;
  return Math.min(Math.max(tookSeconds(stage, now) / Math.max(1, stage.expected_seconds), 0), 1);
};

/** @param {Stage} stage */
const makeCard = (stage) => {
  const { title, what, why, file } = stageWords(stage.name);
  const mark = make('span', 'stage-mark');
  const bar = make('div', 'stage-bar', make('div', ''));
  for (const decoration of [mark, bar]) decoration.setAttribute('aria-hidden', 'true');
  const card = make(
    'li',
    'stage',
    make('p', 'stage-head', mark, make('span', 'stage-name', title), ' ', make('span', 'stage-state')),
    make('p', 'stage-what', what),
    make('p', 'stage-now'),
    make('p', 'stage-why', why),
    make('p', 'stage-foot', make('span', 'stage-time'), ' ', make('code', 'file', file ?? '')),
    bar,
  );
  card.dataset.stage = stage.name;
  return card;
};

/** @param {readonly Stage[]} stages */
const shapeOf = (stages) => stages.map(({ name, direction }) => `${direction}/${name}`).join(' ');

/** @param {HTMLElement} card @param {Stage} stage @param {StagesContext} context */
const fill = (card, stage, { now, busy }) => {
  const { why, file } = stageWords(stage.name);
  // While a part is waited for, that part is what there is to say something about.
  const named = stage.state === 'running' ? busy : null;
  card.dataset.state = stage.state;
  setText(within('.stage-state', card), STAGE_STATES[stage.state] ?? stage.state);
  setText(within('.stage-time', card), timeWords(stage, now));
  setText(within('.stage-now', card), named === null ? '' : `Now: ${named.words}`);
  show(within('.stage-now', card), named !== null);
  setText(within('.stage-why', card), named?.why ?? why);
  setText(within('.file', card), named?.file ?? file ?? '');
  within('.stage-bar > div', card).style.width = `${(shareOf(stage, now) * 100).toFixed(1)}%`;
};

/**
 * Shows stages as cards of a list. Cards are kept while the same stages are shown and only their words change, so that
 * a reader is not thrown out of the list every second.
 *
 * @param {HTMLElement} list
 * @param {readonly Stage[]} stages
 * @param {StagesContext} context
 */
export const renderStages = (list, stages, context) => {
  const shape = shapeOf(stages);
  if (list.dataset.shape !== shape) {
    list.replaceChildren(...stages.map(makeCard));
    list.dataset.shape = shape;
  }
  for (const [index, stage] of stages.entries()) {
    const card = list.children[index];
    if (card instanceof HTMLElement) fill(card, stage, context);
  }
};
