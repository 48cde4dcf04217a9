import type { Socket } from 'node:net';

/** One answer; its text is ASCII, so that characters are bytes. */
export type Answer = { readonly status: number; readonly head: string; readonly body: string };

const LENGTH = /^content-length: (\d+)/im;

/**
 * Tells of every answer of a connection that is asked one at a time. Its client shares the machine with the server, so it
 * looks at as little as it can. Takes answers that say their length.
 */
export const readAnswers = (socket: Socket, answered: (answer: Answer) => void): void => {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = text.slice(0, end);
    const bodyAt = end + 4;
    const nextAt = bodyAt + Number(LENGTH.exec(head)?.[1] ?? 0);
    if (text.length < nextAt) return;
    const body = text.slice(bodyAt, nextAt);
    text = text.slice(nextAt);
    answered({ status: Number(head.slice(9, 12)), head, body });
  });
};
