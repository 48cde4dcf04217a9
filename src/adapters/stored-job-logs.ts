import type { Clock, JobLogs, LogChunk, LogOf, LogReader } from '../lifecycle/ports.ts';
import { putLatest } from '../lifecycle/put-latest.ts';
import { lineBytes } from './log-chunk-bounds.ts';

export interface StoredJobLogsDeps {
  readonly reader: LogReader;
  readonly clock: Clock;
  /** What may still change is read at most once in this time, however many ask. */
  readonly pollMs: number;
}

/** So much text is held: several runs, whole. */
export const HELD_BYTES = 8_000_000;
/** Chunks that are not there take hardly any room, but are remembered as well. */
const HELD_CHUNKS = 512;
/** Jobs of which it is remembered in which chunk a line is. */
const HELD_JOBS = 256;

interface Held {
  /** Undefined before the first answer; null when there is none. */
  chunk: LogChunk | null | undefined;
  bytes: number;
  /** Monotonic; of the latest read that was begun. */
  readAt: number;
  reading: Promise<void> | null;
}

const isFinal = (chunk: Held['chunk']): boolean => chunk?.state === 'full' || chunk?.state === 'last';

const bytesOf = (chunk: LogChunk | null): number => chunk?.lines.reduce((sum, line) => sum + lineBytes(line), 0) ?? 0;

/** Chunks as they were last read: one that is final for as long as there is room, one that is not for a poll. */
const createChunks = ({ reader, clock, pollMs }: StoredJobLogsDeps) => {
  const chunks = new Map<string, Held>();
  let heldBytes = 0;

  const makeRoom = (except: Held): void => {
    for (const [key, held] of chunks) {
      if (chunks.size <= HELD_CHUNKS && heldBytes <= HELD_BYTES) return;
      // One that is being read stays, else whoever asks next would read it a second time.
      if (held === except || held.reading !== null) continue;
      chunks.delete(key);
      heldBytes -= held.bytes;
    }
  };

  const read = async (held: Held, log: LogOf, index: number): Promise<void> => {
    held.readAt = clock.monotonicMs();
    try {
      const chunk = await reader.readChunk(log, index, clock.now());
      heldBytes += bytesOf(chunk) - held.bytes;
      held.chunk = chunk;
      held.bytes = bytesOf(chunk);
    } catch (error) {
      // While the store cannot be asked, what is held is still worth reading.
      if (held.chunk === undefined) throw error;
    } finally {
      held.reading = null;
    }
  };

  return async (log: LogOf, index: number): Promise<LogChunk | null> => {
    const key = `${log.deploymentId}#${log.jobId}#${index}`;
    const held = chunks.get(key) ?? { chunk: undefined, bytes: 0, readAt: 0, reading: null };
    // Re-inserted, so that the map's order is the order of the last use; their bytes are bounded, not their number.
    chunks.delete(key);
    chunks.set(key, held);
    if (isFinal(held.chunk)) return held.chunk ?? null;
    const isFresh = held.chunk !== undefined && clock.monotonicMs() - held.readAt < pollMs;
    if (!isFresh && held.reading === null) held.reading = read(held, log, index);
    if (held.reading !== null) await held.reading;
    makeRoom(held);
    return held.chunk ?? null;
  };
};

/** In which chunk a line is, as far as that was seen: the first lines of the chunks never change. */
const createFirstLines = () => {
  const jobs = new Map<string, number[]>();
  const of = ({ deploymentId, jobId }: LogOf): number[] => {
    const key = `${deploymentId}#${jobId}`;
    const firstLines = jobs.get(key) ?? [];
    putLatest(jobs, key, firstLines, HELD_JOBS);
    return firstLines;
  };
  return {
    indexOf: (log: LogOf, line: number): number =>
      Math.max(
        0,
        of(log).findLastIndex((firstLine) => firstLine <= line),
      ),
    learn: (log: LogOf, index: number, firstLine: number): void => {
      of(log)[index] = firstLine;
    },
  };
};

/**
 * Makes the reader of stored logs, shared by everybody in this process. It never asks GitLab. A chunk that is full is
 * read once; the one at the end at most once per poll and by one request at a time, so that a thousand readers of a
 * job cost as much as one. Lines have the same numbers whichever task answers. What is held is bounded.
 */
export const createStoredJobLogs = (deps: StoredJobLogsDeps): JobLogs => {
  const chunkAt = createChunks(deps);
  const firstLines = createFirstLines();
  return {
    lines: async (log, fromLine, limit) => {
      const lines: string[] = [];
      for (let index = firstLines.indexOf(log, fromLine); ; index += 1) {
        const chunk = await chunkAt(log, index);
        if (chunk === null) return { lines, complete: false };
        firstLines.learn(log, index, chunk.firstLine);
        const from = Math.max(0, fromLine + lines.length - chunk.firstLine);
        lines.push(...chunk.lines.slice(from, from + limit - lines.length));
        const isThrough = fromLine + lines.length >= chunk.firstLine + chunk.lines.length;
        if (chunk.state !== 'full' || !isThrough) {
          return { lines, complete: chunk.state === 'last' && isThrough };
        }
      }
    },
  };
};
