import { worstEndAt } from '../lifecycle/budget.ts';
import type { Policy } from '../lifecycle/deployment.ts';
import type { Clock } from '../lifecycle/ports.ts';
import type { GitlabClient } from './gitlab-client.ts';
import { expectJson } from './gitlab-json.ts';
import type { TokenExpiry } from './gitlab-token-expiry.ts';

export interface GitlabPingOptions {
  readonly client: GitlabClient;
  readonly tokenExpiry: TokenExpiry;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a demo that is started now could take at worst, its destroy included. */
  readonly policy: Policy;
}

/**
 * Makes the question whether GitLab can be worked with, which costs it one row. It rejects when GitLab does not answer,
 * refuses the token, knows no such project or answers what cannot be read, or when the token could not build, or not
 * outlive a demo that is started now.
 */
export const createGitlabPing =
  ({ client, tokenExpiry, clock, policy }: GitlabPingOptions): (() => Promise<undefined>) =>
  async () => {
    const list = { method: 'GET', path: 'pipelines', query: { per_page: 1 }, isRepeatable: true } as const;
    const answer = await client.send(list);
    // The client hands on whatever GitLab says about the question, a refusal or a missing project as well.
    if (answer.status < 200 || answer.status > 299) throw new Error(`GitLab answers ${answer.status}.`);
    // A page or half an answer has a good status as well, and nobody could read a pipeline off it.
    expectJson(answer, 'pipelines');
    const { expiresAt, mayBuild } = await tokenExpiry.check();
    if (!mayBuild) throw new Error('The token may read, but not run a pipeline.');
    if (expiresAt !== null && expiresAt < worstEndAt(policy, clock.now())) {
      throw new Error('The token would expire before a demo that is started now could be destroyed.');
    }
    return undefined;
  };
