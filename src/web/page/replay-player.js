// @ts-check
/** Plays the last run that went well, whatever its length, in ninety seconds. */
import { make, setText } from './dom.js';
import { clockWords, durationWords } from './figures.js';
import { createReplayStage } from './replay-stage.js';
import { momentAt, PLAY_SECONDS, segmentsOf } from './replay-timeline.js';

/** @typedef {import('./replay-timeline.js').Replay} Replay */

/** A frame that took longer was no frame: the tab was hidden, and the replay waits for its visitor. */
const LONGEST_FRAME_MS = 500;
/** The eye needs no more, and the log can be read between. */
const SHOWN_EVERY_MS = 100;

/** "04:12" or "1:04:12". @param {number} seconds */
const counter = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return hours === 0 ? parts.join(':') : [hours, ...parts].join(':');
};

/** @param {Replay} replay @param {number} now */
const makeParts = (replay, now) => {
  const toggle = make('button', 'button primary player-toggle', 'Pause');
  toggle.setAttribute('type', 'button');
  const range = /** @type {HTMLInputElement} */ (make('input', 'player-range'));
  const attributes = {
    type: 'range',
    min: '0',
    max: String(PLAY_SECONDS),
    step: '0.1',
    'aria-label': 'Moment of the replay',
  };
  for (const [name, value] of Object.entries(attributes)) range.setAttribute(name, value);
  range.value = '0';
  const time = make('p', 'player-time');
  const light = make('span', 'light');
  light.setAttribute('aria-hidden', 'true');
  const title = make('h3', 'player-title', `Replay of the run of ${clockWords(Date.parse(replay.created_at), now)}`);
  const root = make(
    'div',
    'player',
    make(
      'p',
      'player-label',
      make('span', 'tag', 'Replay, not live'),
      ...(replay.sample ? [' ', make('span', 'tag', 'sample run')] : []),
    ),
    title,
    make('p', 'scene', light, make('span', 'scene-words')),
    make('div', 'player-bar', toggle, range, time),
    make(
      'div',
      'player-columns',
      make(
        'div',
        'player-stages',
        make('div', 'way way-up', make('ol', 'stages stages-up')),
        make('div', 'way way-down', make('ol', 'stages stages-down')),
      ),
      make('div', 'picture-host'),
    ),
    make('div', 'log-host'),
  );
  title.setAttribute('tabindex', '-1');
  return { root, title, toggle, range, time };
};

/** Stops the one before, so that two never draw into one place. */
let stopPlaying = () => {};

/**
 * Puts a player into an element, in place of one that is there, and starts it.
 *
 * @param {HTMLElement} host
 * @param {Replay} replay
 * @param {number} now epoch milliseconds
 */
export const createPlayer = (host, replay, now) => {
  const { root, title, toggle, range, time } = makeParts(replay, now);
  host.replaceChildren(root);
  const stage = createReplayStage(root, replay);
  const segments = segmentsOf(replay);
  const total = segments.at(-1)?.to ?? 0;
  let playSeconds = 0;
  let isPlaying = false;
  let lastFrameAt = 0;
  let shownAt = 0;

  const render = () => {
    const moment = momentAt(segments, playSeconds);
    const words = stage.show(moment);
    range.value = playSeconds.toFixed(1);
    range.setAttribute('aria-valuetext', `${durationWords(moment)} of ${durationWords(total)}, ${words}`);
    setText(time, `${counter(moment)} of ${counter(total)}`);
    setText(toggle, isPlaying ? 'Pause' : playSeconds >= PLAY_SECONDS ? 'Play again' : 'Play');
  };

  /** @param {number} at */
  const onFrame = (at) => {
    if (!isPlaying) return;
    const passedMs = at - lastFrameAt;
    lastFrameAt = at;
    if (passedMs < LONGEST_FRAME_MS) playSeconds = Math.min(PLAY_SECONDS, playSeconds + Math.max(0, passedMs) / 1000);
    if (playSeconds >= PLAY_SECONDS) isPlaying = false;
    if (!isPlaying || at - shownAt >= SHOWN_EVERY_MS) {
      shownAt = at;
      render();
    }
    if (isPlaying) requestAnimationFrame(onFrame);
  };

  const play = () => {
    if (playSeconds >= PLAY_SECONDS) playSeconds = 0;
    isPlaying = true;
    lastFrameAt = performance.now();
    requestAnimationFrame(onFrame);
    render();
  };

  toggle.addEventListener('click', () => {
    if (!isPlaying) return play();
    isPlaying = false;
    render();
  });
  range.addEventListener('input', () => {
    playSeconds = Number(range.value);
    render();
  });
  stopPlaying();
  stopPlaying = () => {
    isPlaying = false;
  };
  play();
  title.focus();
};
