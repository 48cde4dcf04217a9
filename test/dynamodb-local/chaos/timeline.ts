/** More than a run of the usual length ever writes. */
const MAX_LINES = 20_000;
const SHOWN_LINES = 400;

/** What chaos did, in the order in which it did it. */
export interface Timeline {
  note(line: string): void;
  /** How often a line began with this. */
  count(beginning: string): number;
  /** The latest lines, each with its second. */
  tail(): string;
}

/** Makes an empty timeline that begins now. */
export const createTimeline = (): Timeline => {
  const startedAt = Date.now();
  const lines: { readonly atMs: number; readonly line: string }[] = [];
  return {
    note: (line) => {
      lines.push({ atMs: Date.now() - startedAt, line });
      if (lines.length > MAX_LINES) lines.shift();
    },
    count: (beginning) => lines.filter(({ line }) => line.startsWith(beginning)).length,
    tail: () =>
      lines
        .slice(-SHOWN_LINES)
        .map(({ atMs, line }) => `${(atMs / 1_000).toFixed(2).padStart(7)}  ${line}`)
        .join('\n'),
  };
};
