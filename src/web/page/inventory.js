// @ts-check
/** What of a run exists, by the lines of its log and, where lines were missed, by its stages. Pure. */
import { PARTS, partOf } from './parts.js';

/** @typedef {import('./trace-lines.js').Change} Change */
/** @typedef {import('./trace-lines.js').ResourceEvent} ResourceEvent */
/** @typedef {'planned' | 'creating' | 'made' | 'destroying' | 'gone' | 'standing' | 'unknown'} PartState */
/** @typedef {{ id: string, state: PartState, total: number, there: number, busy: number }} PartSummary `busy`: worked on right now */

/**
 * @typedef {object} Course how far the run is, as its stages say
 * @property {boolean} isBuilt everything was built
 * @property {boolean} isGone everything was destroyed
 * @property {boolean} isFalling it is being taken down, or was
 * @property {boolean} isLinked its link can be opened
 */

/**
 * @typedef {object} Summary
 * @property {number} total resources that are known
 * @property {number} there those that exist
 * @property {number} gone
 * @property {readonly PartSummary[]} parts
 */

/** Far more than any demo has; a log that goes mad must not fill the page's memory. */
const MOST_RESOURCES = 500;

/** @param {Change} change @param {Course} course @returns {Change} what it must be by now, also when lines were missed */
const settled = (change, { isBuilt, isGone }) => {
  // What was only planned was never there.
  if (isGone) return change === 'planned' ? 'planned' : 'gone';
  return isBuilt && (change === 'planned' || change === 'creating') ? 'made' : change;
};

/** @param {Change} change */
const isThere = (change) => change === 'made' || change === 'destroying';

/** @param {readonly Change[]} changes @returns {PartState} of a part that has at least one resource */
const stateOf = (changes) => {
  /** @param {Change} wanted */
  const count = (wanted) => changes.filter((change) => change === wanted).length;
  if (count('gone') === changes.length) return 'gone';
  if (count('destroying') + count('gone') > 0) return 'destroying';
  if (count('made') === changes.length) return 'made';
  return count('creating') + count('made') > 0 ? 'creating' : 'planned';
};

/** @param {Course} course @returns {PartState} */
const stateOfLink = ({ isLinked, isFalling }) => (isLinked ? 'made' : isFalling ? 'gone' : 'planned');

/**
 * A part without a resource: nothing is known yet, or it is there for good. Of what may be there for good nobody can say
 * which it is before a plan was seen.
 *
 * @param {boolean} stands
 * @param {boolean} isPlanKnown
 * @param {Course} course
 * @returns {PartState}
 */
const stateOfEmpty = (stands, isPlanKnown, { isBuilt, isGone }) => {
  if (stands) return isPlanKnown ? 'standing' : 'unknown';
  if (isGone) return 'gone';
  return isBuilt ? 'made' : 'planned';
};

/** A namespace takes all with it that is in one, and the cluster the rest of what kubectl made. @param {string} address */
const takenAlongBy = (address) => {
  if (address.startsWith('namespace/')) return /^(?!clusterrole)[a-z0-9.]+\//;
  return /(?:^|\.)aws_eks_cluster\./.test(address) ? /^[a-z0-9.]+\// : null;
};

/** @param {Map<string, { part: string | null, change: Change }>} known @param {string} address of what is gone */
const takeAlong = (known, address) => {
  const pattern = takenAlongBy(address);
  if (pattern === null) return;
  for (const [other, { part }] of known) if (pattern.test(other)) known.set(other, { part, change: 'gone' });
};

