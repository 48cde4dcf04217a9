import type { ScriptLine } from './script.ts';

export interface EncodeOptions {
  /** The first line to encode. */
  readonly from: number;
  /** The wall-clock instant of a line, from its simulated milliseconds after the start of the job. */
  readonly wallAt: (atMs: number) => number;
  /** True for the format without timestamps. */
  readonly classic: boolean;
}

/** Such as `2026-11-20T09:01:35.140026Z`: always 27 characters. */
function timestamp(wallMs: number): string {
  const microseconds = Math.floor(wallMs * 1_000);
  const text = new Date(Math.floor(microseconds / 1_000)).toISOString();
  return `${text.slice(0, -1)}${String(microseconds % 1_000).padStart(3, '0')}Z`;
}

/**
 * The bytes GitLab's API gives for lines of a log: each with a prefix of 32 bytes (time, stream, and `+` where a line
 * goes on) as runners write it since 18.7, or as plain text. A continuation stands right after the line it continues.
 */
export function encodeLines(lines: readonly ScriptLine[], { from, wallAt, classic }: EncodeOptions): Buffer {
  const parts = lines.slice(from).map((line, position) => {
    const wallMs = wallAt(line.atMs);
    const text = line.text.replaceAll('{epoch}', String(Math.floor(wallMs / 1_000)));
    if (!classic) return `${timestamp(wallMs)} ${line.stream}${line.continued ? '+' : ' '}${text}\n`;
    return lines[from + position + 1]?.continued ? text : `${text}\n`;
  });
  return Buffer.from(parts.join(''));
}
