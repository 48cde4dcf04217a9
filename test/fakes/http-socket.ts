import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { oncePerReading } from '../../src/lifecycle/once-per-reading.ts';
import type { Views } from '../../src/lifecycle/requests.ts';
import { createLogger } from '../../src/logger.ts';
import { buildTestApp, type TestAppOptions } from './http-app.ts';

export const CURRENT = '/v1/deployments/current';

/** What is asked; without anything, the view that everybody asks for. */
export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Closes the connection before the answer. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The application on a socket, since the short way is beneath the framework. Views are made once, as they are in service. */
export const serveOnSocket = async (t: Test, isShort: boolean, options: TestAppOptions = {}) => {
  let reading = {};
  let made = 0;
  const viewsOf = (views: Views): Views => {
    const shared = oncePerReading(
      () => reading,
      (target) => {
        made += 1;
        return views.view(target);
      },
    );
    return { ...views, view: shared.view, glance: isShort ? shared.glance : () => null };
  };
  const logger = createLogger({ level: 'info', known: () => [] }, { write: () => undefined });
  const built = await buildTestApp(t, { ...options, viewsOf, app: { logger, ...options.app } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  await built.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = built.app.server.address() as AddressInfo;

  const ask = async ({ method = 'GET', path = CURRENT, headers = {}, body, signal }: Asked = {}): Promise<Answer> => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const asked = request({
      ...(signal && { signal }),
      agent,
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, ...length },
    });
    asked.end(body);
    const [response] = await once(asked, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, body: text };
  };
  return {
    ...built,
    port,
    ask,
    /** Resolves when so many reads are held. */
    untilHeld: async (count: number): Promise<void> => {
      while (built.heldReads.waiting() !== count) await new Promise(setImmediate);
    },
    made: () => made,
    /** A second has passed: the record is read anew. */
    readAnew: () => {
      reading = {};
    },
  };
};
