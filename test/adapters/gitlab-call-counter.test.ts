import t from 'tap';
import { countGitlabCalls } from '../../src/adapters/gitlab-call-counter.ts';
import type { GitlabClient, GitlabRequest } from '../../src/adapters/gitlab-client.ts';

const answerOf = (status: number) => ({
  status,
  headers: {},
  bytes: new Uint8Array(),
  isCut: false,
  isForeign: false,
});

t.test(
  'Given questions to GitLab, when they are answered or not, then each is told once, without its numbers',
  async (t) => {
    let answer: () => ReturnType<typeof answerOf> = () => answerOf(200);
    const told: string[] = [];
    const asked: GitlabClient = { send: async () => answer() };
    const client = countGitlabCalls(asked, (operation, outcome) => told.push(`${operation} ${outcome}`));
    const ask = (method: 'GET' | 'POST', path: string): Promise<unknown> => {
      const request: GitlabRequest = { method, path, isRepeatable: true };
      return client.send(request);
    };
    t.match(await ask('GET', 'jobs/4711/trace'), { status: 200 });
    answer = () => answerOf(399);
    await ask('GET', 'jobs/1/artifacts/outputs.json');
    answer = () => answerOf(400);
    await ask('POST', 'pipeline');
    answer = () => {
      throw new Error('away');
    };
    await t.rejects(ask('GET', 'pipelines/12/jobs'), /away/);
    t.same(told, [
      'GET jobs/:id/trace ok',
      'GET jobs/:id/artifacts ok',
      'POST pipeline refused',
      'GET pipelines/:id/jobs failed',
    ]);
  },
);
