import t, { type Test } from 'tap';
import { gitlabFailureOf } from '../../src/adapters/gitlab-failure.ts';
import { createGitlabPipelines } from '../../src/adapters/gitlab-pipelines.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { PipelineRequest } from '../../src/lifecycle/ports.ts';
import { DEPLOYMENT, PIPELINE_ID, pipeline, REFUSALS, SHA, UNAUTHORIZED, UNCERTAIN } from './gitlab-answers.ts';
import { API, createGitlabWorld, createTestTokens, failureOf, showsToken, TOKENS } from './gitlab-world.ts';

const APPLY: PipelineRequest = {
  direction: 'apply',
  deploymentId: DEPLOYMENT,
  requestId: 'req-01jd9z6v3k',
  startBefore: Date.parse('2026-11-20T09:10:59.999Z'),
  holdersEnded: false,
};

const SEND_WITHIN_MS = 5_000;

const setUp = (t: Test, options: Parameters<typeof createGitlabWorld>[0] = {}) => {
  const world = createGitlabWorld(options);
  t.teardown(world.close);
  const pipelines = createGitlabPipelines({ client: world.client, ref: 'demo-v1', liveOrigins: [], log: world.log });
  return { ...world, pipelines };
};

t.test('Given an apply, when it is created, then only inputs are sent and the answer is kept', async (t) => {
  const { answer, pipelines, seen } = setUp(t);
  answer('POST', `${API}/pipeline`, { status: 201, body: pipeline() });
  t.same(await pipelines.create(APPLY, SEND_WITHIN_MS), {
    kind: 'created',
    pipelineId: PIPELINE_ID,
    sha: SHA,
    webUrl: `https://gitlab.example.com/acme/eks/-/pipelines/${PIPELINE_ID}`,
  });
  t.same(seen[0]?.body, {
    ref: 'demo-v1',
    inputs: {
      action: 'apply',
      deployment_id: DEPLOYMENT,
      request_id: 'req-01jd9z6v3k',
      start_before: '2026-11-20T09:10:59Z',
    },
  });
  t.equal(seen[0]?.headers['content-type'], 'application/json');
});

t.test('Given a destroy, when it is created, then it may start at any time', async (t) => {
  const { answer, pipelines, seen } = setUp(t);
  answer('POST', `${API}/pipeline`, { status: 201, body: pipeline() });
  await pipelines.create({ ...APPLY, direction: 'destroy', startBefore: null }, SEND_WITHIN_MS);
  t.match(seen[0]?.body, { inputs: { action: 'destroy', start_before: 'none' } });
});

t.test('Given a destroy, when all who held the state have ended, then that is told, and only then', async (t) => {
  const { answer, pipelines, seen } = setUp(t);
  answer('POST', `${API}/pipeline`, { status: 201, body: pipeline() });
  const destroy = { ...APPLY, direction: 'destroy', startBefore: null } as const;
  await pipelines.create({ ...destroy, holdersEnded: true }, SEND_WITHIN_MS);
  t.match(seen[0]?.body, { inputs: { holders_ended: 'true' } });
  answer('POST', `${API}/pipeline`, { status: 201, body: pipeline() });
  await pipelines.create(destroy, SEND_WITHIN_MS);
  t.notMatch(JSON.stringify(seen[1]?.body), 'holders_ended', 'a template without this input takes it, too');
});

for (const web_url of [
  undefined,
  null,
  7,
  'javascript:alert(1)',
  'https://user@gitlab.example.com/x',
  `https://x/${'y'.repeat(500)}`,
]) {
  t.test(
    `Given a page address that nobody should follow (${String(web_url).slice(0, 40)}), then only it is dropped`,
    async (t) => {
      const { answer, pipelines } = setUp(t);
      answer('POST', `${API}/pipeline`, { status: 201, body: pipeline({ web_url }) });
      t.same(await pipelines.create(APPLY, SEND_WITHIN_MS), {
        kind: 'created',
        pipelineId: PIPELINE_ID,
        sha: SHA,
        webUrl: '',
      });
    },
  );
}

