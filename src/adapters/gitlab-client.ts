import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import { createExchange, GITLAB_TIMEOUTS, type GitlabAnswer, type GitlabTimeouts } from './gitlab-exchange.ts';
import { GitlabFailure, pipelinesUnavailable } from './gitlab-failure.ts';
import { createGitlabLimiter } from './gitlab-limiter.ts';
import { isTransient, retryAfterMs, retryDelayMs } from './gitlab-retry.ts';
import { createTokenOrder, type TokenSource } from './gitlab-tokens.ts';

/** JSON of a hundred pipelines or jobs is a few hundred kilobytes. */
const MAX_JSON_BYTES = 2_000_000;
/** A read waits so long for its turn. */
const MAX_TURN_WAIT_MS = 10_000;
/** After GitLab took none of our tokens, nothing is asked for so long: failed logins in a row get an address banned. */
const UNAUTHORIZED_PAUSE_MS = 10_000;
/** While that lasts, the alarm is repeated so often: it must not get lost, nor fill the log. */
const ALARM_EVERY_MS = 300_000;
const USABLE_TOKEN = /^[\x21-\x7e]{1,500}$/;

export interface GitlabRequest {
  readonly method: 'GET' | 'POST';
  /** Below the project, every part encoded, for example `pipelines/12/jobs`. */
  readonly path: string;
  /** What the path is below, if not the project: `api` for what belongs to no project, such as the token itself. */
  readonly below?: 'project' | 'api';
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Default 2 MB; what is longer is cut off and marked. */
  readonly maxBytes?: number;
  /** Whether sending it twice does no harm. Then it is sent up to three times, until an answer says something. */
  readonly isRepeatable: boolean;
  /** Not sent at all when that much time has passed since the call; default 10 s. */
  readonly sendWithinMs?: number;
}

/** GitLab's REST API, for one project and one token. */
export interface GitlabClient {
  /**
   * The answer, whatever it says, except 401, 408 and 5xx: for these, and when no answer came, it throws `DemoError`
   * PIPELINES_UNAVAILABLE with a `GitlabFailure` as the cause.
   */
  send(request: GitlabRequest): Promise<GitlabAnswer>;
}

export interface GitlabClientOptions {
  /** Where GitLab is, for example `https://gitlab.com`; may have a path. */
  readonly baseUrl: string;
  /** The project's number or its full path. */
  readonly project: string;
  readonly token: TokenSource;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: EventLog;
  readonly timeouts?: GitlabTimeouts;
  /** Default 10 s. */
  readonly unauthorizedPauseMs?: number;
  /** Stand in for the timer and the dice, so that a test neither waits nor guesses. */
  readonly wait?: (delayMs: number) => Promise<void>;
  readonly random?: () => number;
}

type Roots = Readonly<Record<NonNullable<GitlabRequest['below']>, string>>;

const rootsOf = (baseUrl: string, project: string): Roots => {
  const base = new URL(baseUrl);
  const api = `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/v4`;
  return { api, project: `${api}/projects/${encodeURIComponent(project)}` };
};

