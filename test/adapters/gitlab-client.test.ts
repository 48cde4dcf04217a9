import t from 'tap';
import { gitlabFailureOf } from '../../src/adapters/gitlab-failure.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { BAD_GATEWAY_PAGE, UNAUTHORIZED } from './gitlab-answers.ts';
import { API, createGitlabWorld, createTestTokens, failureOf, ORIGIN, showsToken, TOKENS } from './gitlab-world.ts';

const READ = { method: 'GET', path: 'pipelines/7', isRepeatable: true } as const;
const WRITE = { method: 'POST', path: 'pipeline', body: { ref: 'demo-v1' }, isRepeatable: false } as const;
const FINE = { status: 200, body: { id: 7 } };

t.test('Given a path and a query, when it is sent, then project, token and encoding are right', async (t) => {
  const world = createGitlabWorld({ baseUrl: `${ORIGIN}/under/a/path/` });
  t.teardown(world.close);
  world.answer('GET', /^\/under\/a\/path/, FINE);
  const answer = await world.client.send({ ...READ, query: { name: 'a b&c', page: 2 } });
  t.equal(answer.status, 200);
  const [request] = world.seen;
  t.equal(request?.url.pathname, `/under/a/path${API}/pipelines/7`);
  t.equal(request?.url.search, '?name=a+b%26c&page=2');
  t.equal(request?.headers['private-token'], TOKENS.current);
  t.equal(request?.headers['accept-encoding'], 'identity');
});

t.test('Given a path that is below no project, when it is sent, then it is below the API', async (t) => {
  const world = createGitlabWorld({ baseUrl: `${ORIGIN}/under/a/path/` });
  t.teardown(world.close);
  world.answer('GET', '/under/a/path/api/v4/personal_access_tokens/self', FINE);
  const answer = await world.client.send({ ...READ, path: 'personal_access_tokens/self', below: 'api' });
  t.equal(answer.status, 200);
  t.equal(world.seen[0]?.headers['private-token'], TOKENS.current);
});

for (const shape of [
  BAD_GATEWAY_PAGE,
  { status: 500, body: { message: '500 Internal Server Error' } },
  { status: 408, body: 'late' },
  { status: 429, body: { message: { error: 'too many' } } },
]) {
  t.test(`Given a ${shape.status} and then an answer, when reading, then it is asked again after a wait`, async (t) => {
    const world = createGitlabWorld();
    t.teardown(world.close);
    world.answer('GET', `${API}/pipelines/7`, shape);
    world.answer('GET', `${API}/pipelines/7`, FINE);
    t.equal((await world.client.send(READ)).status, 200);
    t.same(world.waits, [shape.status === 429 ? 3_750 : 375]);
  });
}

t.test('Given nothing but 502, when reading, then three tries are made and no more', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', `${API}/pipelines/7`, BAD_GATEWAY_PAGE, { times: 9 });
  const error = await failureOf(world.client.send(READ));
  t.ok(isDemoError(error, 'PIPELINES_UNAVAILABLE'));
  t.equal(gitlabFailureOf(error)?.kind, 'no_answer');
  t.equal(world.seen.length, 3);
  t.same(world.waits, [375, 750], 'each wait is twice as long');
});

t.test('Given a lost connection, when reading, then it is repeated; when creating, then it is not', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const lost = Object.assign(new Error(`socket died with ${TOKENS.current}`), { code: 'ECONNRESET' });
  world.agent
    .get(ORIGIN)
    .intercept({ path: `${API}/pipelines/7` })
    .replyWithError(lost);
  world.answer('GET', `${API}/pipelines/7`, FINE);
  t.equal((await world.client.send(READ)).status, 200);

  world.agent
    .get(ORIGIN)
    .intercept({ path: `${API}/pipeline`, method: 'POST' })
    .replyWithError(lost);
  const error = await failureOf(world.client.send(WRITE));
  t.equal(gitlabFailureOf(error)?.kind, 'no_answer');
  t.match(gitlabFailureOf(error)?.message, /ECONNRESET/, 'the code is kept');
  t.notOk(showsToken(error, error.cause, world.events), 'what the client said is not');
});

t.test('Given an answer that takes too long, when the time is over, then there is none', async (t) => {
  const world = createGitlabWorld({ timeouts: { headersMs: 1_000, bodyMs: 1_000, totalMs: 15 } });
  t.teardown(world.close);
  world.answer('POST', `${API}/pipeline`, { status: 201, body: {} }, { delayMs: 50 });
  const error = await failureOf(world.client.send(WRITE));
  t.equal(gitlabFailureOf(error)?.kind, 'no_answer');
  t.match(gitlabFailureOf(error)?.message, /Timeout|Abort/i);
});

