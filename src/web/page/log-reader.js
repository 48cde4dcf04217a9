// @ts-check
import { fetchLogs, fetchPipeline } from './api.js';
import { Problem } from './problem.js';
import { stageWords } from './stage-words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {{ id: number, name: string, cursor: string | null, silentReads: number }} Reading */
/** @typedef {{ addLines: (lines: readonly string[]) => void, addHeading: (title: string) => void }} Sink */

/** At once, when catching up; the rest comes with the next round. */
const PAGES_PER_ROUND = 4;
/** A job whose log never says that it is complete is left for the next one after this many empty answers. */
const PATIENCE = 5;
/** Far more than the server keeps of a run, so that a download ends whatever it answers. */
const MOST_PAGES = 500;

/** @param {View} view */
const shapeOf = (view) => view.stages.map(({ name, direction, state }) => `${direction}/${name}/${state}`).join(' ');

/**
 * Reads the logs of one run's jobs, one job after the other, and gives them to the sink.
 *
 * @param {string} runId
 * @param {Sink} sink
 */
export const createLogReader = (runId, sink) => {
  let seenShape = '';
  /** @type {Map<number, string>} */
  const known = new Map();
  /** @type {Reading[]} */
  const queue = [];

  /** @param {View} view @returns {Promise<string | null | undefined>} the pipeline's public link; undefined: not asked */
  const findJobs = async (view) => {
    const shape = shapeOf(view);
    if (shape === seenShape || shape === '') return undefined;
    const pipeline = await fetchPipeline(runId);
    for (const job of pipeline.stages.flatMap((stage) => stage.jobs)) {
      if (known.has(job.id) || job.started_at === null) continue;
      known.set(job.id, job.name);
      queue.push({ id: job.id, name: job.name, cursor: null, silentReads: 0 });
    }
    seenShape = shape;
    return pipeline.web_url;
  };

  /** @param {Reading} reading @param {boolean} isOver @returns {Promise<{ lines: number, isDone: boolean }>} */
  const readPage = async (reading, isOver) => {
    const page = await fetchLogs(runId, reading.id, reading.cursor);
    if (reading.cursor === null) sink.addHeading(stageWords(reading.name).title);
    reading.cursor = page.next_cursor;
    sink.addLines(page.lines);
    reading.silentReads = page.lines.length === 0 ? reading.silentReads + 1 : 0;
    const isDone = page.complete || (reading.silentReads >= PATIENCE && (isOver || queue.length > 1));
    if (isDone) queue.shift();
    return { lines: page.lines.length, isDone };
  };

  /** @param {View} view */
  const readRound = async (view) => {
    let lines = 0;
    for (let pages = 0; pages < PAGES_PER_ROUND && queue[0] !== undefined; pages += 1) {
      const page = await readPage(queue[0], view.receipt !== null);
      lines += page.lines;
      if (!page.isDone && page.lines === 0) break;
    }
    return lines;
  };

  return {
    /**
     * Reads on. Logs are an extra: a lost answer is left to the next round.
     *
     * @param {View} view
     * @returns {Promise<{ lines: number, hasMore: boolean, pipelineUrl: string | null | undefined }>} `hasMore`: there
     *   is a log that has not said that it is complete
     */
    read: async (view) => {
      let lines = 0;
      /** @type {string | null | undefined} */
      let pipelineUrl;
      try {
        pipelineUrl = await findJobs(view);
        lines = await readRound(view);
      } catch (error) {
        if (!(error instanceof Problem && error.status === 404)) return { lines, hasMore: true, pipelineUrl };
        queue.shift();
      }
      return { lines, hasMore: queue.length > 0, pipelineUrl };
    },
    /** All of it from the beginning, as the server has it. Rejects when it does not answer. @returns {Promise<string[]>} */
    readAll: async () => {
      /** @type {string[]} */
      const all = [];
      let pages = 0;
      for (const [job, name] of known) {
        all.push(`== ${stageWords(name).title} ==`);
        /** @type {string | null} */
        let cursor = null;
        for (; pages < MOST_PAGES; pages += 1) {
          const page = /** @type {import('./api.js').LogsJson} */ (await fetchLogs(runId, job, cursor));
          all.push(...page.lines);
          cursor = page.next_cursor;
          if (page.complete || page.lines.length === 0) break;
        }
      }
      return all;
    },
  };
};
