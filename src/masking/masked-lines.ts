import { createLineMasker, type MaskOptions } from './line-masker.ts';
import { cutLine, LINE_LIMIT } from './line-renderer.ts';
import { createRenderedStream } from './rendered-stream.ts';

/** Turns trace text into masked lines to show. */
export type MaskedLines = {
  /** Takes the next chunk of text and returns the lines that became final; the last one is never among them. */
  write(chunk: string): string[];
  /** Returns the last line, if there is one. */
  end(): string[];
  /**
   * How many newlines of the input a successor may skip: started behind that many, a fresh instance returns the same
   * lines as this one would. It trails behind by what is held back and by an unfinished private key or the like.
   */
  resumableNewlines(): number;
};

// The renderer keeps more of a long line than is shown, so that a secret across the cut is still seen as a whole.
const RENDERED_LIMIT = LINE_LIMIT + 4_096;

/**
 * Creates the way from a raw GitLab trace to what a visitor may see. The order is the point of it:
 *
 * 1. physical lines are joined over `+` continuations and lose their timestamp prefixes,
 * 2. each line is rendered: overwritten text, section markers and every escape but colours go,
 * 3. the rendered line is masked, with state over lines for private keys and the like,
 * 4. what is longer than 16 KiB is cut, after masking, so that no cut can hide the shape of a secret.
 *
 * The lines are the same for any chunking. Decoding bytes is the caller's business; memory is bounded whatever comes.
 */
export function createMaskedLines(options: MaskOptions = {}): MaskedLines {
  const masker = createLineMasker(options);
  let resumable = 0;
  const masked = (rendered: string): string => {
    const line = masker.append(rendered) + masker.close();
    return line.length > LINE_LIMIT ? cutLine(line, LINE_LIMIT) : line;
  };
  const stream = createRenderedStream(RENDERED_LIMIT, (rendered, closedNewlines) => {
    const line = rendered === null ? null : masked(rendered);
    if (masker.isSettled()) resumable = closedNewlines;
    return line;
  });
  return { ...stream, resumableNewlines: () => resumable };
}