/** Keeps what the lines of one run reported. */
export const createInventory = () => {
  /** With the part each resource belongs to, which is looked up once and not every second. @type {Map<string, { part: string | null, change: Change }>} */
  const known = new Map();

  return {
    /** @param {ResourceEvent | null} event */
    note: (event) => {
      if (event === null) return;
      const { address, change } = event;
      const before = known.get(address)?.change;
      // A plan says nothing about what is under way, and what was never there does not go.
      if (change === 'planned' && before !== undefined && before !== 'gone') return;
      if (change === 'gone' && before === undefined) return;
      if (before === undefined && known.size >= MOST_RESOURCES) return;
      known.set(address, { part: known.get(address)?.part ?? partOf(address), change });
      if (change === 'gone') takeAlong(known, address);
    },
    clear: () => known.clear(),
    /** @param {Course} course @returns {Summary} */
    summary: (course) => {
      /** @type {Map<string | null, Change[]>} */
      const perPart = new Map();
      for (const { part, change } of known.values()) {
        perPart.set(part, [...(perPart.get(part) ?? []), settled(change, course)]);
      }
      const all = [...perPart.values()].flat();
      const parts = PARTS.map(({ id, stands }) => {
        const changes = perPart.get(id) ?? [];
        const there = changes.filter(isThere).length;
        const busy = changes.filter((change) => change === 'creating' || change === 'destroying').length;
        if (id === 'link') return { id, state: stateOfLink(course), total: 0, there, busy };
        const state = changes.length > 0 ? stateOf(changes) : stateOfEmpty(stands, all.length > 0, course);
        const isNeverMade = state === 'planned' && (course.isGone || course.isFalling);
        return { id, state: isNeverMade ? 'gone' : state, total: changes.length, there, busy };
      });
      return {
        total: all.length,
        there: all.filter(isThere).length,
        gone: all.filter((change) => change === 'gone').length,
        parts,
      };
    },
  };
};

/** @typedef {import('./words.js').Stage} Stage */

/**
 * How far a run is by its stages.
 *
 * @param {readonly Pick<Stage, 'name' | 'direction' | 'state'>[]} stages
 * @param {{ isOver: boolean, isFalling: boolean, isLinked: boolean }} run
 * @returns {Course}
 */
export const courseOf = (stages, { isOver, isFalling, isLinked }) => {
  const down = stages.filter((stage) => stage.direction === 'destroy');
  const hasDestroyed = down.some((stage) => stage.name === 'destroy' && stage.state === 'succeeded');
  return {
    isBuilt: stages.some((stage) => stage.name === 'apply' && stage.state === 'succeeded'),
    isGone: isOver || hasDestroyed,
    isFalling,
    isLinked,
  };
};

/**
 * What exists, in a few words: the caption of the picture.
 *
 * @param {Summary} summary
 * @param {boolean} isFalling it is being taken down, or was
 * @returns {string}
 */
export const summaryWords = ({ total, there, gone }, isFalling) => {
  if (total === 0) return '';
  if (isFalling && there === 0) return gone === 0 ? '' : `All ${gone} resources are gone.`;
  if (isFalling) return `${there} of ${there + gone} resources are left.`;
  return there === total ? `All ${total} resources exist.` : `${there} of ${total} resources exist.`;
};

/** @typedef {{ words: string, why: string | null, file: string | null }} Busy */

/** Of several parts that are worked on at once, the one to wait for is named first. */
const LONGEST_FIRST = ['cluster', 'nodes', 'balancer', 'pods'];

/** @param {string} id */
const rankOf = (id) => (LONGEST_FIRST.includes(id) ? LONGEST_FIRST.indexOf(id) : LONGEST_FIRST.length);

/**
 * Which parts are being built or deleted at this moment, the one to wait for first, and why there is that one.
 *
 * @param {Summary} summary
 * @returns {Busy | null} null when none is
 */
export const busyWith = ({ parts }) => {
  const busy = parts.filter((part) => part.busy > 0).toSorted((left, right) => rankOf(left.id) - rankOf(right.id));
  const named = busy.flatMap(({ id }) => PARTS.filter((part) => part.id === id));
  const first = named[0];
  if (first === undefined) return null;
  return { words: named.map(({ title }) => title).join(', '), why: first.why, file: first.file };
};
