import type { Clock, EventLog, LogReader, Recordings } from './ports.ts';
import { keepOf } from './recorded-lines.ts';
import { isWorthRecording, type RecordedLog, recordedJobs, recordingOf } from './recording.ts';
import type { Tombstone } from './tombstone.ts';

export interface RecorderDeps {
  readonly logs: LogReader;
  readonly recordings: Pick<Recordings, 'store'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: EventLog;
}

export interface Recorder {
  /**
   * Keeps the run, if it is worth it, in place of the one before. It returns at once and never throws; what fails is
   * logged and forgotten. May be repeated.
   */
  record(tombstone: Tombstone): void;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

/** Parts of a job's log that are read. The store keeps twelve of 64 KB at most, so this is never met. */
const MOST_PARTS = 16;
/** Lines of a job that are looked at. A log of 64 KB parts has more only if nearly all of it is empty. */
const MOST_LINES = 50_000;

/**
 * Makes the recorder. It reads one job's log at a time and keeps a bounded sample of it before it reads the next, so
 * it holds at most one job's log and a sample of each. One run is recorded at a time; of a run that is asked for again
 * while it is at it, or after it was stored, it does nothing.
 */
export const createRecorder = ({ logs, recordings, clock, log }: RecorderDeps): Recorder => {
  let underWay: { readonly id: string; readonly done: Promise<void> } | null = null;
  let storedId: string | null = null;

  const logOf = async (deploymentId: string, jobId: number): Promise<RecordedLog> => {
    let lines: readonly string[] = [];
    let total = 0;
    let last: string | undefined;
    for (let part = 0; part < MOST_PARTS; part += 1) {
      const chunk = await logs.readChunk({ deploymentId, jobId }, part, clock.now());
      if (chunk === null) break;
      total += chunk.lines.length;
      lines = lines.concat(chunk.lines.slice(0, MOST_LINES - lines.length));
      last = chunk.lines.at(-1) ?? last;
      if (chunk.state !== 'full') break;
    }
    // How a job ended is worth knowing, however much it said before.
    const ended = total > lines.length && last !== undefined ? [...lines, last] : lines;
    return { lines: keepOf(ended), total };
  };

  const make = async (tombstone: Tombstone): Promise<void> => {
    const { id } = tombstone;
    try {
      const jobs = recordedJobs(tombstone);
      const kept: RecordedLog[] = [];
      for (const { job } of jobs) kept.push(await logOf(id, job.id));
      const recording = recordingOf(tombstone, jobs, kept);
      await recordings.store(recording);
      storedId = id;
      const { lines, linesTotal } = recording;
      log.event('info', 'recording.stored', { deploymentId: id, lines: lines.length, linesTotal });
    } catch (error) {
      log.event('warn', 'recording.not_stored', { deploymentId: id, error });
    }
  };

  return {
    record: (tombstone) => {
      const { id } = tombstone;
      if (!isWorthRecording(tombstone) || id === storedId || id === underWay?.id) return;
      const before = underWay?.done ?? Promise.resolve();
      const entry = {
        id,
        done: before
          .then(() => make(tombstone))
          .then(() => {
            if (underWay === entry) underWay = null;
          }),
      };
      underWay = entry;
    },
    idle: async () => {
      while (underWay !== null) await underWay.done;
    },
  };
};
