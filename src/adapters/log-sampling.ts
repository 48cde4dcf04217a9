import type { LogResume } from '../lifecycle/ports.ts';
import { lineBytes } from './log-chunk-bounds.ts';

/** Of a job so much is kept in full: several times what Terraform writes about a cluster. */
export const FULL_BYTES = 600_000;

/** Beyond that every so manieth line is kept. */
export const SAMPLE_EVERY = 10;

export type Sampling = Pick<LogResume, 'keptBytes' | 'leftOut'>;

export interface Sampled {
  /** To be stored; none when the line is left out. */
  readonly lines: readonly string[];
  /** After it. */
  readonly sampling: Sampling;
}

const leftOutLine = (count: number): string => `[${count} ${count === 1 ? 'line' : 'lines'} left out]`;

/** What says how many lines were left out since the last one that is stored; nothing when none were. */
export const leftOutLines = ({ leftOut }: Sampling): readonly string[] => (leftOut === 0 ? [] : [leftOutLine(leftOut)]);

/**
 * What is stored of the next masked line. It depends on the lines before it alone and not on when they came, so that
 * whoever continues a log leaves out the same ones.
 */
export const sampleLine = (sampling: Sampling, line: string): Sampled => {
  const { keptBytes, leftOut } = sampling;
  if (keptBytes >= FULL_BYTES && leftOut < SAMPLE_EVERY - 1) {
    return { lines: [], sampling: { keptBytes, leftOut: leftOut + 1 } };
  }
  const lines = [...leftOutLines(sampling), line];
  const bytes = lines.reduce((sum, kept) => sum + lineBytes(kept), 0);
  return { lines, sampling: { keptBytes: keptBytes + bytes, leftOut: 0 } };
};
