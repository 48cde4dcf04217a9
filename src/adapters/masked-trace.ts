import { TextDecoder } from 'node:util';
import type { LogResume } from '../lifecycle/ports.ts';
import type { MaskedLines } from '../masking/masked-lines.ts';

export type TracePosition = Pick<LogResume, 'byteOffset' | 'skipLines'>;

export interface MaskedLine {
  readonly text: string;
  /** Where whoever continues behind this line starts. */
  readonly position: TracePosition;
}

/** A raw trace that is read and masked as one stream. */
export interface MaskedTrace {
  /** How many bytes of the trace have been taken in. */
  byteOffset(): number;
  /** Takes the bytes from `byteOffset` on and gives each line that became final to `onLine`. */
  write(bytes: Uint8Array, onLine: (line: MaskedLine) => void): void;
  /** The trace ends here: gives what was held back. */
  end(onLine: (line: MaskedLine) => void): void;
}

const NEWLINE = 0x0a;

/**
 * Masks a trace from a position on, which an earlier instance gave, or from its start. The position is counted in
 * bytes of the raw trace and lies behind a newline where the masker held nothing back, so a fresh masker returns the
 * same lines from there on. Those of them that the earlier instance had given are dropped: between two such places a
 * trace may be as long as it likes, and still every line is given as soon as it is final.
 *
 * It gives the masker one physical line at a time, because only then the place where it became settled is known to
 * the byte. Throws what the masker throws; nothing may then be taken from it any more.
 */
export const createMaskedTrace = (from: TracePosition, masked: MaskedLines): MaskedTrace => {
  // A byte order mark is kept wherever it stands: dropped at the start of a stream, it would depend on where that is.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let offset = from.byteOffset;
  let newlines = 0;
  let lineStart = from.byteOffset;
  let resumable = 0;
  let position: TracePosition = { byteOffset: from.byteOffset, skipLines: 0 };
  let toDrop = from.skipLines;

  const give = (text: string, onLine: (line: MaskedLine) => void): void => {
    if (toDrop > 0) toDrop -= 1;
    else onLine({ text, position });
  };

  const take = (text: string, onLine: (line: MaskedLine) => void): void => {
    const lines = masked.write(text);
    const settledAt = masked.resumableNewlines();
    // At most one line is closed here: the one that ended where this physical line begins.
    if (settledAt !== resumable && settledAt === newlines) position = { byteOffset: lineStart, skipLines: 0 };
    else position = { ...position, skipLines: position.skipLines + lines.length };
    resumable = settledAt;
    for (const line of lines) give(line, onLine);
  };

  return {
    byteOffset: () => offset,
    write: (bytes, onLine) => {
      for (let start = 0; start < bytes.length; ) {
        const newline = bytes.indexOf(NEWLINE, start);
        const end = newline < 0 ? bytes.length : newline + 1;
        take(decoder.decode(bytes.subarray(start, end), { stream: true }), onLine);
        offset += end - start;
        start = end;
        if (newline < 0) return;
        newlines += 1;
        lineStart = offset;
      }
    },
    end: (onLine) => {
      take(decoder.decode(), onLine);
      for (const line of masked.end()) {
        position = { ...position, skipLines: position.skipLines + 1 };
        give(line, onLine);
      }
    },
  };
};
