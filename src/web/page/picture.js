// @ts-check
/** The picture of what is built: boxes that light up as the parts come into being, and the same as a list. */
import { make, makeSvg, setPath, setText } from './dom.js';
import { PARTS } from './parts.js';
import { FRAMES, NARROW, WIDE } from './picture-layout.js';

/** @typedef {import('./inventory.js').Summary} Summary */
/** @typedef {import('./inventory.js').PartSummary} PartSummary */
/** @typedef {import('./picture-layout.js').Layout} Layout */

/** @type {Readonly<Record<PartSummary['state'], string>>} */
const STATE_WORDS = {
  planned: 'to come',
  creating: 'being built',
  made: 'there',
  destroying: 'deleting',
  gone: 'gone',
  standing: 'always there',
  unknown: '',
};

/** @param {PartSummary} part @param {boolean} isBlueprint */
const wordsOf = ({ id, state, total, there, busy }, isBlueprint) => {
  if (isBlueprint) return '';
  if (id === 'link') return state === 'made' ? 'open' : state === 'gone' ? 'closed' : 'not yet';
  if (busy === 0 && state === 'creating') return `${there}/${total} there`;
  if (total > 1 && state === 'destroying') return `${there}/${total} left`;
  const isPartly = total > 1 && state === 'creating';
  return isPartly ? `${STATE_WORDS[state]}, ${there}/${total}` : STATE_WORDS[state];
};

/** The mark says the state without colour. @param {PartSummary} part */
const markOf = ({ state }) =>
  ({ planned: '○', creating: '◐', made: '●', destroying: '◑', gone: '×', standing: '◆', unknown: '' })[state];

/** @param {Layout} layout */
const drawing = ({ width, height, boxes, lines }) => {
  const svg = makeSvg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'picture', role: 'img' });
  /** @type {Map<string, { group: Element, state: Element }>} */
  const drawn = new Map();
  const inOrder = PARTS.toSorted((left, right) => Number(FRAMES.includes(right.id)) - Number(FRAMES.includes(left.id)));
  for (const { id, title } of inOrder) {
    const [x, y, boxWidth, boxHeight] = boxes[id] ?? [0, 0, 0, 0];
    const isFrame = FRAMES.includes(id);
    const middle = y + boxHeight / 2;
    const [nameX, nameY, stateX, stateY] = isFrame
      ? [x + 12, y + 22, x + boxWidth - 12, y + 22]
      : [x + 12, middle - 3, x + 12, middle + 15];
    const name = makeSvg('text', { x: nameX, y: nameY, class: 'part-name' });
    const state = makeSvg('text', {
      x: stateX,
      y: stateY,
      class: 'part-state',
      'text-anchor': isFrame ? 'end' : 'start',
    });
    name.textContent = title;
    const rect = makeSvg('rect', { x, y, width: boxWidth, height: boxHeight, rx: isFrame ? 12 : 8 });
    const group = makeSvg('g', { class: isFrame ? 'part frame' : 'part', 'data-part': id }, rect, name, state);
    drawn.set(id, { group, state });
    svg.append(group);
    // The lines lie on the frames and under what stands in them.
    if (id === inOrder[FRAMES.length - 1]?.id) {
      svg.append(...lines.map((d) => makeSvg('path', { d, class: 'flow' })));
    }
  }
  return { svg, drawn };
};

/** @param {typeof PARTS[number]} part */
const listItem = ({ id, title, why, file }) => {
  const state = make('span', 'quiet');
  const item = make('li', '', make('strong', '', title), ' ', state, make('span', 'part-why', why));
  if (file !== null) {
    const path = make('code', 'file');
    setPath(path, file);
    item.append(path);
  }
  item.dataset.part = id;
  return { item, state };
};

/**
 * Puts a picture into an element.
 *
 * @param {HTMLElement} host
 * @returns {{ render: (summary: Summary, words: string, isBlueprint?: boolean) => void }}
 */
export const createPicture = (host) => {
  const narrow = matchMedia('(max-width: 34rem)');
  const caption = make('p', 'picture-caption');
  const place = make('div', 'picture-place');
  const items = new Map(PARTS.map((part) => [part.id, listItem(part)]));
  const list = make('ul', 'parts', ...[...items.values()].map(({ item }) => item));
  host.replaceChildren(caption, place, make('details', '', make('summary', '', 'What each part is, and why'), list));
  let { svg, drawn } = drawing(narrow.matches ? NARROW : WIDE);
  place.replaceChildren(svg);
  /** @type {Parameters<ReturnType<typeof createPicture>['render']> | null} */
  let last = null;

  /** @param {Summary} summary @param {string} words @param {boolean} [isBlueprint] nothing is built now: the picture says what would be */
  const render = (summary, words, isBlueprint = false) => {
    last = [summary, words, isBlueprint];
    setText(caption, words);
    const label = words === '' ? 'The parts of the demo' : `The parts of the demo. ${words}`;
    if (svg.getAttribute('aria-label') !== label) svg.setAttribute('aria-label', label);
    for (const part of summary.parts) {
      const said = wordsOf(part, isBlueprint);
      const box = drawn.get(part.id);
      if (box !== undefined) {
        const state = isBlueprint ? 'blueprint' : part.state;
        if (box.group.getAttribute('data-state') !== state) box.group.setAttribute('data-state', state);
        setText(box.state, said === '' ? '' : `${markOf(part)} ${said}`);
      }
      const entry = items.get(part.id);
      if (entry !== undefined) setText(entry.state, said);
    }
  };

  narrow.addEventListener('change', () => {
    ({ svg, drawn } = drawing(narrow.matches ? NARROW : WIDE));
    place.replaceChildren(svg);
    if (last !== null) render(...last);
  });
  return { render };
};
