import type { LogChunk } from '../lifecycle/ports.ts';
import { LOG_CHUNK_BYTES } from './store-bounds.ts';

/** What a line takes up in a chunk: its UTF-8 bytes and the newline behind it. */
export const lineBytes = (line: string): number => Buffer.byteLength(line) + 1;

/** Throws a RangeError for a chunk that no store keeps: one that is too large, or whose lines are not lines. */
export const checkLogChunk = ({ lines }: LogChunk): void => {
  // A newline inside of a line would give every later line another number.
  if (lines.some((line) => line.includes('\n'))) throw new RangeError('A line of a log has no newline in it');
  if (lines.reduce((sum, line) => sum + lineBytes(line), 0) > LOG_CHUNK_BYTES) {
    throw new RangeError('A chunk of a log is larger than may be stored');
  }
};
