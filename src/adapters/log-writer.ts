import type { Clock, LogChunk, LogOf, LogResume, LogStore } from '../lifecycle/ports.ts';
import { lineBytes } from './log-chunk-bounds.ts';
import { leftOutLines, sampleLine } from './log-sampling.ts';
import type { MaskedLine } from './masked-trace.ts';
import { cutToBytes } from './observation-bounds.ts';
import { LOG_CHUNK_BYTES } from './store-bounds.ts';

export interface LogWriterDeps {
  readonly store: LogStore;
  readonly clock: Clock;
}

/** Where a chunk begins. */
export interface ChunkPlace {
  readonly index: number;
  readonly firstLine: number;
  readonly resume: LogResume;
}

/** The end of a log as stored: the chunk at that place, which may not be there yet. */
export interface LogTail {
  readonly place: ChunkPlace;
  readonly stored: (LogChunk & { readonly revision: string }) | null;
}

/** Puts masked lines into chunks. Where another task wrote instead, it is `lost` and writes nothing any more. */
export interface LogWriter {
  state(): 'open' | 'closed' | 'lost';
  /** True when the store holds what this writer wrote last, and nobody wrote since. */
  isAt(tail: LogTail): boolean;
  /** Keeps the line, or leaves it out; writes only when a chunk is full. */
  add(line: MaskedLine): Promise<void>;
  /** Writes what was added since the last write. */
  save(): Promise<void>;
  /** Ends the log, with that line if one is given. */
  close(lastLine: string | null): Promise<void>;
}

export const LOG_START: ChunkPlace = Object.freeze({
  index: 0,
  firstLine: 0,
  resume: Object.freeze({ byteOffset: 0, skipLines: 0, keptBytes: 0, leftOut: 0 }),
});

export const CUT_LINE = '[no more is kept: the logs of this demo are too long]';

/** In every chunk so much stays free, so that the lines that end a log always have room in the one that stands. */
const CLOSING_BYTES = 200;

/** The masker's longest line has some 49,200 bytes, if every character of it has three. */
const LINE_BYTES = 50_000;

/** Finds the end of a log from a place on that is known to be in it. Throws as the store. */
export const findLogTail = async ({ store, clock }: LogWriterDeps, log: LogOf, from: ChunkPlace): Promise<LogTail> => {
  let place = from;
  for (;;) {
    const stored = await store.readChunk(log, place.index, clock.now());
    if (stored?.state !== 'full') return { place, stored };
    const firstLine = stored.firstLine + stored.lines.length;
    place = { index: place.index + 1, firstLine, resume: stored.resume };
  }
};

/** Makes the writer that goes on at the end of a log. Throws as the store; whether it wrote is then not known. */
export const createLogWriter = ({ store, clock }: LogWriterDeps, log: LogOf, tail: LogTail): LogWriter => {
  let { index, firstLine } = tail.place;
  let { resume } = tail.stored ?? tail.place;
  let lines = [...(tail.stored?.lines ?? [])];
  let bytes = lines.reduce((sum, line) => sum + lineBytes(line), 0);
  let revision = tail.stored?.revision ?? null;
  let isBooked = revision !== null;
  let isChanged = false;
  let state: 'open' | 'closed' | 'lost' = 'open';

  const write = async (as: LogChunk['state']): Promise<void> => {
    revision = await store.writeChunk(
      log,
      index,
      { state: as, firstLine, lines: [...lines], resume },
      revision,
      clock.now(),
    );
    isChanged = false;
    if (revision === null) state = 'lost';
    else if (as === 'last') state = 'closed';
  };

  const push = (kept: readonly string[]): void => {
    for (const line of kept) {
      lines.push(line);
      bytes += lineBytes(line);
      isChanged = true;
    }
  };

  const closeWith = async (closing: readonly string[]): Promise<void> => {
    push(closing);
    await write('last');
  };

  const goToNext = (): void => {
    firstLine += lines.length;
    index += 1;
    lines = [];
    bytes = 0;
    revision = null;
  };

  /** Sees to it that there is room, in this chunk or the next. Booked first: a full chunk could not take a last line. */
  const makeRoom = async (wanted: number): Promise<void> => {
    const hasRoom = bytes + wanted <= LOG_CHUNK_BYTES - CLOSING_BYTES;
    if (hasRoom && isBooked) return;
    isBooked = await store.bookChunk(log, hasRoom ? index : index + 1, clock.now());
    if (!isBooked) await closeWith([CUT_LINE]);
    else if (!hasRoom) await write('full');
    if (state === 'open' && !hasRoom) goToNext();
  };

  return {
    state: () => state,
    isAt: ({ place, stored }) => place.index === index && (stored?.revision ?? null) === revision,
    add: async ({ text, position }) => {
      if (state !== 'open') return;
      const { lines: kept, sampling } = sampleLine(resume, cutToBytes(text, LINE_BYTES));
      if (kept.length > 0) await makeRoom(kept.reduce((sum, line) => sum + lineBytes(line), 0));
      if (state !== 'open') return;
      push(kept);
      resume = { ...position, ...sampling };
    },
    save: async () => {
      if (state === 'open' && isChanged) await write('open');
    },
    close: async (lastLine) => {
      if (state === 'open') await closeWith([...leftOutLines(resume), ...(lastLine === null ? [] : [lastLine])]);
    },
  };
};
