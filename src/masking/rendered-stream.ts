import { createLineRenderer } from './line-renderer.ts';
import { createLogicalLines } from './logical-lines.ts';

/** Takes trace text in any chunks and gives the lines that became final. */
export type RenderedStream = {
  write(chunk: string): string[];
  end(): string[];
};

/**
 * Creates the way from a trace to lines: continuations joined, each line rendered, and then finished by `finish`, which
 * is also told of lines that show nothing (null) and how many newlines of the input have been used up.
 */
export function createRenderedStream(
  limitCharacters: number,
  finish: (rendered: string | null, closedNewlines: number) => string | null,
): RenderedStream {
  const renderer = createLineRenderer(limitCharacters);
  let ready: string[] = [];
  const lines = createLogicalLines({
    open: () => {},
    join: () => {},
    text: (piece) => renderer.write(piece),
    close: () => {
      const line = finish(renderer.end(), lines.closedNewlines());
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
