import { createGitlabClient } from './adapters/gitlab-client.ts';
import { createGitlabDispatcher, GITLAB_TIMEOUTS } from './adapters/gitlab-exchange.ts';
import { createGitlabPing } from './adapters/gitlab-ping.ts';
import { createGitlabPipelines } from './adapters/gitlab-pipelines.ts';
import { createTokenExpiry, tokenExpiryCheck } from './adapters/gitlab-token-expiry.ts';
import { createGitlabTraces } from './adapters/gitlab-traces.ts';
import { tokenSourceOf } from './adapters/secrets.ts';
import type { Neighbours } from './compose-neighbours.ts';
import type { Config } from './config.ts';
import type { Clock, EventLog, JobTraces, Pipelines } from './lifecycle/ports.ts';
import { createTimeoutMs } from './policies.ts';

/** Everything that talks to GitLab, over one connection pool, one limiter and one token. */
export interface Gitlab {
  readonly pipelines: Pipelines;
  readonly traces: JobTraces;
  /** Rejects when GitLab cannot be worked with, or when the token could not build and outlive a demo. */
  ping(): Promise<undefined>;
  /** Rejects while the token would not last; answers with its last day if that is known. */
  checkToken(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Builds the GitLab adapters. */
export const connectGitlab = (
  config: Config,
  { gitlabUrl, secrets, liveOrigins }: Neighbours,
  clock: Clock,
  log: EventLog,
): Gitlab => {
  const dispatcher = createGitlabDispatcher();
  // An answer later than this could come after its absence was taken for proven.
  const totalMs = Math.min(GITLAB_TIMEOUTS.totalMs, createTimeoutMs(config.policy));
  const token = tokenSourceOf(secrets);
  const client = createGitlabClient({
    baseUrl: gitlabUrl,
    project: config.gitlab.project,
    token,
    dispatcher,
    clock,
    log,
    timeouts: { headersMs: totalMs, bodyMs: totalMs, totalMs },
  });
  const tokenExpiry = createTokenExpiry({ client, token, clock, log });
  return {
    pipelines: createGitlabPipelines({ client, ref: config.gitlab.ref, liveOrigins, log }),
    traces: createGitlabTraces({ client, log }),
    ping: createGitlabPing({ client, tokenExpiry, clock, policy: config.policy }),
    checkToken: tokenExpiryCheck(tokenExpiry),
    close: () => dispatcher.close(),
  };
};
