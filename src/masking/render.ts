import { createLineRenderer, LINE_LIMIT } from './line-renderer.ts';
import { createRenderedStream } from './rendered-stream.ts';

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
  return createRenderedStream(limitCharacters, (rendered) => rendered);
}
