// @ts-check
/** What a replay shows at which moment. Pure: moments are seconds since the press that started the run. */

/** @typedef {import('./words.js').Stage} Stage */

/**
 * @typedef {object} Replay a run as the server kept it
 * @property {string} id
 * @property {boolean} sample
 * @property {string} created_at
 * @property {string} live_at
 * @property {string | null} down_at
 * @property {string | null} gone_at
 * @property {number} total_seconds
 * @property {readonly { name: string, direction: 'up' | 'down', started_at_seconds: number | null, finished_at_seconds: number | null, state: Stage['state'] }[]} stages
 * @property {readonly { at_seconds: number, stage: string, text: string }[]} lines
 * @property {number} lines_total
 */

/** @typedef {{ from: number, to: number, playFrom: number, playTo: number }} Segment */

/** How long a whole replay takes. */
export const PLAY_SECONDS = 90;
/** An hour in which it is only there is nothing to watch: it gets this much of a replay at most. */
const LONGEST_REST_SECONDS = 6;

/** @param {Replay} replay @param {string | null} instant @returns {number | null} */
const secondsAt = (replay, instant) =>
  instant === null ? null : (Date.parse(instant) - Date.parse(replay.created_at)) / 1000;

/** @param {Replay} replay */
const turnsOf = (replay) => {
  const total = Math.max(1, replay.total_seconds);
  /** @param {number | null} seconds */
  const within = (seconds) => Math.min(Math.max(seconds ?? total, 0), total);
  const live = within(secondsAt(replay, replay.live_at));
  const down = Math.max(live, within(secondsAt(replay, replay.down_at)));
  return { total, live, down };
};

/**
 * Which moment of the run is shown at which second of the replay: evenly, but for the time in which it was only live.
 *
 * @param {Replay} replay
 * @returns {readonly Segment[]}
 */
export const segmentsOf = (replay) => {
  const { total, live, down } = turnsOf(replay);
  const rest = Math.min(LONGEST_REST_SECONDS, ((down - live) / total) * PLAY_SECONDS);
  const moving = total - (down - live);
  const perSecond = moving === 0 ? 0 : (PLAY_SECONDS - rest) / moving;
  const liveAt = live * perSecond;
  return [
    { from: 0, to: live, playFrom: 0, playTo: liveAt },
    { from: live, to: down, playFrom: liveAt, playTo: liveAt + rest },
    { from: down, to: total, playFrom: liveAt + rest, playTo: PLAY_SECONDS },
  ];
};

/** @param {readonly Segment[]} segments @param {number} playSeconds @returns {number} the moment of the run */
export const momentAt = (segments, playSeconds) => {
  const within = segments.find(({ playTo }) => playSeconds <= playTo) ?? segments.at(-1);
  if (within === undefined) return 0;
  const span = within.playTo - within.playFrom;
  const share = span === 0 ? 1 : Math.min(Math.max((playSeconds - within.playFrom) / span, 0), 1);
  return within.from + share * (within.to - within.from);
};

/** @param {Replay} replay @param {number} seconds @returns {string} ISO */
const instantAt = (replay, seconds) => new Date(Date.parse(replay.created_at) + seconds * 1000).toISOString();

/** @param {Replay['stages'][number]} stage @param {number} moment @returns {Stage['state']} */
const stateAt = ({ started_at_seconds: from, finished_at_seconds: to, state }, moment) => {
  if (from === null || moment < from) return 'waiting';
  return to === null || moment < to ? 'running' : state;
};

/**
 * The stages as they stood at a moment, in the shape of the public view. Those of the way down appear when it begins.
 *
 * @param {Replay} replay
 * @param {number} moment
 * @returns {Stage[]}
 */
export const stagesAt = (replay, moment) => {
  const { down } = turnsOf(replay);
  const shown = replay.stages.filter(({ direction }) => direction === 'up' || moment >= down);
  return shown.map((stage) => {
    const { name, direction, started_at_seconds: from, finished_at_seconds: to } = stage;
    const state = stateAt(stage, moment);
    return {
      name,
      direction: direction === 'up' ? 'apply' : 'destroy',
      state,
      started_at: state === 'waiting' || from === null ? null : instantAt(replay, from),
      finished_at: state === 'waiting' || state === 'running' || to === null ? null : instantAt(replay, to),
      expected_seconds: from === null || to === null ? null : Math.max(1, Math.round(to - from)),
    };
  });
};

/** @typedef {{ words: string, mood: 'busy' | 'good' | 'rest', isLinked: boolean, isOver: boolean, isFalling: boolean }} Scene */

/** @param {Replay} replay @param {number} moment @returns {Scene} */
export const sceneAt = (replay, moment) => {
  const { total, live, down } = turnsOf(replay);
  const nothing = { isLinked: false, isOver: false, isFalling: false };
  if (replay.gone_at !== null && moment >= total) {
    return { ...nothing, words: 'Gone, and proven so', mood: 'rest', isOver: true, isFalling: true };
  }
  if (replay.down_at !== null && moment >= down)
    return { ...nothing, words: 'Taking it down', mood: 'busy', isFalling: true };
  if (moment >= live) return { ...nothing, words: 'Live', mood: 'good', isLinked: true };
  const isBuilding = replay.stages.some(({ started_at_seconds: from }) => from !== null && from <= moment);
  return { ...nothing, words: isBuilding ? 'Building' : 'Waiting for a build machine', mood: 'busy' };
};

/**
 * How many lines had been written by a moment.
 *
 * @param {readonly { at_seconds: number }[]} lines in order
 * @param {number} moment
 * @returns {number}
 */
export const lineCountAt = (lines, moment) => {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.at_seconds ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
};
