import type { GitlabClient, GitlabRequest } from './gitlab-client.ts';

/** Told of each question when it is answered or given up. */
export type OnGitlabCall = (operation: string, outcome: 'ok' | 'refused' | 'failed') => void;

const REFUSED_FROM = 400;

/** The question without its numbers and without what follows them, so that there are only so many: `GET jobs/:id/trace`. */
const operationOf = ({ method, path }: GitlabRequest): string =>
  `${method} ${path.split('/').slice(0, 3).join('/').replaceAll(/\d+/g, ':id')}`;

/** The same client, which tells of every question. */
export const countGitlabCalls = (client: GitlabClient, onCall: OnGitlabCall): GitlabClient => ({
  send: async (request) => {
    const operation = operationOf(request);
    try {
      const answer = await client.send(request);
      onCall(operation, answer.status < REFUSED_FROM ? 'ok' : 'refused');
      return answer;
    } catch (error) {
      onCall(operation, 'failed');
      throw error;
    }
  },
});
