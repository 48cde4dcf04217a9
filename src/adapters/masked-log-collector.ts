import { isDemoError } from '../lifecycle/errors.ts';
import type { Clock, EventLog, JobTraces, LogCollector, LogOf, LogStore, StartedJob } from '../lifecycle/ports.ts';
import { putLatest } from '../lifecycle/put-latest.ts';
import { createMaskedLines, type MaskedLines } from '../masking/masked-lines.ts';
import { errorCode } from './error-code.ts';
import { type ChunkPlace, CUT_LINE, createLogWriter, findLogTail, LOG_START, type LogWriter } from './log-writer.ts';
import { createMaskedTrace, type MaskedLine, type MaskedTrace } from './masked-trace.ts';

export interface MaskedLogCollectorDeps {
  readonly traces: JobTraces;
  readonly store: LogStore;
  readonly clock: Clock;
  readonly log: EventLog;
  /** Values that this process holds; they never appear in a line. When they change, masking starts afresh. */
  readonly knownSecrets: () => readonly string[];
  /** Stands in for the masker, so that a test can make it fail. */
  readonly mask?: (known: readonly string[]) => MaskedLines;
}

/** Of one job so many reads of about half a megabyte each are made in one go. */
const READS_PER_JOB = 8;
/** A shorter answer for a job that runs is the end for now, and the next poll comes soon. */
const WHOLE_READ_BYTES = 400_000;
/**
 * All jobs together are read so often: the requests that build and destroy share GitLab's limits with them, and must
 * not have to wait for a log.
 */
const READS_PER_SECOND = 3;
const READS_AT_ONCE = 9;
/** No more of a trace is read. A runner writes at most 4 MB unless configured otherwise. */
export const MOST_TRACE_BYTES = 8_000_000;
/** Masked at a time, so that half a megabyte of empty lines does not become half a million objects. */
const SLICE_BYTES = 32_000;
/** So many jobs are remembered; of one that was forgotten the end is looked for from its start. */
const KEPT_JOBS = 128;
/** Demos that wait for their turn: the one that runs, and one that has just ended. */
const KEPT_DEPLOYMENTS = 4;

const WITHHELD_LINE = '[withheld: this part of the log could not be masked]';

interface Session {
  readonly trace: MaskedTrace;
  readonly writer: LogWriter;
  readonly known: readonly string[];
}

interface Book {
  /** A place in the log to look for its end from. */
  place: ChunkPlace;
  /** What is held in memory between two polls; null when it has to be made anew from what is stored. */
  session: Session | null;
  isComplete: boolean;
}

const defaultMask = (known: readonly string[]): MaskedLines => createMaskedLines({ known, accountIds: true });

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((value, index) => value === others[index]);

/** A token bucket for this process; true takes one. */
const createAllowance = (clock: Clock): (() => boolean) => {
  let allowance = READS_AT_ONCE;
  let countedAt = clock.monotonicMs();
  return () => {
    const now = clock.monotonicMs();
    allowance = Math.min(READS_AT_ONCE, allowance + ((now - countedAt) / 1_000) * READS_PER_SECOND);
    countedAt = now;
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  };
};

/** Adds the lines that `produce` gives. An error while masking withholds the log from there on: it fails closed. */
const addMasked = async (writer: LogWriter, produce: (onLine: (line: MaskedLine) => void) => void): Promise<void> => {
  const lines: MaskedLine[] = [];
  let isWithheld = false;
  try {
    produce((line) => lines.push(line));
  } catch {
    // The error's text may carry what could not be masked, so it goes nowhere.
    isWithheld = true;
  }
  for (const line of lines) await writer.add(line);
  if (isWithheld) await writer.close(WITHHELD_LINE);
};

const finish = async ({ trace, writer }: Session, lastLine: string | null): Promise<void> => {
  await addMasked(writer, (onLine) => trace.end(onLine));
  await writer.close(lastLine);
};

const take = async (session: Session, bytes: Uint8Array): Promise<void> => {
  const { trace, writer } = session;
  const wanted = bytes.subarray(0, MOST_TRACE_BYTES - trace.byteOffset());
  for (let start = 0; start < wanted.length && writer.state() === 'open'; start += SLICE_BYTES) {
    await addMasked(writer, (onLine) => trace.write(wanted.subarray(start, start + SLICE_BYTES), onLine));
  }
  if (trace.byteOffset() >= MOST_TRACE_BYTES) await finish(session, CUT_LINE);
  await writer.save();
};

