import { createLineRenderer, LINE_LIMIT } from './line-renderer.ts';
import { createLogicalLines } from './logical-lines.ts';

/** Renders one logical line whose continuations are joined already; null means that there is nothing to show. */
export function renderLine(joinedLine: string): string | null {
  const renderer = createLineRenderer();
  renderer.write(joinedLine);
  return renderer.end();
}

/** Turns trace text into lines to show. */
export type TraceLines = {
  /** Takes the next chunk and returns the lines that became final; the last one is never among them. */
  write(chunk: string): string[];
  /** Returns the last line, if there is one. */
  end(): string[];
};

/**
 * Creates the stage that turns a GitLab trace into lines to show: continuations joined, timestamp prefixes stripped,
 * each line rendered. The lines are the same for any chunking. They are **not** masked: `createMaskedLines` is for what
 * others may see.
 */
export function createTraceLines(limitCharacters: number = LINE_LIMIT): TraceLines {
  const renderer = createLineRenderer(limitCharacters);
  let ready: string[] = [];
  const lines = createLogicalLines({
    open: () => {},
    join: () => {},
    text: (piece) => renderer.write(piece),
    close: () => {
      const line = renderer.end();
      if (line !== null) ready.push(line);
    },
  });
  const taken = (): string[] => {
    const result = ready;
    ready = [];
    return result;
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
