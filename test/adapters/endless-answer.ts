import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

interface Handled {
  readonly config: { readonly requestHandler: { handle: (...given: never[]) => Promise<unknown> } };
  destroy(): void;
}

/**
 * A client whose server begins an answer and never ends it, and whose time is over once the head of the answer is
 * there, so that only its body can hang. `timeouts` are the times it was given.
 *
 * @param make makes the client with these options
 * @param begin the type and the first bytes of the answer
 */
export const clientOfEndlessAnswer = async <Client extends Handled>(
  t: Test,
  make: (
    options: typeof LOCAL_ACCESS & {
      readonly endpoint: string;
      readonly requestHandler?: Client['config']['requestHandler'];
    },
  ) => Client,
  begin: { readonly type: string; readonly bytes: string },
): Promise<{ readonly client: Client; readonly timeouts: readonly number[] }> => {
  const overdue = new AbortController();
  const timeouts: number[] = [];
  t.intercept(AbortSignal, 'timeout', {
    value: (delayMs: number) => {
      timeouts.push(delayMs);
      return overdue.signal;
    },
  });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': begin.type }).write(begin.bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { ...LOCAL_ACCESS, endpoint: `http://127.0.0.1:${port}` };
  const inner: Client['config']['requestHandler'] = make(options).config.requestHandler;
  const handle = async (...given: never[]): Promise<unknown> => {
    const answer = await inner.handle(...given);
    overdue.abort();
    return answer;
  };
  const client = make({ ...options, requestHandler: Object.assign(Object.create(inner), { handle }) });
  t.teardown(() => {
    client.destroy();
    server.close();
    server.closeAllConnections();
  });
  return { client, timeouts };
};
