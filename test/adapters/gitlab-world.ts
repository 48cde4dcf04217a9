import { inspect } from 'node:util';
import { MockAgent } from 'undici';
import { createGitlabClient, type GitlabClientOptions } from '../../src/adapters/gitlab-client.ts';
import type { TokenSource } from '../../src/adapters/gitlab-tokens.ts';
import type { Clock, EventLog } from '../../src/lifecycle/ports.ts';
import type { Shape } from './gitlab-answers.ts';

export const ORIGIN = 'https://gitlab.example.com';
export const PROJECT = 'acme/eks';
export const API = '/api/v4/projects/acme%2Feks';
/** Made up, and shaped like none of the real ones. */
export const TOKENS = { current: 'made-up-token-current', newest: 'made-up-token-newest', old: 'made-up-token-old' };

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A clock that moves only when somebody waits. */
export const createTestClock = (startAt = Date.parse('2026-11-20T09:00:00Z')) => {
  let elapsedMs = 0;
  const waits: number[] = [];
  const clock: Clock = { now: () => startAt + elapsedMs, monotonicMs: () => elapsedMs };
  return {
    clock,
    waits,
    pass(delayMs: number) {
      elapsedMs += delayMs;
    },
    async wait(delayMs: number) {
      waits.push(delayMs);
      elapsedMs += delayMs;
    },
  };
};

export const createTestLog = () => {
  const events: { readonly level: string; readonly name: string; readonly fields: unknown }[] = [];
  const log: EventLog = { event: (level, name, fields) => events.push({ level, name, fields }) };
  return { log, events, names: () => events.map(({ name }) => name) };
};

export const createTestTokens = (versions: { newest?: string | null; old?: string | null } = {}) => {
  const calls: string[] = [];
  const source: TokenSource = {
    async current() {
      calls.push('current');
      return TOKENS.current;
    },
    async refresh() {
      calls.push('refresh');
      return versions.newest ?? null;
    },
    async previous() {
      calls.push('previous');
      return versions.old ?? null;
    },
  };
  return { source, calls };
};

const headersOf = (raw: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(typeof raw === 'object' && raw !== null ? raw : {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  );

/** A client whose requests meet a GitLab made of the given answers. Nothing reaches a network, nothing waits. */
export const createGitlabWorld = (options: Partial<GitlabClientOptions> = {}) => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const time = createTestClock();
  const { log, events, names } = createTestLog();
  const seen: SeenRequest[] = [];

  const answer = (
    method: string,
    path: string | RegExp,
    shape: Shape | ((request: SeenRequest) => Shape),
    { times = 1, origin = ORIGIN, delayMs = 0 } = {},
  ): void => {
    const scope = agent
      .get(origin)
      .intercept({ method, path })
      .reply((request) => {
        const { body } = request;
        const one: SeenRequest = {
          method: request.method,
          url: new URL(request.path, origin),
          headers: headersOf(request.headers),
          body: typeof body === 'string' ? JSON.parse(body) : null,
        };
        seen.push(one);
        const given = typeof shape === 'function' ? shape(one) : shape;
        const isText = typeof given.body === 'string';
        return {
          statusCode: given.status,
          data: typeof given.body === 'string' ? given.body : JSON.stringify(given.body),
          responseOptions: { headers: { ...(isText ? {} : { 'content-type': 'application/json' }), ...given.headers } },
        };
      });
    if (delayMs > 0) scope.delay(delayMs);
    if (times === Number.POSITIVE_INFINITY) scope.persist();
    else scope.times(times);
  };

  const client = createGitlabClient({
    baseUrl: ORIGIN,
    project: PROJECT,
    token: createTestTokens().source,
    dispatcher: agent,
    clock: time.clock,
    log,
    wait: time.wait,
    random: () => 0.5,
    ...options,
  });

  return { agent, client, answer, seen, events, names, log, ...time, close: () => agent.close() };
};

/** True when any made-up token can be found anywhere in a value, its hidden properties and its causes. */
export const showsToken = (...values: readonly unknown[]): boolean => {
  const text = values.map((value) => inspect(value, { depth: 20, showHidden: true, maxArrayLength: null })).join('\n');
  return Object.values(TOKENS).some((token) => text.includes(token));
};

/** The error of a promise that must fail. */
export const failureOf = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
};