for (const [shape, reason, retryable] of REFUSALS) {
  t.test(
    `Given ${shape.status} ${JSON.stringify(shape.body).slice(0, 90)}, then it is refused as ${reason}`,
    async (t) => {
      const { answer, pipelines, seen, names } = setUp(t);
      answer('POST', `${API}/pipeline`, shape, { times: 5 });
      t.same(await pipelines.create(APPLY, SEND_WITHIN_MS), { kind: 'refused', reason, retryable });
      t.equal(seen.length, 1, 'sent once');
      const isUnknownText = ['rejected', 'forbidden', 'insufficient_scope', 'project_not_found'].includes(reason);
      t.same(names(), isUnknownText ? ['gitlab.create_rejected'] : [], 'only what we cannot name is logged');
    },
  );
}

for (const shape of UNCERTAIN) {
  t.test(
    `Given ${shape.status} ${JSON.stringify(shape.body).slice(0, 60)}, then nobody knows whether it was made`,
    async (t) => {
      const { answer, pipelines, seen, events } = setUp(t);
      answer('POST', `${API}/pipeline`, shape, { times: 5 });
      const error = await failureOf(pipelines.create(APPLY, SEND_WITHIN_MS));
      t.ok(isDemoError(error, 'PIPELINES_UNAVAILABLE'));
      t.equal(seen.length, 1, 'sent once');
      t.notOk(showsToken(error, error.cause, events));
    },
  );
}

t.test('Given a 401 to every token, then nothing was made and it may be asked again', async (t) => {
  for (const shape of UNAUTHORIZED) {
    const { answer, pipelines, seen, names } = setUp(t, { token: createTestTokens({ newest: TOKENS.newest }).source });
    answer('POST', `${API}/pipeline`, shape, { times: 2 });
    t.same(await pipelines.create(APPLY, SEND_WITHIN_MS), { kind: 'refused', reason: 'unauthorized', retryable: true });
    t.equal(seen.length, 2);
    t.same(names(), ['gitlab.unauthorized']);
  }
});

t.test('Given a token is fetched too slowly, when the send window is over, then it is not sent any more', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const slow = (delayMs: number) => {
    const late = createGitlabWorld({
      clock: world.clock,
      wait: world.wait,
      token: {
        ...createTestTokens().source,
        current: async () => {
          world.pass(delayMs);
          return TOKENS.current;
        },
      },
    });
    t.teardown(late.close);
    late.answer('POST', `${API}/pipeline`, { status: 201, body: pipeline() });
    const pipelines = createGitlabPipelines({ client: late.client, ref: 'demo-v1', liveOrigins: [], log: late.log });
    return { pipelines, seen: late.seen };
  };
  const inTime = slow(SEND_WITHIN_MS);
  t.match(await inTime.pipelines.create(APPLY, SEND_WITHIN_MS), { kind: 'created' });
  const late = slow(SEND_WITHIN_MS + 1);
  t.same(await late.pipelines.create(APPLY, SEND_WITHIN_MS), { kind: 'refused', reason: 'not_sent', retryable: true });
  t.equal(late.seen.length, 0);
});

t.test('Given ids that no pipeline name could carry, then nothing is asked for', async (t) => {
  const { pipelines, seen } = setUp(t);
  for (const changes of [
    { deploymentId: DEPLOYMENT.toUpperCase() },
    { deploymentId: `${DEPLOYMENT}\n` },
    { requestId: '' },
    { requestId: 'a'.repeat(65) },
    { requestId: 'a b' },
  ]) {
    const error = await failureOf(pipelines.create({ ...APPLY, ...changes }, SEND_WITHIN_MS));
    t.equal(error.name, 'RangeError');
  }
  t.equal(gitlabFailureOf(new Error('other')), null);
  t.equal(seen.length, 0);
});
