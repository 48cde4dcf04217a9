import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, problemBody } from './problem.ts';
import { type ProblemCode, problemKind } from './problem-table.ts';

export interface ClientErrorOptions {
  readonly publicUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly newRequestId: () => string;
}

/** Node's codes for what is broken below HTTP's routes; everything else is a malformed request. */
const CODES: Readonly<Record<string, ProblemCode>> = Object.freeze({
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
});

/** The raw answer to bytes that never became a request. */
export const rawProblem = (errorCode: string, options: ClientErrorOptions): string => {
  const code = CODES[errorCode] ?? 'REQUEST_INVALID';
  const { status } = problemKind(code);
  const requestId = options.newRequestId();
  const body = JSON.stringify(problemBody({ code }, options.publicUrl, '/', requestId));
  const headers = {
    ...options.headers,
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'Content-Type': PROBLEM_MEDIA_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
};

/** Makes Fastify's `clientErrorHandler`: answers where the socket still takes an answer, and always closes it. */
export const createClientErrorHandler =
  (options: ClientErrorOptions) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    // A reset connection is nobody's mistake, and nobody is left to be told.
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(rawProblem(error.code ?? '', options));
    socket.destroy();
  };
