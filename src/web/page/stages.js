// @ts-check
/** The stages as cards: what happens in each, why, where it is written down, and how long it takes. */
import { make, setPath, setText, show, within } from './dom.js';
import { durationWords } from './figures.js';
import { STAGE_STATES, stageWords } from './stage-words.js';

/** @typedef {import('./words.js').Stage} Stage */
/** @typedef {{ now: number, busy: import('./inventory.js').Busy | null }} StagesContext `busy`: what is worked on right now */

/** @param {Stage} stage @param {number} now */
const tookSeconds = ({ started_at, finished_at }, now) =>
  started_at === null ? 0 : ((finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at)) / 1000;

/** How long it took so far, and how long it usually takes where that is another time. @param {Stage} stage @param {number} now */
const timeWords = (stage, now) => {
  const usual = stage.expected_seconds === null ? '' : durationWords(stage.expected_seconds);
  if (stage.started_at === null) return { took: '', usual: usual === '' ? '' : `usually ${usual}` };
  // Nobody saw when it ended, and what does not run any more does not go on taking time.
  if (stage.finished_at === null && stage.state !== 'running') return { took: '', usual: '' };
  const took = durationWords(tookSeconds(stage, now));
  const isUsual = usual === '' || (stage.finished_at !== null && usual === took);
  return { took, usual: isUsual ? '' : `, usually ${usual}` };
};

/** How much of its usual time is over, 0 to 1. @param {Stage} stage @param {number} now */
const shareOf = (stage, now) => {
  if (stage.state === 'succeeded') return 1;
  if (stage.started_at === null || stage.expected_seconds === null) return 0;
  return Math.min(Math.max(tookSeconds(stage, now) / Math.max(1, stage.expected_seconds), 0), 1);
};

/** @param {Stage} stage */
const makeCard = (stage) => {
  const { title, what, why } = stageWords(stage.name);
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
    make(
      'p',
      'stage-foot',
      make('span', 'stage-time', make('span', 'stage-took'), make('span', 'stage-usual')),
      ' ',
      make('code', 'file'),
    ),
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
  // While a part is waited for, that part is what there is to say something about. Why it is there says nothing about why
  // it goes, so on the way down only its name is said.
  const named = stage.state === 'running' ? busy : null;
  const built = stage.direction === 'apply' ? named : null;
  card.dataset.state = stage.state;
  setText(within('.stage-state', card), STAGE_STATES[stage.state] ?? stage.state);
  const { took, usual } = timeWords(stage, now);
  setText(within('.stage-took', card), took);
  setText(within('.stage-usual', card), usual);
  setText(
    within('.stage-now', card),
    named === null ? '' : `${built === null ? 'Now deleting' : 'Now building'}: ${named.words}`,
  );
  show(within('.stage-now', card), named !== null);
  setText(within('.stage-why', card), built?.why ?? why);
  setPath(within('.file', card), built?.file ?? file ?? '');
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

/**
 * Puts the way up above the way down, or, once that has begun, below it and in few words.
 *
 * @param {HTMLElement} up
 * @param {HTMLElement} down beside it, in the same parent
 * @param {boolean} isFalling
 */
export const arrangeWays = (up, down, isFalling) => {
  up.toggleAttribute('data-past', isFalling);
  const [first, second] = isFalling ? [down, up] : [up, down];
  if (first.nextElementSibling !== second) first.parentElement?.append(first, second);
};
