import { createGitlabClient } from './adapters/gitlab-client.ts';
import { createGitlabDispatcher, GITLAB_TIMEOUTS } from './adapters/gitlab-exchange.ts';
import { createGitlabPipelines } from './adapters/gitlab-pipelines.ts';
import { createTokenExpiry, tokenExpiryCheck } from './adapters/gitlab-token-expiry.ts';
import { createGitlabTraces } from './adapters/gitlab-traces.ts';
import { tokenSourceOf } from './adapters/secrets.ts';
import type { Config } from './config.ts';
import { worstEndAt } from './lifecycle/budget.ts';
import type { Clock, EventLog, JobTraces, Pipelines } from './lifecycle/ports.ts';
import type { Neighbours } from './local/neighbours.ts';
import { createTimeoutMs } from './policies.ts';

/** Everything that talks to GitLab, over one connection pool, one limiter and one token. */
export interface Gitlab {
  readonly pipelines: Pipelines;
  readonly traces: JobTraces;
  /** Rejects when GitLab does not answer or refuses the token, or when the token could not build and outlive a demo. */
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
    ping: async () => {
      const list = { method: 'GET', path: 'pipelines', query: { per_page: 1 }, isRepeatable: true } as const;
      const { status } = await client.send(list);
      // The client hands on whatever GitLab says about the question, a refusal or a missing project as well.
      if (status < 200 || status > 299) throw new Error(`GitLab answers ${status}.`);
      const { expiresAt, mayBuild } = await tokenExpiry.check();
      if (!mayBuild) throw new Error('The token may read, but not run a pipeline.');
      if (expiresAt !== null && expiresAt < worstEndAt(config.policy, clock.now())) {
        throw new Error('The token would expire before a demo that is started now could be destroyed.');
      }
      return undefined;
    },
    checkToken: tokenExpiryCheck(tokenExpiry),
    close: () => dispatcher.close(),
  };
};
