import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Clock } from '../lifecycle/ports.ts';

/** Names and values in turn, as Node writes them without looking each name up. */
export type HeaderList = readonly string[];

const MS_PER_SECOND = 1000;

export interface ReadyHeadDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** For how long a connection is kept that asks for nothing, as every answer says. */
  readonly keepAliveTimeoutMs: number;
}

/** Node keeps the head that it has written here, takes it as sent with the first piece of the body, and looks at nothing else. */
interface Written {
  _header: string;
}

/** The lines of these headers. None of them may be a client's own text: nobody looks for line breaks any more. */
export const linesOf = (headers: HeaderList): string => {
  let lines = '';
  for (let at = 0; at < headers.length; at += 2) lines += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return lines;
};

/** Makes the function that tells the time for the `Date` header, made once a second. */
const createHttpDate = (clock: Pick<Clock, 'now'>): (() => string) => {
  let madeFor = Number.NaN;
  let made = '';
  return () => {
    const second = Math.floor(clock.now() / MS_PER_SECOND);
    if (second === madeFor) return made;
    madeFor = second;
    made = new Date(second * MS_PER_SECOND).toUTCString();
    return made;
  };
};

/**
 * Whether the connection goes on after this answer with nothing said about it, as HTTP/1.1 has it: then the head is the
 * same for all. Any other is left to Node.
 */
export const canTakeReadyHead = (request: IncomingMessage, response: ServerResponse): boolean =>
  request.httpVersion === '1.1' && response.shouldKeepAlive;

/**
 * Makes the function that gives an answer its head as a text, which Node would put together and check anew, name by name
 * and value by value. Only for an answer that `canTakeReadyHead`, and whose lines say how long its body is.
 */
export const createReadyHead = ({ clock, keepAliveTimeoutMs }: ReadyHeadDeps) => {
  const httpDate = createHttpDate(clock);
  const kept = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / MS_PER_SECOND)}\r\n\r\n`;
  return (response: ServerResponse, status: number, lines: string): void => {
    response.statusCode = status;
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}Date: ${httpDate()}\r\n${kept}`;
    (response as unknown as Written)._header = head;
  };
};