const urlOf = (roots: Roots, request: GitlabRequest): URL => {
  const url = new URL(`${roots[request.below ?? 'project']}/${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, String(value));
  return url;
};

/**
 * Makes the client. All requests share one limiter and one order of tokens: on a 401 the secret is fetched again
 * once, then the previous version is tried once, then `gitlab.unauthorized` is logged, at most once in five minutes,
 * and nothing is asked for a while. A token appears in no error and in no event.
 */
export const createGitlabClient = (options: GitlabClientOptions): GitlabClient => {
  const { clock, log } = options;
  const wait = options.wait ?? ((delayMs: number) => delay(delayMs));
  const random = options.random ?? Math.random;
  const roots = rootsOf(options.baseUrl, options.project);
  const exchange = createExchange(options.dispatcher, options.timeouts ?? GITLAB_TIMEOUTS);
  const limiter = createGitlabLimiter({ clock, wait });
  const tokens = createTokenOrder(options.token, clock);
  let unauthorizedUntilMs = Number.NEGATIVE_INFINITY;
  let alarmedMs = Number.NEGATIVE_INFINITY;

  const sendWith = async (request: GitlabRequest, token: string, untilMs: number): Promise<GitlabAnswer> => {
    if (!USABLE_TOKEN.test(token)) throw new GitlabFailure('not_sent', 'the token is not usable');
    const leave = await limiter.enter(untilMs - clock.monotonicMs());
    try {
      const body = request.body === undefined ? null : JSON.stringify(request.body);
      const { method, maxBytes = MAX_JSON_BYTES } = request;
      const answer = await exchange({ method, url: urlOf(roots, request), token, body, maxBytes });
      if (!answer.isForeign) limiter.learn(answer.headers);
      const pauseMs = !answer.isForeign && isTransient(answer) ? retryAfterMs(answer, clock.now()) : null;
      if (pauseMs !== null) limiter.pause(pauseMs);
      return answer;
    } finally {
      leave();
    }
  };

  const nextToken = async (candidates: AsyncGenerator<string, void, undefined>): Promise<string | null> => {
    try {
      const next = await candidates.next();
      return next.done === true ? null : next.value;
    } catch (error) {
      // The source's own error may quote the secret; its code does not.
      throw new GitlabFailure('not_sent', `there is no token: ${errorCode(error)}`);
    }
  };

  const authorized = async (request: GitlabRequest, untilMs: number): Promise<GitlabAnswer> => {
    const refusal = new GitlabFailure('unauthorized', `${request.method} ${request.path}: 401`);
    if (clock.monotonicMs() < unauthorizedUntilMs) throw refusal;
    const candidates = tokens.candidates();
    for (let token = await nextToken(candidates); token !== null; token = await nextToken(candidates)) {
      const answer = await sendWith(request, token, untilMs);
      if (answer.status !== 401 || answer.isForeign) {
        tokens.accepted(token);
        return answer;
      }
    }
    const nowMs = clock.monotonicMs();
    unauthorizedUntilMs = nowMs + (options.unauthorizedPauseMs ?? UNAUTHORIZED_PAUSE_MS);
    if (nowMs - alarmedMs >= ALARM_EVERY_MS) {
      alarmedMs = nowMs;
      log.event('error', 'gitlab.unauthorized', { method: request.method, path: request.path });
    }
    throw refusal;
  };

  const tryOnce = async (request: GitlabRequest, untilMs: number): Promise<GitlabAnswer | GitlabFailure> => {
    try {
      return await authorized(request, untilMs);
    } catch (error) {
      if (error instanceof GitlabFailure) return error;
      throw error;
    }
  };

  const settled = (request: GitlabRequest, outcome: GitlabAnswer | GitlabFailure): GitlabAnswer => {
    if (outcome instanceof GitlabFailure) throw pipelinesUnavailable(outcome);
    if (outcome.status !== 408 && outcome.status < 500) return outcome;
    throw pipelinesUnavailable(new GitlabFailure('no_answer', `${request.method} ${request.path}: ${outcome.status}`));
  };

  return {
    async send(request) {
      const startedMs = clock.monotonicMs();
      let turnWaitMs = request.sendWithinMs ?? MAX_TURN_WAIT_MS;
      for (let tries = 1; ; tries += 1) {
        const outcome = await tryOnce(request, clock.monotonicMs() + turnWaitMs);
        const tried = { tries, elapsedMs: clock.monotonicMs() - startedMs, outcome };
        const delayMs = request.isRepeatable ? retryDelayMs(tried, clock.now(), random) : null;
        if (delayMs === null) return settled(request, outcome);
        await wait(delayMs);
        turnWaitMs = MAX_TURN_WAIT_MS;
      }
    },
  };
};
