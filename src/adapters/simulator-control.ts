import type { Dispatcher } from 'undici';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 2_000_000;

export interface SimulatorControlOptions {
  /** Where the simulator listens, for example `http://127.0.0.1:4010`. */
  readonly origin: string;
  readonly dispatcher: Dispatcher;
  /** For a whole request; default 5 s. */
  readonly timeoutMs?: number;
}

export interface ControlRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below `/control/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Status and JSON of an answer; `json` is undefined for an empty body. Rejects when there is no usable answer. */
export type ControlCall = (request: ControlRequest) => Promise<{ readonly status: number; readonly json: unknown }>;

const textOf = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    const chunk: Uint8Array = Buffer.from(piece);
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error('the answer of the simulator is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Makes the caller of the simulator's control API, which stands in for the account and the scheduler in local mode. */
export const createControlCall = (options: SimulatorControlOptions): ControlCall => {
  const { origin, dispatcher, timeoutMs = TIMEOUT_MS } = options;
  return async ({ method, path, query, body }) => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const answer = await dispatcher.request({
      origin,
      path: `/control/${path}${search}`,
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await textOf(answer.body);
    return { status: answer.statusCode, json: text === '' ? undefined : JSON.parse(text) };
  };
};
