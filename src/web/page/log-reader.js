// @ts-check
import { fetchLogs, fetchPipeline, Problem } from './api.js';
import { stageWords } from './stage-words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {{ id: number, name: string, cursor: string | null, silentReads: number }} Reading */

/** At once, when catching up; the rest comes with the next round. */
const PAGES_PER_ROUND = 4;
/** A job whose log never says that it is complete is left for the next one after this many empty answers. */
const PATIENCE = 5;

/** @param {View} view */
const shapeOf = (view) => view.stages.map(({ name, direction, state }) => `${direction}/${name}/${state}`).join(' ');

/**
 * Reads the logs of a run's jobs, one job after the other, and gives them to the panel.
 *
 * @param {{ addLines: (lines: readonly string[]) => void, addHeading: (title: string) => void, clear: () => void }} panel
 */
export const createLogReader = (panel) => {
  /** @type {string | null} */
  let runId = null;
  let seenShape = '';
  /** @type {Set<number>} */
  let known = new Set();
  /** @type {Reading[]} */
  let queue = [];

  /** @param {View} view @param {string} id */
  const findJobs = async (view, id) => {
    const shape = shapeOf(view);
    if (shape === seenShape || shape === '') return;
    const pipeline = await fetchPipeline(id);
    for (const job of pipeline.stages.flatMap((stage) => stage.jobs)) {
      if (known.has(job.id) || job.started_at === null) continue;
      known.add(job.id);
      queue.push({ id: job.id, name: job.name, cursor: null, silentReads: 0 });
    }
    seenShape = shape;
  };

  /** @param {string} id @param {Reading} reading @returns {Promise<boolean>} whether there may be more right now */
  const readPage = async (id, reading) => {
    const page = await fetchLogs(id, reading.id, reading.cursor);
    if (id !== runId) return false;
    if (reading.cursor === null) panel.addHeading(stageWords(reading.name).title);
    reading.cursor = page.next_cursor;
    panel.addLines(page.lines);
    reading.silentReads = page.lines.length === 0 ? reading.silentReads + 1 : 0;
    const isDone = page.complete || (reading.silentReads >= PATIENCE && queue.length > 1);
    if (isDone) queue.shift();
    return isDone || page.lines.length > 0;
  };

  /** @param {View} view @param {string} id */
  const readRound = async (view, id) => {
    await findJobs(view, id);
    for (let pages = 0; pages < PAGES_PER_ROUND; pages += 1) {
      const reading = queue[0];
      if (reading === undefined || !(await readPage(id, reading))) return;
    }
  };

  return {
    /**
     * Reads on. Logs are an extra: a refusal or a lost answer is left to the next round.
     *
     * @param {View} view
     */
    read: async (view) => {
      if (view.id === null) return;
      if (view.id !== runId) {
        runId = view.id;
        seenShape = '';
        known = new Set();
        queue = [];
        panel.clear();
      }
      try {
        await readRound(view, view.id);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) queue.shift();
      }
    },
  };
};