t.test('Given Retry-After, when it is short, then it is waited out; when it is long, then it is not', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const limited = (seconds: string) => ({
    status: 429,
    body: 'Retry later\n',
    headers: { 'content-type': 'text/plain', 'retry-after': seconds },
  });
  world.answer('GET', `${API}/pipelines/7`, limited('3'));
  world.answer('GET', `${API}/pipelines/7`, FINE);
  t.equal((await world.client.send(READ)).status, 200);
  t.same(world.waits, [3_250], 'what was asked for, lengthened by chance');

  world.answer('GET', `${API}/pipelines/7`, limited('37'));
  t.equal((await world.client.send(READ)).status, 429);
  t.equal(world.waits.length, 1);
  const error = await failureOf(world.client.send(READ));
  t.equal(gitlabFailureOf(error)?.kind, 'not_sent', 'the pause holds for the whole token');
  world.pass(37_000);
  world.answer('GET', `${API}/pipelines/7`, FINE);
  t.equal((await world.client.send(READ)).status, 200, 'until it is over');
});

t.test('Given a pause, when creating, then it is not sent late', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', `${API}/pipelines/7`, { status: 503, body: '', headers: { 'retry-after': '6' } }, { times: 3 });
  const pausing = failureOf(world.client.send({ ...READ, isRepeatable: false }));
  await pausing;
  const error = await failureOf(world.client.send({ ...WRITE, sendWithinMs: 5_000 }));
  t.equal(gitlabFailureOf(error)?.kind, 'not_sent');
  t.equal(world.seen.filter(({ method }) => method === 'POST').length, 0);
});

t.test('Given a 401, when there is a newer token, then it is used and nothing is logged', async (t) => {
  const tokens = createTestTokens({ newest: TOKENS.newest });
  const world = createGitlabWorld({ token: tokens.source });
  t.teardown(world.close);
  for (const shape of UNAUTHORIZED.slice(0, 1)) world.answer('GET', `${API}/pipelines/7`, shape);
  world.answer('GET', `${API}/pipelines/7`, FINE);
  t.equal((await world.client.send(READ)).status, 200);
  t.same(tokens.calls, ['current', 'refresh']);
  t.same(
    world.seen.map(({ headers }) => headers['private-token']),
    [TOKENS.current, TOKENS.newest],
  );
  t.same(world.names(), []);
});

t.test(
  'Given a rotation that reached us first, when the previous version works, then it is kept for a minute',
  async (t) => {
    const tokens = createTestTokens({ newest: TOKENS.newest, old: TOKENS.old });
    const world = createGitlabWorld({ token: tokens.source });
    t.teardown(world.close);
    world.answer(
      'GET',
      `${API}/pipelines/7`,
      ({ headers }) =>
        headers['private-token'] === TOKENS.old ? FINE : { status: 401, body: { message: '401 Unauthorized' } },
      { times: Number.POSITIVE_INFINITY },
    );
    const used = () => world.seen.splice(0).map(({ headers }) => headers['private-token']);
    await world.client.send(READ);
    t.same(used(), [TOKENS.current, TOKENS.newest, TOKENS.old], 'each once');
    await world.client.send(READ);
    t.same(used(), [TOKENS.old]);
    world.pass(60_000);
    await world.client.send(READ);
    t.same(used(), [TOKENS.current, TOKENS.newest, TOKENS.old], 'then the current one is asked again');
    t.same(world.names(), []);
  },
);

for (const shape of UNAUTHORIZED) {
  t.test(
    `Given ${JSON.stringify(shape.body)} to every token, then it is told once and nothing is asked for a while`,
    async (t) => {
      const tokens = createTestTokens({ newest: TOKENS.newest, old: TOKENS.old });
      const world = createGitlabWorld({ token: tokens.source });
      t.teardown(world.close);
      world.answer('GET', `${API}/pipelines/7`, shape, { times: 3 });
      const error = await failureOf(world.client.send(READ));
      t.equal(gitlabFailureOf(error)?.kind, 'unauthorized');
      t.equal(world.seen.length, 3);
      t.same(tokens.calls, ['current', 'refresh', 'previous']);
      t.same(
        world.events.map(({ level, name }) => [level, name]),
        [['error', 'gitlab.unauthorized']],
      );
      const again = await failureOf(world.client.send(READ));
      t.equal(gitlabFailureOf(again)?.kind, 'unauthorized');
      t.equal(world.seen.length, 3, 'not asked again');
      t.equal(world.events.length, 1);
      t.notOk(showsToken(error, again, world.events));
      world.pass(10_000);
      world.answer('GET', `${API}/pipelines/7`, FINE);
      t.equal((await world.client.send(READ)).status, 200);
    },
  );
}

t.test(
  'Given a GitLab that goes on refusing, when it is asked on, then the alarm comes every five minutes',
  async (t) => {
    const world = createGitlabWorld({ unauthorizedPauseMs: 0 });
    t.teardown(world.close);
    const refused = { status: 401, body: { message: '401 Unauthorized' } };
    world.answer('GET', `${API}/pipelines/7`, refused, { times: Number.POSITIVE_INFINITY });
    await Promise.all([1, 2, 3, 4].map(() => failureOf(world.client.send(READ))));
    t.same(world.names(), ['gitlab.unauthorized'], 'requests at the same time raise one');
    world.pass(299_999);
    await failureOf(world.client.send(READ));
    t.equal(world.names().length, 1);
    world.pass(1);
    await failureOf(world.client.send(READ));
    t.equal(world.names().length, 2);
  },
);

