import { createLineMasker, type MaskOptions } from './line-masker.ts';
import { createLogicalLines } from './logical-lines.ts';

export type { MaskOptions } from './line-masker.ts';
export { MASK } from './spans.ts';

/** Masks a text that arrives in chunks. */
export type Masker = {
  /** Takes the next chunk and returns the masked text that is final: whole lines, and never the last one. */
  write(chunk: string): string;
  /** Returns what was held back. The masker can then be used for another text. */
  end(): string;
};

/**
 * Creates a masker for one text, which may be a raw GitLab trace with timestamp prefixes, colours and section markers.
 * All outputs joined are the same as `maskSecrets` of the whole, whatever the chunks. At most one line and one window of
 * 64 KiB are held back. Time is linear in the input.
 */
export function createMasker(options: MaskOptions = {}): Masker {
  const lineMasker = createLineMasker(options);
  let output = '';
  const lines = createLogicalLines({
    open: (prefix) => {
      output += lineMasker.append(prefix);
    },
    join: (joint) => {
      output += lineMasker.append(joint);
    },
    text: (piece) => {
      output += lineMasker.append(piece);
    },
    close: (terminated) => {
      output += lineMasker.close() + (terminated ? '\n' : '');
    },
    quiet: {
      endOf: lineMasker.quietEnd,
      pass: (quiet) => {
        output += quiet;
      },
    },
  });
  const taken = (): string => {
    const ready = output;
    output = '';
    return ready;
  };
  return {
    write(chunk) {
      lines.write(chunk);
      return taken();
    },
    end() {
      lines.end();
      return taken();
    },
  };
}

/**
 * Replaces every secret in `text` by `[MASKED]`. Lines are neither added nor removed, and masking twice changes nothing
 * more. Never throws.
 */
export function maskSecrets(text: string, options: MaskOptions = {}): string {
  const masker = createMasker(options);
  return masker.write(text) + masker.end();
}