/**
 * Makes the collector of this process. Any number of them may work on the same jobs: each goes on where the store
 * says that the log ends, and of two that do so at once one loses without harm. Between two polls the masker is kept
 * as long as nobody else wrote; otherwise a fresh one starts at the place that is stored with the lines, which gives
 * the same lines (see `createMaskedTrace`). Only masked lines are ever stored.
 *
 * Bounded in reads, in bytes of a trace, and by the store in what a job and a run may keep. A job that is complete is
 * never read again.
 */
export const createMaskedLogCollector = (deps: MaskedLogCollectorDeps): LogCollector => {
  const mask = deps.mask ?? defaultMask;
  const mayRead = createAllowance(deps.clock);
  const books = new Map<string, Book>();
  const waiting = new Map<string, readonly StartedJob[]>();
  let running: Promise<void> | null = null;
  let isStopped = false;

  const bookOf = ({ deploymentId, jobId }: LogOf): Book => {
    const key = `${deploymentId}#${jobId}`;
    const book = books.get(key) ?? { place: LOG_START, session: null, isComplete: false };
    putLatest(books, key, book, KEPT_JOBS);
    return book;
  };

  /** The session that stands at the end of the log, or null when the log is complete. */
  const sessionAtEnd = async (log: LogOf, book: Book): Promise<Session | null> => {
    const known = deps.knownSecrets();
    const tail = await findLogTail(deps, log, book.place);
    book.place = tail.place;
    if (tail.stored?.state === 'last') return null;
    const held = book.session;
    if (held?.writer.isAt(tail) && isSame(held.known, known)) return held;
    const from = tail.stored?.resume ?? tail.place.resume;
    return { trace: createMaskedTrace(from, mask(known)), writer: createLogWriter(deps, log, tail), known };
  };

  const readOn = async (session: Session, job: StartedJob): Promise<void> => {
    for (let reads = 0; reads < READS_PER_JOB && session.writer.state() === 'open'; reads += 1) {
      if (isStopped || !mayRead()) return;
      const bytes = await deps.traces.read(job.id, session.trace.byteOffset());
      if (bytes.length === 0) {
        if (job.isOver) await finish(session, null);
        return;
      }
      await take(session, bytes);
      if (!job.isOver && bytes.length < WHOLE_READ_BYTES) return;
    }
  };

  const collectJob = async (log: LogOf, job: StartedJob): Promise<void> => {
    const book = bookOf(log);
    if (book.isComplete) return;
    const session = await sessionAtEnd(log, book);
    // Whatever fails from here on, it is not known what was written, so the next poll starts from what is stored.
    book.session = null;
    if (session !== null) await readOn(session, job);
    const state = session === null ? 'closed' : session.writer.state();
    book.isComplete = state === 'closed';
    if (state === 'open') book.session = session;
  };

  const collectAll = async (deploymentId: string, jobs: readonly StartedJob[]): Promise<void> => {
    // What runs is what visitors look at; a long log of a job that is over must not keep it waiting.
    for (const job of jobs.toSorted((a, b) => Number(a.isOver) - Number(b.isOver))) {
      try {
        await collectJob({ deploymentId, jobId: job.id }, job);
      } catch (error) {
        deps.log.event('warn', 'logs.not_collected', { deploymentId, jobId: job.id, code: errorCode(error) });
        // What one job could not reach, the others cannot either.
        if (isDemoError(error)) return;
      }
    }
  };

  const work = async (): Promise<void> => {
    // The loop also meets what is added while it runs.
    for (const [deploymentId, jobs] of waiting) {
      waiting.delete(deploymentId);
      await collectAll(deploymentId, jobs);
    }
    running = null;
  };

  const idle = async (): Promise<void> => {
    while (running !== null) await running;
  };

  return {
    collect: (deploymentId, jobs) => {
      if (isStopped) return;
      putLatest(waiting, deploymentId, jobs, KEPT_DEPLOYMENTS);
      running ??= work();
    },
    idle,
    stop: () => {
      isStopped = true;
      return idle();
    },
  };
};
