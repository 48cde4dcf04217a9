import { type ProblemCode, problemKind } from './problem-table.ts';

export interface HttpErrorData {
  /** Safe to show. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
}

/** A refusal that is HTTP's own business, thrown by hooks and caught by the one error handler. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: ProblemCode;
  readonly data: HttpErrorData;

  constructor(code: ProblemCode, data: HttpErrorData = {}) {
    super(problemKind(code).title);
    this.code = code;
    this.data = data;
  }
}
