import { TextDecoder } from 'node:util';
import type { Clock, JobLogs, JobTraces } from '../lifecycle/ports.ts';
import { createMaskedLines, type MaskedLines } from '../masking/masked-lines.ts';

export interface MaskedJobLogsDeps {
  readonly traces: JobTraces;
  readonly clock: Clock;
  /** Values that this process holds; they never appear in a line. Read anew for each job's log. */
  readonly knownSecrets: () => readonly string[];
  /** GitLab is asked at most once in this time per job, however many read. */
  readonly pollMs: number;
}

/** Logs of this many jobs are kept; the one that was not read for longest goes first and is read anew if asked for. */
const KEPT_JOBS = 8;
/** A log longer than this is cut with a line that says so. Terraform's longest runs are far below. */
const MOST_LINES = 20_000;
const MOST_CHARACTERS = 4_000_000;
/** So many reads of about half a megabyte each are made in one go. */
const READS_PER_POLL = 8;
/**
 * All logs together read so often, however many jobs are asked for: the requests that build and destroy share GitLab's
 * limits with them, and readers must never take their turn.
 */
const READS_PER_SECOND = 3;
const READS_AT_ONCE = 24;

const CUT_LINE = '[the log is longer than what is kept here]';

interface Book {
  readonly masked: MaskedLines;
  readonly decoder: TextDecoder;
  readonly lines: string[];
  characters: number;
  offset: number;
  /** Monotonic; null before the first read. */
  readAt: number | null;
  isComplete: boolean;
  reading: Promise<void> | null;
}

/**
 * Makes the masked logs of this process. Each job's trace is fetched once by byte range, masked once as one stream
 * from its first byte on, and only the masked lines are kept and served: a reader who could choose where masking
 * starts could cut a secret from what shows that it is one. Masking is the same whoever does it, so every task
 * gives the same line the same number, also after a restart. Bounded in jobs, lines, characters and reads;
 * while the reads are used up, what is held is served.
 *
 * An error while masking withholds the log from there on and says so: it fails closed.
 */
export const createMaskedJobLogs = (deps: MaskedJobLogsDeps): JobLogs => {
  const books = new Map<number, Book>();

  const openBook = (): Book => ({
    masked: createMaskedLines({ known: deps.knownSecrets(), accountIds: true }),
    decoder: new TextDecoder(),
    lines: [],
    characters: 0,
    offset: 0,
    readAt: null,
    isComplete: false,
    reading: null,
  });

  const bookOf = (jobId: number): Book => {
    const book = books.get(jobId) ?? openBook();
    // Re-inserted, so that the map's order is the order of the last reading.
    books.delete(jobId);
    books.set(jobId, book);
    const idle = [...books].find(([, { reading }]) => reading === null)?.[0];
    if (books.size > KEPT_JOBS && idle !== undefined && idle !== jobId) books.delete(idle);
    return book;
  };

  let allowance = READS_AT_ONCE;
  let allowedAt = deps.clock.monotonicMs();
  const mayRead = (): boolean => {
    const now = deps.clock.monotonicMs();
    allowance = Math.min(READS_AT_ONCE, allowance + ((now - allowedAt) / 1_000) * READS_PER_SECOND);
    allowedAt = now;
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  };

  const take = (book: Book, lines: readonly string[]): void => {
    for (const line of lines) {
      if (book.isComplete) return;
      book.lines.push(line);
      book.characters += line.length;
      if (book.lines.length < MOST_LINES && book.characters < MOST_CHARACTERS) continue;
      book.lines.push(CUT_LINE);
      book.isComplete = true;
    }
  };

  const maskInto = (book: Book, produce: () => readonly string[]): void => {
    try {
      take(book, produce());
    } catch {
      // The error's text may carry what could not be masked, so it is not passed on either.
      take(book, ['[withheld: this part of the log could not be masked]']);
      book.isComplete = true;
    }
  };

  const readMore = async (jobId: number, book: Book, isOver: boolean): Promise<void> => {
    for (let reads = 0; reads < READS_PER_POLL && !book.isComplete; reads += 1) {
      if (!mayRead()) return;
      const bytes = await deps.traces.read(jobId, book.offset);
      if (bytes.length === 0) {
        if (!isOver) return;
        maskInto(book, () => [...book.masked.write(book.decoder.decode()), ...book.masked.end()]);
        book.isComplete = true;
        return;
      }
      book.offset += bytes.length;
      maskInto(book, () => book.masked.write(book.decoder.decode(bytes, { stream: true })));
    }
  };

  const refresh = async (jobId: number, book: Book, isOver: boolean): Promise<void> => {
    if (book.isComplete) return;
    if (book.reading !== null) {
      await book.reading;
      return;
    }
    const now = deps.clock.monotonicMs();
    if (book.readAt !== null && now - book.readAt < deps.pollMs) return;
    book.readAt = now;
    book.reading = readMore(jobId, book, isOver).finally(() => {
      book.reading = null;
    });
    await book.reading;
  };

  return {
    lines: async (jobId, fromLine, limit, isOver) => {
      const book = bookOf(jobId);
      try {
        await refresh(jobId, book, isOver);
      } catch (error) {
        // While GitLab cannot be asked, what is held is still worth reading.
        if (book.offset === 0) throw error;
      }
      const lines = book.lines.slice(fromLine, fromLine + limit);
      return { lines, complete: book.isComplete && fromLine + lines.length >= book.lines.length };
    },
  };
};
