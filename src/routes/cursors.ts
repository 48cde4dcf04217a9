import type { Instant } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { LedgerPosition } from '../lifecycle/ports.ts';

export interface LogPosition {
  readonly jobId: number;
  readonly line: number;
}

const LOG_POSITION = /^([1-9][0-9]{0,14}):(0|[1-9][0-9]{0,8})$/;
const LEDGER_POSITION = /^([1-9][0-9]{0,14}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** Decoding is lenient (padding, stray bits), so only what encodes back to the very same cursor is one of ours. */
const decode = (cursor: string, pattern: RegExp): readonly [string, string] => {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const match = pattern.exec(text);
  const [, first, second] = match ?? [];
  if (first === undefined || second === undefined || encode(text) !== cursor) {
    throw new DemoError('BAD_CURSOR', { field: 'cursor' });
  }
  return [first, second];
};

export const logCursor = ({ jobId, line }: LogPosition): string => encode(`${jobId}:${line}`);

/**
 * Reads a log cursor and holds it against the job that was asked for, if one was.
 *
 * @throws DemoError BAD_CURSOR when it is not one of ours or belongs to another job
 */
export const readLogCursor = (cursor: string, job: number | null): LogPosition => {
  const [jobId, line] = decode(cursor, LOG_POSITION).map(Number);
  const position = { jobId: jobId ?? 0, line: line ?? 0 };
  if (job !== null && job !== position.jobId) {
    throw new DemoError('BAD_CURSOR', { field: 'cursor', detail: 'The cursor belongs to another job.' });
  }
  return position;
};

export const ledgerCursor = (position: LedgerPosition): string => encode(`${position.createdAt}:${position.id}`);

/** @throws DemoError BAD_CURSOR */
export const readLedgerCursor = (cursor: string): LedgerPosition => {
  const [createdAt, id] = decode(cursor, LEDGER_POSITION);
  const instant: Instant = Number(createdAt);
  return { createdAt: instant, id };
};