t.test('Given a token source that fails or gives what no header can carry, then nothing is sent', async (t) => {
  const broken = createTestTokens().source;
  const world = createGitlabWorld({
    token: { ...broken, current: () => Promise.reject(new Error(`no secret ${TOKENS.current}`)) },
  });
  t.teardown(world.close);
  const error = await failureOf(world.client.send(READ));
  t.equal(gitlabFailureOf(error)?.kind, 'not_sent');
  t.notOk(showsToken(error, error.cause, world.events));

  const odd = createGitlabWorld({ token: { ...broken, current: async () => `${TOKENS.current}\nx: y` } });
  t.teardown(odd.close);
  const refused = await failureOf(odd.client.send(READ));
  t.equal(gitlabFailureOf(refused)?.kind, 'not_sent');
  t.notOk(showsToken(refused, refused.cause, odd.events));
});

t.test('Given a fault in the client itself, when sending, then it is not taken for GitLab being away', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const error = await failureOf(world.client.send({ ...WRITE, body: circular }));
  t.equal(error.name, 'TypeError');
});

t.test('Given a redirect to another origin, when following it, then the token stays behind', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const storage = 'https://storage.example.net';
  world.answer('GET', `${API}/jobs/1/artifacts/outputs.json`, {
    status: 302,
    body: '',
    headers: { location: `${storage}/o?signature=made-up` },
  });
  world.answer('GET', '/o?signature=made-up', FINE, { origin: storage });
  const answer = await world.client.send({ ...READ, path: 'jobs/1/artifacts/outputs.json' });
  t.equal(answer.status, 200);
  t.equal(answer.isForeign, true);
  t.equal(world.seen[1]?.url.origin, storage);
  t.equal(world.seen[0]?.headers['private-token'], TOKENS.current);
  t.notOk('private-token' in (world.seen[1]?.headers ?? {}));
  t.notOk(showsToken(world.seen[1]));
});

t.test('Given a redirect within GitLab, when following it, then the token goes along', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', `${API}/pipelines/7`, { status: 301, body: '', headers: { location: '/api/v4/projects/9/x' } });
  world.answer('GET', '/api/v4/projects/9/x', FINE);
  const answer = await world.client.send(READ);
  t.equal(answer.isForeign, false);
  t.equal(world.seen[1]?.headers['private-token'], TOKENS.current);
});

t.test('Given a redirect that leads away and back, when following it, then the token is not sent again', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const away = 'https://away.example.net';
  world.answer('GET', `${API}/pipelines/7`, { status: 307, body: '', headers: { location: `${away}/1` } });
  world.answer('GET', '/1', { status: 308, body: '', headers: { location: `${ORIGIN}/2` } }, { origin: away });
  world.answer('GET', '/2', FINE);
  const answer = await world.client.send(READ);
  t.equal(answer.isForeign, true);
  t.equal(world.seen.length, 3);
  t.notOk(showsToken(world.seen[1], world.seen[2]));
});

t.test('Given redirects without end or to plain http, when reading, then they are not followed', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer(
    'GET',
    `${API}/pipelines/7`,
    { status: 302, body: '', headers: { location: `${ORIGIN}${API}/pipelines/7` } },
    { times: 9 },
  );
  t.equal((await world.client.send(READ)).status, 302);
  t.equal(world.seen.length, 4, 'three redirects after the first request');

  world.answer('GET', `${API}/pipelines/8`, {
    status: 302,
    body: '',
    headers: { location: 'http://gitlab.example.com/' },
  });
  t.equal((await world.client.send({ ...READ, path: 'pipelines/8' })).status, 302);
  t.equal(world.seen.length, 5);
});

t.test('Given a 401 from another origin, when following a redirect, then our tokens are not to blame', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const storage = 'https://storage.example.net';
  world.answer('GET', `${API}/pipelines/7`, { status: 302, body: '', headers: { location: `${storage}/x` } });
  world.answer('GET', '/x', { status: 401, body: 'no' }, { origin: storage });
  t.equal((await world.client.send(READ)).status, 401);
  t.same(world.names(), []);
});

t.test('Given a long answer, when it has just the size or one byte more, then only the latter is cut', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', `${API}/jobs/1/trace`, { status: 200, body: 'x'.repeat(100) }, { times: 2 });
  const whole = await world.client.send({ ...READ, path: 'jobs/1/trace', maxBytes: 100 });
  t.same([whole.bytes.byteLength, whole.isCut], [100, false]);
  const cut = await world.client.send({ ...READ, path: 'jobs/1/trace', maxBytes: 99 });
  t.same([cut.bytes.byteLength, cut.isCut], [99, true]);
});
